import {
  assert,
  type Bytes,
  bytesEqual,
  intersection,
  type Key,
  keyOfBytes,
  lowestKey,
  parse,
  type Range,
} from '../base/index.ts';
import {
  batch,
  type Command,
  cellOfSession,
  command,
  isRead,
  movedResult,
  type Operation,
  operationGroup,
  type TransactionName,
} from '../command/index.ts';
import type { AppliedGroup, CellRow, CellState, LogPosition, ReadResult, SplitOff } from './cellState.ts';
import { closingOf } from './closing.ts';
import { Demand } from './demand.ts';
import { isHeld } from './held.ts';
import { History } from './history.ts';
import { sessionOpenSkewMsMax } from './limits.ts';
import { obstructionOf } from './obstruction.ts';
import { type Session, Sessions } from './sessions.ts';
import type { RowReader } from './shelves.ts';
import type { Stage } from './stage.ts';
import { answerTo } from './stateAnswer.ts';
import { StateData } from './stateData.ts';
import {
  aheadIn,
  aheadRows,
  aheadSuffix,
  emptyMeta,
  metaRow,
  metaRows,
  stageIn,
  stageRow,
  stageSuffix,
  uncountedSuffix,
} from './stateMeta.ts';
import { metaPrefix, reservationPrefix, sessionPrefix, transactionPrefix } from './stateRanges.ts';
import { endLeases } from './stateReservations.ts';
import { restoreRows } from './stateRows.ts';
import { examineForUnion, type Side, type Union, uniteStates } from './stateUnion.ts';
import type { TransactionFigures } from './transactionFigures.ts';
import { done, doneBytes, early, forgotten, malformed, refusedSession, unknownSession } from './usualResults.ts';

export interface StateOptions {
  readonly storage: RowReader;
  readonly cell: string;
  readonly range: Range;
}

/** The state of a cell, as the engine holds it. */
export function makeState(options: StateOptions): CellState {
  return new State(options);
}

class State implements CellState {
  readonly #storage: RowReader;
  readonly #cell: string;
  #range: Range;
  readonly #data: StateData;
  readonly #sessions = new Sessions();
  readonly demand = new Demand();
  #applied: LogPosition = { epoch: 0, index: 0 };
  /** The engine may have the row that says what is not counted. */
  #hasUncounted = false;
  #stage: Stage | undefined;
  /** The engine may have the row that says so. */
  #hasStage = false;

  constructor({ storage, cell, range }: StateOptions) {
    this.#storage = storage;
    this.#cell = cell;
    this.#range = range;
    this.#data = new StateData(storage, cell, range);
    this.load(range);
  }

  get applied(): LogPosition {
    return this.#applied;
  }

  get timeMs(): number {
    return this.#data.timeMs;
  }

  get version(): number {
    return this.#data.version;
  }

