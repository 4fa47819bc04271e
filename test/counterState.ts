import { encode, f64, list, parse, prefixRange, type Range, record, text, varint } from '../src/base/index.ts';
import { batch, operationGroup } from '../src/command/operation.ts';
import type { AppliedGroup, CellState, LogPosition, SplitOff } from '../src/state/cellState.ts';
import { Demand } from '../src/state/demand.ts';
import { History } from '../src/state/history.ts';
import type { RowReader } from '../src/state/shelves.ts';

const row = record({ epoch: varint, index: varint, timeMs: f64, executed: list(text) });
const number = record({ value: varint });
/** Operations here are small: they count as more, so that checkpoints come as often as in a busy cell. */
const checkpointFactor = 2_000;
const empty = { epoch: 0, index: 0, timeMs: 0, executed: [] as readonly string[] };

export function encodeCount(value: number) {
  return encode(number, { value });
}

export function decodeCount(bytes: Uint8Array): number {
  const parsed = parse(number, bytes);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value.value;
}

export const counterRanges = (cell: string): readonly Range[] => [prefixRange(`x${cell}`)];

/** The smallest state that shows what a log does: how many operations were executed, each name once. */
export class CounterState implements CellState {
  readonly #storage: RowReader;
  readonly #key: string;
  readonly #onApply: (position: LogPosition, bytes: Uint8Array) => void;
  applied: LogPosition = { epoch: 0, index: 0 };
  timeMs = 0;
  readonly version = 0;
  readonly demand = new Demand();
  isDamaged = false;
  pendingBytes = 0;
  executed = new Set<string>();

  constructor(storage: RowReader, cell: string, onApply: (position: LogPosition, bytes: Uint8Array) => void) {
    this.#storage = storage;
    this.#key = `x${cell}`;
    this.#onApply = onApply;
    this.load();
  }

  get size() {
    return { keys: this.executed.size, bytes: this.executed.size };
  }

  apply(position: LogPosition, bytes: Uint8Array): readonly AppliedGroup[] {
    this.#move(position);
    this.#onApply(position, bytes);
    const parsed = parse(batch, bytes);
    if (!parsed.ok) throw new Error(parsed.error);
    this.timeMs = Math.max(this.timeMs, parsed.value.timeMs);
    this.pendingBytes += bytes.length * checkpointFactor;
    return parsed.value.groups.map((group) => this.#applyGroup(group));
  }

  history = new History();
  readonly changes = () => new Uint8Array(0);

  skip(position: LogPosition): void {
    this.#move(position);
    this.#onApply(position, new Uint8Array(0));
  }

  /** What was executed counts in both parts: nothing here has a key. */
  split(position: LogPosition, { cell }: SplitOff) {
    this.skip(position);
    return { clear: [], rows: [{ key: `x${cell}`, value: this.#row() }], past: new History() };
  }

  readonly stage = undefined;
  readonly isCounted = true;

  get itself(): CellState {
    return this;
  }

  examine(): void {
    // Cells that count are not merged.
  }

  unite(): never {
    throw new Error('cells that count are not merged');
  }

  closing(): undefined {
    return undefined;
  }

  read(): Uint8Array | 'damaged' {
    return this.isDamaged ? 'damaged' : encodeCount(this.executed.size);
  }

  countSome(): void {
    // There is nothing to count.
  }

  walk(): [] {
    return [];
  }

  get transactions() {
    return { undecided: 0, votes: 0, reserved: 0 };
  }

  isDecidedUpTo(): boolean {
    return true;
  }

  overdue(): readonly never[] {
    return [];
  }

  nextExpiryMs(): undefined {
    return undefined;
  }

  freeze() {
    this.pendingBytes = 0;
    return { clear: [], rows: [{ key: this.#key, value: this.#row() }] };
  }

  #row(): Uint8Array {
    return encode(row, { ...this.applied, timeMs: this.timeMs, executed: [...this.executed] });
  }

  committed(): void {
    // What is in memory is all of it: there is nothing to forget.
  }

  load(): void {
    const stored = this.#storage.get(this.#key);
    this.isDamaged = stored === 'damaged';
    const parsed = stored === undefined || stored === 'damaged' ? undefined : parse(row, stored);
    const { epoch, index, timeMs, executed } = parsed?.ok ? parsed.value : empty;
    this.applied = { epoch, index };
    this.timeMs = timeMs;
    this.executed = new Set(executed);
  }

  #applyGroup(bytes: Uint8Array): AppliedGroup {
    const parsed = parse(operationGroup, bytes);
    if (!parsed.ok) throw new Error(parsed.error);
    const { session, operations } = parsed.value;
    const results = operations.map(({ sequence }) => {
      this.executed.add(`${session}-${sequence}`);
      return { sequence, result: encodeCount(this.executed.size) };
    });
    return { session, results };
  }

  #move({ epoch, index }: LogPosition): void {
    if (index !== this.applied.index + 1) throw new Error(`entry ${index} is applied after ${this.applied.index}`);
    this.applied = { epoch, index };
  }
}
