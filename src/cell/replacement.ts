import { failure, type Result, success } from '../base/index.ts';
import type { PeerId, PeerInfo } from '../overlay/index.ts';
import { type CellConfig, isMember, type Member } from './cellConfig.ts';
import { compareSpreads, spreadOf } from './spread.ts';

/** Who is meant by a name, or by an id. */
export function isNamed(id: PeerId, peer: string): boolean {
  return id === peer || id.split('#')[0] === peer;
}

/**
 * The members with one replaced by another peer, or why that is not done; `'done'` where it is so already. What the leader would undo, since it
 * spreads members as far as it can, is refused, and so is what would have to wait for a member that is away.
 */
export function replaced(
  config: CellConfig,
  peers: readonly PeerInfo[],
  from: string,
  to: string,
): Result<readonly Member[] | 'done', string> {
  const newcomer = peers.find(({ id, status }) => isNamed(id, to) && status === 'alive');
  const leaver = config.members.find(({ id }) => isNamed(id, from));
  if (newcomer === undefined) return failure(`no peer ${to} is there`);
  if (isMember(config, newcomer.id)) {
    return leaver === undefined ? success('done') : failure(`${to} is a member already`);
  }
  if (leaver === undefined) return failure(`${from} is no member`);
  const others = config.members.filter((member) => member !== leaver);
  const infos = (members: readonly Member[]): PeerInfo[] =>
    peers.filter(({ id }) => members.some((one) => one.id === id));
  const away = others.find(({ id }) => peers.find((peer) => peer.id === id)?.status !== 'alive');
  if (away !== undefined) return failure(`${away.id.split('#')[0]} is away, and that is seen to first`);
  const { id, address } = newcomer;
  if (compareSpreads(spreadOf([...infos(others), newcomer]), spreadOf(infos(config.members))) < 0) {
    return failure(
      'the members would stand in fewer zones, on fewer hosts or in fewer programs, and one would be replaced again',
    );
  }
  return success([...others, { id, address }]);
}
