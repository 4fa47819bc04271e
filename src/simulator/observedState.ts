import { checksum } from '../base/index.ts';
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
        `CELL: ${peer} applied another entry than ${known.peer} at index ${index} (epoch ${epoch}) of cell ${cell}`,
      );
    }
  }
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
      log.note(cell, peer, position, checksum(batch));
      return state.apply(position, batch);
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
