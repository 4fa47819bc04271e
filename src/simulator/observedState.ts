import { type Bytes, checksum } from '../base/index.ts';
import type { AppliedGroup, CellState, LogPosition } from '../store/index.ts';

/** What all replicas of a run applied: the same entry at the same place, or the logs do not agree. */
export class AppliedLog {
  readonly #entries = new Map<string, { readonly mark: number; readonly peer: string }>();
  readonly violations: string[] = [];

  note(cell: string, peer: string, { epoch, index }: LogPosition, mark: number): void {
    const place = `${cell}/${index}`;
    const known = this.#entries.get(place);
    if (known === undefined) {
      this.#entries.set(place, { mark, peer });
    } else if (known.mark !== mark) {
      this.violations.push(
        `CELL: ${peer} came to something else than ${known.peer} at index ${index} (epoch ${epoch}) of cell ${cell}`,
      );
    }
  }
}

/** Of what was applied and of what came of it: every replica must come to the same. */
function markOf(batch: Bytes, groups: readonly AppliedGroup[]): number {
  let mark = checksum(batch);
  for (const { results } of groups) {
    for (const { sequence, result } of results) mark = Math.imul(mark ^ sequence, 0x01000193) ^ checksum(result);
  }
  return mark >>> 0;
}

/** A state that tells what it applies, and is otherwise the one that it wraps. */
export function observed(state: CellState, cell: string, peer: string, log: AppliedLog): CellState {
  return {
    get applied() {
      return state.applied;
    },
    get timeMs() {
      return state.timeMs;
    },
    get size() {
      return state.size;
    },
    get isDamaged() {
      return state.isDamaged;
    },
    get pendingBytes() {
      return state.pendingBytes;
    },
    apply: (position, batch): readonly AppliedGroup[] => {
      const groups = state.apply(position, batch);
      // Of a damaged row nothing follows: such a state is given up, and what it answered is seen by nobody.
      if (!state.isDamaged) log.note(cell, peer, position, markOf(batch, groups));
      return groups;
    },
    skip: (position) => {
      log.note(cell, peer, position, -1);
      state.skip(position);
    },
    read: (command, nowMs) => state.read(command, nowMs),
    nextExpiryMs: () => state.nextExpiryMs(),
    freeze: () => state.freeze(),
    committed: () => state.committed(),
    load: () => state.load(),
  };
}
