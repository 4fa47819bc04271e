import { assert, failure, type Result, success } from '../base/index.ts';
import type { PeerId, View } from '../overlay/index.ts';
import { type CellConfig, isMember, type Member, majorityOf, othersOf } from './cellConfig.ts';
import type { Replica } from './replica.ts';

/** What going on without a majority would give up, and the sentence by which somebody takes it upon himself. */
export interface Loss {
  readonly cell: string;
  /** The members that are gone. */
  readonly lost: readonly PeerId[];
  /** Up to which entry of the log the cell would be as it was here. */
  readonly index: number;
  readonly sentence: string;
}

/**
 * Says what it would cost to go on with this replica alone, or why that cannot be: the cell is not without its majority, or there is
 * nothing here to go on with. Where `consent` is that very sentence, the cell does go on so.
 */
export function rescue(
  replica: Replica | undefined,
  self: Member,
  view: View | undefined,
  consent: string | undefined,
): Result<Loss, string> {
  if (replica === undefined || !isMember(replica.config, self.id))
    return failure('this peer is no member of that cell');
  const { config, copy } = replica;
  if (!copy.hasState || copy.isAmnesiac) return failure('what this peer holds of the cell is damaged itself');
  // In one order, whoever is asked: the sentence has to be typed in as it was read.
  const lost = othersOf(config, self.id)
    .filter(({ id }) => isGone(view, id))
    .map(({ id }) => id)
    .sort();
  if (config.members.length - lost.length >= majorityOf(config)) {
    return failure('a majority of its members is not lost: wait until they answer, or until they count as dead');
  }
  const sentence = `I give up all that only ${lost.join(' and ')} had of cell ${config.cell}`;
  const loss = { cell: config.cell, lost, index: replica.report().end, sentence };
  if (consent === sentence) goOnAlone(replica, self);
  return success(loss);
}

/**
 * All that was accepted here counts as chosen, and behind it stands a stop-sign that names this peer alone. It breaks what
 * consensus promises (CELL-9): what the others chose without this peer is gone, and they must never come back.
 */
function goOnAlone(replica: Replica, self: Member): void {
  const { copy } = replica;
  copy.choose(replica.report().end);
  // What stood at the end of the log may have been the stop-sign of a later epoch.
  const { epoch } = replica.config;
  const alone: CellConfig = { ...replica.config, epoch: epoch + 1, members: [self] };
  copy.learn(copy.chosen + 1, [{ kind: 'stopSign', config: alone }]);
  assert(replica.config.epoch > epoch, 'a rescued cell does not begin a new epoch');
}

function isGone(view: View | undefined, id: PeerId): boolean {
  const status = view?.peers.find((peer) => peer.id === id)?.status;
  return status === undefined || status === 'dead' || status === 'left';
}
