import { encode, everything, type Key, parse, type Range } from '../src/base/index.ts';
import {
  type Answer,
  batch,
  type Command,
  command,
  type OperationResult,
  operationGroup,
  operationResult,
} from '../src/command/index.ts';
import { sessionNameOf } from '../src/command/sessionName.ts';
import type { ReadResult } from '../src/state/cellState.ts';
import type { History } from '../src/state/history.ts';
import { type CellState, makeState, stateRanges } from '../src/state/index.ts';
import { isShelvedByKey } from '../src/state/shelving.ts';
import { MemoryStorage } from './memoryStorage.ts';

export const session = 'a-session';
export const startMs = 1_700_000_000_000;

export interface Operation {
  readonly sequence: number;
  readonly after?: number;
  readonly command: Command;
}

/** A state with a session, and a log that only this test writes. */
export class LoggedState {
  readonly storage: MemoryStorage;
  readonly session: string;
  readonly cell: string;
  range: Range;
  state: CellState;
  index: number;
  sequence = 0;
  timeMs = startMs;

  /** A new cell, or one whose rows the storage holds up to an index. */
  constructor(storage = new MemoryStorage(), { cell = '1', range = everything as Range, index = 0 } = {}) {
    this.storage = storage;
    this.state = makeState({ storage, cell, range });
    this.index = index;
    this.session = sessionNameOf(cell, session);
    this.cell = cell;
    this.range = range;
    this.run({ kind: 'openSession', openedMs: startMs });
  }

  /** Splits off a cell, whose rows are in the storage when it is settled. */
  split(cell: string, from: Key): History {
    const { past, ...rows } = this.state.split({ epoch: 1, index: ++this.index }, { cell, from });
    this.range = { from: this.range.from, to: from };
    this.storage.commit(rows);
    return past;
  }

  /** Absorbs a cell above, whose rows are in the same storage: from then on this one has all of them. */
  absorb(upper: LoggedState): void {
    this.state.examine(upper.state);
    const { past, clear, rows } = this.state.unite({ epoch: 1, index: ++this.index }, upper.state);
    const { cell, range } = upper;
    const others = stateRanges(cell, range).filter(({ from }) => !isShelvedByKey(from));
    this.storage.commit({ clear: [...clear, ...others], rows });
    this.storage.settle();
    this.state.committed();
    this.range = { from: this.range.from, to: range.to };
    this.state.load(this.range);
    this.state.history = past;
  }

  apply(operations: readonly Operation[], acknowledgedBelow = 0, from = this.session): OperationResult[] {
    const encoded = operations.map(({ sequence, after = 0, command: asked }) => ({
      sequence,
      after,
      command: encode(command, asked),
    }));
    const group = encode(operationGroup, { session: from, acknowledgedBelow, operations: encoded });
    const bytes = encode(batch, { timeMs: this.timeMs, groups: [group] });
    const applied = this.state.apply({ epoch: 1, index: ++this.index }, bytes);
    return applied.flatMap(({ results }) => results.map(({ result }) => decode(result)));
  }

  /** What a sealed cell answers to operations that come too late. */
  close(from: string, sequences: readonly number[]): OperationResult[] {
    const asked = encode(command, { kind: 'take', key: 'z' });
    const operations = sequences.map((sequence) => ({ sequence, after: 0, command: asked }));
    const closing = this.state.closing(encode(operationGroup, { session: from, acknowledgedBelow: 0, operations }));
    return (closing?.results ?? []).map(({ result }) => decode(result));
  }

  run(asked: Command): Answer {
    return answerOf(this.apply([{ sequence: this.sequence++, command: asked }])[0]!);
  }

  read(asked: Command, nowMs = this.timeMs): Answer | Exclude<ReadResult, Uint8Array> {
    const result = this.state.read(encode(command, asked), nowMs);
    return typeof result === 'string' ? result : answerOf(decode(result));
  }

  freeze(): void {
    this.storage.commit(this.state.freeze());
  }

  checkpoint(): void {
    this.freeze();
    this.storage.settle();
    this.state.committed();
  }
}

function decode(bytes: Uint8Array): OperationResult {
  const parsed = parse(operationResult, bytes);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function answerOf(result: OperationResult): Answer {
  if (result.kind !== 'done') throw new Error(`the operation came to ${result.kind}`);
  return result.answer;
}
