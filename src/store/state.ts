import {
  assert,
  type Bytes,
  bytesEqual,
  encode,
  intersection,
  type Key,
  keyAfter,
  keyOfBytes,
  lowestKey,
  parse,
  prefixRange,
  type Range,
} from '../base/index.ts';
import { type Answer, movedResult, type OutcomeState, operationResult } from './answer.ts';
import type { TransactionFigures } from './cellReport.ts';
import type { AppliedGroup, CellRow, CellState, LogPosition, SplitOff } from './cellState.ts';
import { type Command, command, isRead, rangeOf } from './command.ts';
import { Demand } from './demand.ts';
import { footprintOf } from './footprint.ts';
import type { History } from './history.ts';
import { sessionOpenSkewMsMax, tablePageBytesMax, tablePageRowsMax } from './limits.ts';
import { batch, type Operation, operationGroup } from './operation.ts';
import { type Session, Sessions } from './sessions.ts';
import type { RowReader } from './shelves.ts';
import { takePart } from './stateCommit.ts';
import { StateData } from './stateData.ts';
import { emptyMeta, metaRow, metaRows, uncountedSuffix } from './stateMeta.ts';
import { metaPrefix, sessionPrefix, transactionPrefix } from './stateRanges.ts';
import { executeTransaction } from './stateTransaction.ts';
import { execute } from './stateWrites.ts';
import { sameRanges, type TransactionName, within } from './transactionName.ts';

