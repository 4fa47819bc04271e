import { type PeerId, programOf } from '../overlay/index.ts';
import { type CellConfig, majorityOf } from './cellConfig.ts';

/**
 * How many programs may fail now, whichever these are, before fewer of the members are left to vote than a majority. Below 0: so
 * many votes are missing already.
 */
export function survives(config: Pick<CellConfig, 'members'>, voting: readonly PeerId[]): number {
  const spare = voting.length - majorityOf(config);
  if (spare < 0) return spare;
  const seats = new Map<string, number>();
  for (const id of voting) seats.set(programOf(id), (seats.get(programOf(id)) ?? 0) + 1);
  // The worst is that those fail first which take the most with them.
  const largest = [...seats.values()].sort((a, b) => b - a);
  let left = spare;
  let failures = 0;
  for (const taken of largest) {
    left -= taken;
    if (left < 0) break;
    failures++;
  }
  return failures;
}
