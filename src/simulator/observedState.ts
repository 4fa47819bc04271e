import { type Bytes, bytesOfKey, bytesOfText, checksum, emptyBytes, everything } from '../base/index.ts';
import type { AppliedGroup, CellRow, CellState, LogPosition } from '../state/index.ts';
import type { ChangeRecord } from './spectators.ts';

/** What all replicas of a run applied: the same entry at the same place, or the logs do not agree. */
export class AppliedLog {
  /** Takes in what changes, where somebody wants to know that. */
  changes: ChangeRecord | undefined;
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

/**
 * Of all that a new cell begins with but its items, of which each replica gives those that its engine may lack. The rows
 * of a set come in an order of their own on each replica, so their marks are added up.
 */
function markOfSplit(cell: string, rows: readonly CellRow[]): number {
  let mark = checksum(bytesOfText(cell));
  for (const { key, value } of rows) {
    if (!key.startsWith('d')) mark = (mark + (checksum(bytesOfKey(key)) ^ checksum(value ?? emptyBytes))) >>> 0;
  }
  return mark;
}

/** All that the entry has changed that was applied last. */
function changesOf({ history }: CellState) {
  const limits = { rowsMax: 1e6, bytesMax: 1e9 };
  return { kind: 'changes', ...everything, since: history.here, ...limits, waits: false, locks: true } as const;
}

/** What the state does to itself, and what is noted of it. */
function deedsOf(
  state: CellState,
  cell: string,
  peer: string,
  log: AppliedLog,
): Pick<CellState, 'apply' | 'skip' | 'split' | 'unite'> {
  return {
    apply: (position, batch): readonly AppliedGroup[] => {
      const groups = state.apply(position, batch);
      // Of a damaged row nothing follows: such a state is given up, and what it answered is seen by nobody.
      if (state.isDamaged) return groups;
      log.note(cell, peer, position, markOf(batch, groups));
      log.changes?.note(cell, position.index, () => state.changes(changesOf(state)));
      return groups;
    },
    skip: (position, now) => {
      log.note(cell, peer, position, -1);
      state.skip(position, now);
    },
    unite: (position, upper) => {
      const united = state.unite(position, upper);
      log.note(cell, peer, position, markOfSplit(cell, united.taken));
      return united;
    },
    split: (position, upper) => {
      const given = state.split(position, upper);
      log.note(cell, peer, position, markOfSplit(upper.cell, given.rows));
      return given;
    },
  };
}

/** A state that tells what it applies, and is otherwise the one that it wraps. */
export function observed(state: CellState, cell: string, peer: string, log: AppliedLog): CellState {
  const deeds = deedsOf(state, cell, peer, log);
  return {
    get applied() {
      return state.applied;
    },
    get timeMs() {
      return state.timeMs;
    },
    get version() {
      return state.version;
    },
    get demand() {
      return state.demand;
    },
    get size() {
      return state.size;
    },
    get transactions() {
      return state.transactions;
    },
    get history() {
      return state.history;
    },
    set history(past) {
      state.history = past;
      // What a merge has decided of transactions is a change as well.
      log.changes?.note(cell, state.applied.index, () => state.changes(changesOf(state)));
    },
    get itself() {
      return state.itself;
    },
    get stage() {
      return state.stage;
    },
    get isCounted() {
      return state.isCounted;
    },
    examine: (upper) => state.examine(upper),
    closing: (group) => state.closing(group),
    get isDamaged() {
      return state.isDamaged;
    },
    get pendingBytes() {
      return state.pendingBytes;
    },
    ...deeds,
    changes: (asked) => state.changes(asked),
    read: (command, nowMs) => state.read(command, nowMs),
    countSome: (keysMax) => state.countSome(keysMax),
    walk: (from, keysMax) => state.walk(from, keysMax),
    nextExpiryMs: () => state.nextExpiryMs(),
    isDecidedUpTo: (timeMs) => state.isDecidedUpTo(timeMs),
    overdue: (nowMs) => state.overdue(nowMs),
    freeze: () => state.freeze(),
    committed: () => state.committed(),
    load: (range) => state.load(range),
  };
}
