import type { PeerId, PeerInfo } from '../overlay/index.ts';
import type { CellConfig, Member } from './cellConfig.ts';
import { betterSpread, type Stand, spreadOut } from './spread.ts';

/** Who should hold a cell: its members, and those who hold a copy without a vote. */
export interface Placement {
  readonly members: readonly Member[];
  readonly learners: readonly Member[];
  /** Peers that do not answer, but may come back: those who leave wait for them. */
  readonly awaited: readonly PeerId[];
}

export interface PlacementAsked {
  readonly config: CellConfig;
  /** All peers, sorted by seat. */
  readonly peers: readonly PeerInfo[];
  /** Peers that have been dead for so long that nobody waits for them: members among them are to be replaced. */
  readonly lost: ReadonlySet<PeerId>;
  /** The leader, which stays where not all can. */
  readonly leader: PeerId;
  readonly replicas: number;
}

/**
 * Members are those who are already, then peers in other zones, on other hosts, of other programs, clockwise from the home seat: in this order. Where
 * all is well otherwise one member gives way for a newcomer with whom the cell is spread over more zones, or as many and more
 * hosts, or as many and more programs; the next one after that, until no newcomer is better. Their number is odd and as large as peers and policy allow.
 * A degree that was lowered makes it smaller; death never does, because the dead may come back; leaving does, but not while somebody who may come back
 * could take the place. Where peers are too few for the next odd number, those without a vote hold a copy.
 */
export function place({ config, peers, lost, leader, replicas }: PlacementAsked): Placement {
  const byId = new Map(peers.map((peer) => [peer.id, peer]));
  const isGoing = ({ id }: Member): boolean => byId.get(id)?.status === 'leaving' || byId.get(id)?.status === 'left';
  const { members } = config;
  const staying = members.filter((member) => !isGoing(member) && !lost.has(member.id));
  staying.sort((a, b) => Number(b.id === leader) - Number(a.id === leader));
  const standing = (member: Member): StandingMember => ({ ...member, ...standOf(byId.get(member.id)) });
  const newcomers = clockwise(config, peers)
    .filter(({ id, status }) => status === 'alive' && !members.some((member) => member.id === id))
    .map(({ id, address }) => standing({ id, address }));
  const fresh = spreadOut(staying.map(standing), newcomers, replicas).map(memberOf);
  const available = staying.length + newcomers.length;
  const absent = peers.filter(({ id, status }) => status === 'suspected' || (status === 'dead' && !lost.has(id)));
  const awaited = absent.filter(({ id }) => !members.some((member) => member.id === id)).map(({ id }) => id);
  const possible = oddUpTo(Math.min(replicas, available));
  const hoped = oddUpTo(Math.min(replicas, available + awaited.length));
  if (available === 0 || (possible < members.length && possible < hoped && members.some(isGoing))) {
    return { members, learners: fresh.slice(0, replicas), awaited };
  }
  if (possible === members.length && members.every(({ id }) => byId.get(id)?.status === 'alive')) {
    const better = betterSpread(staying.map(standing), newcomers)?.map(memberOf);
    const moved = better?.filter(({ id }) => !members.some((member) => member.id === id));
    if (better !== undefined) return { members: better, learners: moved!, awaited: [] };
  }
  const size = members.some(isGoing) ? possible : Math.min(replicas, Math.max(possible, members.length));
  const alive = staying.filter(({ id }) => byId.get(id)?.status === 'alive');
  const others = staying.filter((member) => !alive.includes(member));
  const kept = [...spreadOut([], alive.map(standing), size).map(memberOf), ...others];
  const chosen = [...kept, ...fresh].slice(0, size);
  const dead = members.filter((member) => lost.has(member.id) && !isGoing(member));
  chosen.push(...dead.slice(0, size - chosen.length));
  const added = fresh.filter((peer) => chosen.includes(peer));
  const standby = fresh.filter((peer) => !chosen.includes(peer)).slice(0, Math.max(0, replicas - size));
  return { members: chosen, learners: [...added, ...standby], awaited: [] };
}

interface StandingMember extends Member, Stand {}

function standOf(peer: PeerInfo | undefined): Stand {
  return { zone: peer?.zone ?? '', host: peer?.host ?? '' };
}

function memberOf({ id, address }: StandingMember): Member {
  return { id, address };
}

/** The peers from the home seat on, which is the last one in the cell's range. */
function clockwise(config: CellConfig, peers: readonly PeerInfo[]): readonly PeerInfo[] {
  const { to } = config;
  let home = -1;
  peers.forEach(({ seat }, i) => {
    if (to === undefined || seat < to) home = i;
  });
  return home <= 0 ? peers : [...peers.slice(home), ...peers.slice(0, home)];
}

function oddUpTo(count: number): number {
  return count % 2 === 0 ? count - 1 : count;
}
