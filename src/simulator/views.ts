import type { PeerState } from '../peer/index.ts';

/** What one peer that runs knows of all. */
export interface Witness {
  readonly name: string;
  readonly state: PeerState | undefined;
}

/**
 * MEM-2: once nothing fails, every peer that runs counts every other one that runs as there. Returns a sentence for each
 * that does not, yet.
 */
export function disagreements(witnesses: readonly Witness[]): string[] {
  const ids = witnesses.map(({ name, state }) => ({ name, id: state?.view?.self }));
  return witnesses.flatMap(({ name, state }) => {
    const view = state?.view;
    if (view === undefined) return [`MEM-2: ${name} belongs to no system`];
    const statuses = new Map(view.peers.map(({ id, status }) => [id, status]));
    return ids
      .map((other) => ({ other: other.name, status: other.id && statuses.get(other.id) }))
      .filter(({ status }) => status !== 'alive' && status !== 'leaving')
      .map(({ other, status }) => `MEM-2: to ${name}, which runs, ${other}, which runs too, is ${status ?? 'unknown'}`);
  });
}
