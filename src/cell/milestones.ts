import { type Log, milestoneTopic } from '../world/index.ts';

/**
 * The steps at which a peer that ends must leave nothing half done: each is announced where it is reached, in the log of the world.
 * A real peer ends at one with SELFMAN_DIE_AT, a simulated host where a test wants it. Names are never reused for other steps.
 */
export const milestones = [
  'split/1 proposed',
  'split/2 applied',
  'split/3 both parts on their way to the disk',
  'split/4 both parts on the disk',
  'split/5 the upper part begins',
  'merge/1 said',
  'merge/2 sealed',
  'merge/3 to be absorbed',
  'merge/4 one cell on its way to the disk',
  'merge/5 one cell on the disk',
  'members/1 learners wanted',
  'members/2 proposed',
  'members/3 applied',
  'members/4 in the next epoch',
  'members/5 let go',
  'members/6 cleared away',
  'lead/1 left',
  'lead/2 taken over',
  'commit/1 begun',
  'commit/2 a vote is applied',
  'commit/3 decided',
  'commit/4 answered',
  'commit/5 an outcome is applied',
  'commit/6 settled everywhere',
  'snapshot/1 offered',
  'snapshot/2 rows came',
  'snapshot/3 complete',
  'snapshot/4 in place',
  'checkpoint/1 on its way to the disk',
  'checkpoint/2 on the disk',
  'checkpoint/3 the journal is trimmed',
  'backup/1 wished for',
  'backup/2 pinned',
  'backup/3 a page is read',
] as const;

export type Milestone = (typeof milestones)[number];

/** A step is reached: whoever listens may end the peer right here. */
export function reach(log: Log, milestone: Milestone): void {
  log.note('debug', milestoneTopic, () => milestone);
}