  get size(): { readonly keys: number; readonly bytes: number } {
    return { keys: this.#data.keys, bytes: this.#data.bytes };
  }

  get transactions(): TransactionFigures {
    const { intents, reservations } = this.#data;
    return { ...intents.figures, reserved: reservations.count };
  }

  get itself(): CellState {
    return this;
  }

  get stage(): Stage | undefined {
    return this.#stage;
  }

  get isCounted(): boolean {
    return this.#data.figures().uncountedFrom === undefined;
  }

  get history(): History {
    return this.#data.history;
  }

  set history(past: History) {
    this.#data.history = past;
  }

  get isDamaged(): boolean {
    return this.#data.isDamaged;
  }

  get pendingBytes(): number {
    return this.#data.pendingBytes;
  }

  apply(position: LogPosition, bytes: Bytes): readonly AppliedGroup[] {
    this.#moveTo(position);
    if (this.isDamaged) return [];
    const parsed = parse(batch, bytes);
    assert(parsed.ok, () => `the entry ${position.index} is no batch: ${parsed.ok ? '' : parsed.error}`);
    this.#data.timeMs = Math.max(this.#data.timeMs, parsed.value.timeMs);
    endLeases(this.#data);
    const groups: AppliedGroup[] = [];
    for (const group of parsed.value.groups) groups.push(this.#applyGroup(group));
    this.#data.purge();
    // Answers that rest on a damaged row mean nothing: nobody may see them.
    return this.isDamaged ? [] : groups;
  }

  skip(position: LogPosition, now?: Stage): void {
    this.#moveTo(position);
    this.#stage = now;
  }

  examine(upper: CellState): void {
    for (const { data } of [this.#side(this), this.#side(upper)]) examineForUnion(data);
  }

  unite(position: LogPosition, upper: CellState): Union {
    this.#moveTo(position);
    return uniteStates(this.#cell, position, this.#side(this), this.#side(upper));
  }

  #side({ itself }: CellState): Side {
    assert(itself instanceof State, 'CELL-18: cells of different kinds are merged');
    return { data: itself.#data, sessions: itself.#sessions, range: itself.#range, freeze: () => itself.freeze() };
  }

  closing(bytes: Bytes): AppliedGroup | undefined {
    assert(this.#stage?.kind === 'sealed', 'CELL-19: a cell whose log goes on is taken for sealed');
    return closingOf(this.#sessions, bytes);
  }

  split(position: LogPosition, upper: SplitOff): { clear: Range[]; rows: CellRow[]; past: History } {
    this.#moveTo(position);
    const clear: Range[] = [];
    const rows: CellRow[] = [];
    const past = this.history.partOf({ from: upper.from, to: this.#range.to });
    if (this.isDamaged) return { clear, rows, past };
    const figures = this.#data.splitAt(upper, clear, rows);
    this.#range = { from: this.#range.from, to: upper.from };
    this.#hasUncounted = true;
    this.demand.forget();
    rows.push(...metaRows(upper.cell, position, figures), ...aheadRows(upper.cell, past.ahead));
    return { clear, rows, past };
  }

  read(bytes: Bytes, nowMs: number): ReadResult {
    const parsed = parse(command, bytes);
    if (!parsed.ok || !isRead(parsed.value)) return malformed;
    if (!isHeld(parsed.value, this.#range)) return movedResult;
    const begins = 'at' in parsed.value && parsed.value.at === this.#range.from;
    if (parsed.value.kind === 'border') return begins ? done : 'needs leader';
    // The lowest cell has none below that it could be merged with.
    if (parsed.value.kind === 'merge') return begins && this.#range.from !== lowestKey ? 'needs leader' : done;
    if (parsed.value.kind === 'arrange') return 'needs leader';
    if (parsed.value.kind === 'changes')
      return this.history.isAwaited(parsed.value) ? 'needs change' : this.changes(parsed.value);
    const obstruction = obstructionOf(this.#data, parsed.value);
    if (obstruction !== undefined) return obstruction;
    this.demand.note(parsed.value);
    this.#data.beginRead(nowMs);
    const answer = answerTo(this.#data, this.#sessions, parsed.value);
    if (this.isDamaged) return 'damaged';
    return this.#data.needsTime ? 'needs time' : doneBytes(answer);
  }

  changes(asked: Command & { readonly kind: 'changes' }): Bytes {
    const held = intersection(asked, this.#range);
    if (held === undefined) return movedResult;
    return doneBytes({ kind: 'changes', ...this.history.read({ ...asked, ...held }) });
  }

  countSome(keysMax: number): void {
    this.#data.countSome(keysMax);
  }

  walk(from: Key, keysMax: number): (readonly [Key, number])[] {
    return this.#data.walk({ from, to: this.#range.to }, keysMax);
  }

  nextExpiryMs(): number | undefined {
    return this.#data.nextExpiryMs();
  }

  isDecidedUpTo(timeMs: number): boolean {
    return this.#data.intents.isDecidedUpTo(timeMs);
  }

  overdue(nowMs: number): readonly TransactionName[] {
    return this.#data.intents.overdue(nowMs);
  }

  freeze(): { readonly clear: readonly Range[]; readonly rows: readonly CellRow[] } {
    assert(!this.isDamaged, 'a damaged state is about to become a checkpoint');
    const clear: Range[] = [];
    const rows: CellRow[] = [];
    this.#data.freeze(clear, rows);
    this.#data.intents.freeze(transactionPrefix(this.#cell), rows);
    this.#data.reservations.freeze(reservationPrefix(this.#cell), rows);
    this.#sessions.freeze(sessionPrefix(this.#cell), rows);
    const [meta, uncounted] = metaRows(this.#cell, this.#applied, this.#data.figures());
    rows.push(meta, ...aheadRows(this.#cell, this.history.ahead));
    if (this.#stage !== undefined || this.#hasStage) rows.push(stageRow(this.#cell, this.#stage));
    this.#hasStage = this.#stage !== undefined;
    if (this.#hasUncounted) rows.push(uncounted);
    this.#hasUncounted = uncounted.value !== undefined;
    return { clear, rows };
  }

  committed(): void {
    this.#data.committed();
  }

  load(range: Range): void {
    this.#range = range;
    const row = this.#storage.get(metaPrefix(this.#cell));
    const parsed = row === undefined ? undefined : parse(metaRow, row === 'damaged' ? new Uint8Array(0) : row);
    const meta = parsed?.ok ? parsed.value : emptyMeta;
    this.#applied = { epoch: meta.epoch, index: meta.index };
    const uncounted = this.#storage.get(metaPrefix(this.#cell) + uncountedSuffix);
    this.#hasUncounted = uncounted !== undefined;
    const uncountedFrom = uncounted instanceof Uint8Array ? keyOfBytes(uncounted) : undefined;
    this.#data.load(range, { ...meta, uncountedFrom });
    if (uncounted === 'damaged') this.#data.isDamaged = true;
    if (parsed !== undefined && !parsed.ok) this.#data.isDamaged = true;
    this.#sessions.clear();
    const { intents, reservations } = this.#data;
    intents.clear();
    reservations.clear();
    const areWhole = [
      restoreRows(this.#storage, sessionPrefix(this.#cell), (id, row) => this.#sessions.restore(id, row)),
      restoreRows(this.#storage, transactionPrefix(this.#cell), (id, row) => intents.restore(id, row)),
      restoreRows(this.#storage, reservationPrefix(this.#cell), (key, row) => reservations.restore(key, row)),
    ];
    if (!areWhole.every(Boolean) || !this.#loadCourse(meta.index)) this.#data.isDamaged = true;
  }

  /** What the cell is in the middle of, and how far its places are ahead. False where that cannot be read. */
  #loadCourse(index: number): boolean {
    const rows = [stageSuffix, aheadSuffix].map((suffix) => this.#storage.get(metaPrefix(this.#cell) + suffix));
    const [now, ahead] = [stageIn(rows[0]), aheadIn(rows[1])];
    this.#stage = now === 'damaged' ? undefined : now;
    this.#hasStage = rows[0] !== undefined;
    // What was remembered may be what another cell goes on from.
    this.#data.history = new History();
    this.history.forget(index, ahead === 'damaged' ? 0 : ahead);
    return now !== 'damaged' && ahead !== 'damaged';
  }

  #moveTo(position: LogPosition): void {
    const { epoch, index } = this.#applied;
    assert(
      position.epoch >= epoch && position.index > index,
      () => `entry ${position.index} is applied after ${index}`,
    );
    this.#applied = position;
    this.history.begin(position.index);
  }

  #applyGroup(bytes: Bytes): AppliedGroup {
    const parsed = parse(operationGroup, bytes);
    assert(parsed.ok, () => `a group cannot be read: ${parsed.ok ? '' : parsed.error}`);
    const { session: id, acknowledgedBelow, operations } = parsed.value;
    const isOwn = cellOfSession(id) === this.#cell;
    const results: { sequence: number; result: Bytes }[] = [];
    let session = this.#sessions.get(id);
    if (session !== undefined) {
      this.#sessions.touch(session, this.#data.timeMs);
      this.#sessions.acknowledge(session, acknowledgedBelow);
    }
    for (const operation of operations) {
      results.push({ sequence: operation.sequence, result: this.#applyOperation(id, isOwn, session, operation) });
      session ??= this.#sessions.get(id);
    }
    return { session: id, results };
  }

  /**
   * Executes an operation that is new, and answers as before one that is not. Of a session that came with another cell
   * only what that has executed is known: the rest is done under other names (CELL-19).
   */
  #applyOperation(id: string, isOwn: boolean, known: Session | undefined, operation: Operation): Bytes {
    const { sequence, after } = operation;
    if (known !== undefined) {
      const before = known.results.get(sequence);
      if (before !== undefined) return before;
      if (sequence < known.floor) return forgotten;
    }
    const parsed = parse(command, operation.command);
    const isMoved = !isOwn || (parsed.ok && !isHeld(parsed.value, this.#range));
    if (known !== undefined && !isMoved && after >= known.floor && after > 0) {
      // What it must follow may still come, even behind it in this very batch, or is done by another cell (TX-8).
      const followed = known.results.get(after);
      if (followed === undefined || bytesEqual(followed, movedResult)) return early;
    }
    const opened =
      known ?? (isOwn && parsed.ok && parsed.value.kind === 'openSession' ? this.#open(id, parsed.value) : undefined);
    if (opened === undefined) return parsed.ok && parsed.value.kind === 'openSession' ? refusedSession : unknownSession;
    // Who waits for what is in the way asks again under the same name.
    const obstruction = parsed.ok && !isMoved ? obstructionOf(this.#data, parsed.value) : undefined;
    if (obstruction !== undefined) return obstruction;
    const result = isMoved ? movedResult : parsed.ok ? this.#execute(parsed.value) : malformed;
    this.#sessions.keep(opened, sequence, result);
    return result;
  }

  #execute(asked: Command): Bytes {
    this.demand.note(asked);
    this.#data.beginOperation();
    return doneBytes(answerTo(this.#data, this.#sessions, asked));
  }

  #open(id: string, { openedMs }: Command & { readonly kind: 'openSession' }): Session | undefined {
    const { timeMs } = this.#data;
    return Math.abs(timeMs - openedMs) <= sessionOpenSkewMsMax ? this.#sessions.open(id, timeMs) : undefined;
  }
}