const unknownSession = encode(operationResult, { kind: 'unknownSession' });
const forgotten = encode(operationResult, { kind: 'forgotten' });
const barred = encode(operationResult, { kind: 'barred' });
const early = encode(operationResult, { kind: 'early' });
const locked = encode(operationResult, { kind: 'locked' });
const malformed = doneBytes({ kind: 'error', problem: 'malformed', text: 'the command cannot be read' });
const sessionName = /^[!-~]{1,64}$/;

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
    return this.#data.intents.figures;
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
    const groups: AppliedGroup[] = [];
    for (const group of parsed.value.groups) groups.push(this.#applyGroup(group));
    this.#data.purge();
    // Answers that rest on a damaged row mean nothing: nobody may see them.
    return this.isDamaged ? [] : groups;
  }

  skip(position: LogPosition): void {
    this.#moveTo(position);
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
    rows.push(...metaRows(upper.cell, position, figures));
    return { clear, rows, past };
  }

  read(bytes: Bytes, nowMs: number): Bytes | 'needs time' | 'needs split' | 'needs change' | 'damaged' {
    const parsed = parse(command, bytes);
    if (!parsed.ok || !isRead(parsed.value)) return malformed;
    if (!this.#isHeld(parsed.value)) return movedResult;
    if (parsed.value.kind === 'border') return parsed.value.at === this.#range.from ? done : 'needs split';
    if (parsed.value.kind === 'changes')
      return this.history.isAwaited(parsed.value) ? 'needs change' : this.changes(parsed.value);
    if (this.#isLocked(parsed.value)) return locked;
    this.demand.note(parsed.value);
    this.#data.beginRead(nowMs);
    const answer = this.#answer(parsed.value);
    if (this.isDamaged) return 'damaged';
    return this.#data.needsTime ? 'needs time' : doneBytes(answer);
  }

  changes(asked: Command & { readonly kind: 'changes' }): Bytes {
    const held = intersection(asked, this.#range);
    if (held === undefined) return movedResult;
    return doneBytes({ kind: 'changes', ...held, ...this.history.read({ ...asked, ...held }) });
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
    this.#sessions.freeze(sessionPrefix(this.#cell), rows);
    const [meta, uncounted] = metaRows(this.#cell, this.#applied, this.#data.figures());
    rows.push(meta);
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
    this.history.forget(meta.index);
    const uncounted = this.#storage.get(metaPrefix(this.#cell) + uncountedSuffix);
    this.#hasUncounted = uncounted !== undefined;
    const uncountedFrom = uncounted instanceof Uint8Array ? keyOfBytes(uncounted) : undefined;
    this.#data.load(range, { ...meta, uncountedFrom });
    if (uncounted === 'damaged') this.#data.isDamaged = true;
    if (parsed !== undefined && !parsed.ok) this.#data.isDamaged = true;
    this.#sessions.clear();
    this.#loadRows(sessionPrefix(this.#cell), (id, row) => this.#sessions.restore(id, row));
    this.#data.intents.clear();
    this.#loadRows(transactionPrefix(this.#cell), (id, row) => this.#data.intents.restore(id, row));
  }

  #loadRows(prefix: Key, restore: (id: string, row: Bytes) => boolean): void {
    let rest = prefixRange(prefix);
    for (;;) {
      const page = this.#storage.scan(rest, { rowsMax: tablePageRowsMax, bytesMax: tablePageBytesMax });
      const rows = page === 'damaged' ? [] : page.rows;
      const isGood = rows.every((row) => restore(row.key.slice(prefix.length), row.value));
      if (page === 'damaged' || !isGood) this.#data.isDamaged = true;
      const last = rows.at(-1);
      if (page === 'damaged' || !page.more || last === undefined) return;
      rest = { from: keyAfter(last.key), to: rest.to };
    }
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
    const results: { sequence: number; result: Bytes }[] = [];
    let session = this.#sessions.get(id);
    if (session !== undefined) {
      this.#sessions.touch(session, this.#data.timeMs);
      this.#sessions.acknowledge(session, acknowledgedBelow);
    }
    for (const operation of operations) {
      results.push({ sequence: operation.sequence, result: this.#applyOperation(id, session, operation) });
      session ??= this.#sessions.get(id);
    }
    return { session: id, results };
  }

  /** Executes an operation that is new, and answers as before one that is not. */
  #applyOperation(id: string, known: Session | undefined, operation: Operation): Bytes {
    const { sequence, after } = operation;
    if (known !== undefined) {
      const before = known.results.get(sequence);
      if (before !== undefined) return before;
      if (sequence < known.floor) return forgotten;
    }
    const parsed = parse(command, operation.command);
    const isMoved = parsed.ok && !this.#isHeld(parsed.value);
    if (known !== undefined && !isMoved && after >= known.floor && after > 0) {
      // What it must follow may still come, even behind it in this very batch, or is done by another cell (TX-8).
      const followed = known.results.get(after);
      if (followed === undefined || bytesEqual(followed, movedResult)) return early;
    }
    const opened =
      known ?? (parsed.ok && parsed.value.kind === 'openSession' ? this.#open(id, parsed.value) : undefined);
    if (opened === undefined) return parsed.ok && parsed.value.kind === 'openSession' ? refusedSession : unknownSession;
    // Nothing passes a transaction that is undecided (TX-10): who waits for it asks again under the same name.
    if (parsed.ok && !isMoved && this.#isLocked(parsed.value)) return locked;
    const result = isMoved ? movedResult : parsed.ok ? this.#execute(parsed.value) : malformed;
    this.#sessions.keep(opened, sequence, result);
    return result;
  }

  #execute(asked: Command): Bytes {
    this.demand.note(asked);
    this.#data.beginOperation();
    return doneBytes(this.#answer(asked));
  }

  #answer(asked: Command): Answer {
    switch (asked.kind) {
      case 'transaction':
        return executeTransaction(this.#data, asked);
      case 'openSession':
        return { kind: 'ok', version: this.#data.version };
      case 'resolve':
        return this.#resolve(asked.session, asked.sequence);
      case 'countCell':
        this.#data.countSome(Number.POSITIVE_INFINITY);
        return execute(this.#data, { kind: 'count' });
      case 'clearCell':
        return execute(this.#data, { kind: 'clear' });
      case 'prepare':
      case 'inquire':
      case 'settle':
      case 'forget':
        return takePart(this.#data, asked);
      case 'border':
      case 'changes':
        return { kind: 'error', problem: 'malformed', text: 'it is asked for like a read' };
      default:
        return execute(this.#data, asked);
    }
  }

  /** Whether this cell holds all keys of a command (CELL-15). */
  #isHeld(asked: Command): boolean {
    const { from, to } = this.#range;
    if (asked.kind === 'countCell' || asked.kind === 'clearCell') return asked.from === from && asked.to === to;
    // A vote is for all that the cell holds of the participants, or is not cast.
    if (asked.kind === 'prepare') return sameRanges(asked.pieces, within(asked.name.participants, this.#range));
    if (from === lowestKey && to === undefined) return true;
    const needed = rangeOf(asked);
    if (needed === undefined) return true;
    return needed.from >= from && (to === undefined || (needed.to !== undefined && needed.to <= to));
  }

  /** Whether a transaction that is undecided is in the way of a command. */
  #isLocked(asked: Command): boolean {
    const { intents } = this.#data;
    if (intents.isFree || (asked.kind === 'prepare' && !asked.waits)) return false;
    return intents.blocking(footprintOf(asked)) !== undefined;
  }

  #open(id: string, { openedMs }: Command & { readonly kind: 'openSession' }): Session | undefined {
    const { timeMs } = this.#data;
    const isNear = Math.abs(timeMs - openedMs) <= sessionOpenSkewMsMax;
    return isNear && sessionName.test(id) ? this.#sessions.open(id, timeMs) : undefined;
  }

  /** What became of an operation; one that was not executed is barred from now on. */
  #resolve(id: string, sequence: number): Answer {
    const session = this.#sessions.get(id);
    if (session === undefined) return outcome('unknownSession');
    const result = session.results.get(sequence);
    if (result === undefined) {
      if (sequence < session.floor) return outcome('forgotten');
      this.#sessions.touch(session, this.#data.timeMs);
      this.#sessions.keep(session, sequence, barred);
      return outcome('never');
    }
    const parsed = parse(operationResult, result);
    assert(parsed.ok, 'TX-1: a result that was kept cannot be read');
    if (parsed.value.kind === 'barred') return outcome('never');
    assert(parsed.value.kind === 'done', 'TX-3: something else than results and bars was kept');
    const { answer } = parsed.value;
    if (answer.kind === 'error' && answer.problem === 'moved') return outcome('never');
    // What became of a transaction over several cells is for its participants to say, where this one's vote was yes.
    if (answer.kind === 'voted' && answer.vote !== 'yes') return outcome('never');
    const isPlain = answer.kind !== 'outcome' && answer.kind !== 'changes';
    return { kind: 'outcome', state: 'executed', answer: isPlain ? answer : undefined };
  }
}

const done = doneBytes({ kind: 'ok', version: 0 });
const refusedSession = doneBytes({
  kind: 'error',
  problem: 'sessionRefused',
  text: 'the session cannot be opened: its clock is too far from log time, or there are too many sessions',
});

function outcome(state: OutcomeState): Answer {
  return { kind: 'outcome', state, answer: undefined };
}

function doneBytes(answer: Answer): Bytes {
  return encode(operationResult, { kind: 'done', answer });
}
