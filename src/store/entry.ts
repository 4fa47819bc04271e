import {
  type Bytes,
  bytes,
  bytesEqual,
  copyBytes,
  encode,
  type Infer,
  union,
  unreachable,
  variant,
} from '../base/index.ts';
import { type CellConfig, cellConfig } from './cellConfig.ts';
import { entryOverheadBytes } from './limits.ts';

/** What stands at one index of the log of a cell. */
export const entry = union({
  /** The bytes of a `batch` (operation.ts), as the leader gathered them. */
  batch: variant(1, { batch: bytes }),
  /** The last entry of its epoch: it names the configuration of the next. */
  stopSign: variant(2, { config: cellConfig }),
  /**
   * A stop-sign with two successors. The lower part of the range stays with the cell; the upper is that of a new cell,
   * which begins with the same members, at the same index and in the same epoch.
   */
  split: variant(3, { lower: cellConfig, upper: cellConfig }),
});
export type Entry = Infer<typeof entry>;

/** Whether the entry is a stop-sign: the last one of its epoch. */
export function endsEpoch(of: Entry): boolean {
  return of.kind !== 'batch';
}

/** What an entry takes in memory and in messages, about. */
export function sizeOfEntry(of: Entry): number {
  switch (of.kind) {
    case 'batch':
      return entryOverheadBytes + of.batch.length;
    case 'stopSign':
      return entryOverheadBytes + sizeOfConfig(of.config);
    case 'split':
      return entryOverheadBytes + sizeOfConfig(of.lower) + sizeOfConfig(of.upper);
    default:
      return unreachable(of);
  }
}

function sizeOfConfig({ members }: CellConfig): number {
  return members.length * entryOverheadBytes;
}

export function sizeOfEntries(entries: readonly Entry[]): number {
  let size = 0;
  for (const one of entries) size += sizeOfEntry(one);
  return size;
}

/** The entry with bytes of its own: those that came with a message are a view that pins the whole chunk. */
export function keptEntry(of: Entry): Entry {
  return of.kind === 'batch' ? { kind: 'batch', batch: copyBytes(of.batch) } : of;
}

/** The log time of an entry in milliseconds since 1970: a batch begins with it. Stop-signs have none. */
export function timeOfEntry(of: Entry): number {
  if (of.kind !== 'batch') return 0;
  return timeOfBatch(of.batch);
}

function timeOfBatch(batch: Bytes): number {
  if (batch.length < 8) return 0;
  return new DataView(batch.buffer, batch.byteOffset, 8).getFloat64(0, true);
}

export function sameEntry(a: Entry, b: Entry): boolean {
  switch (a.kind) {
    case 'batch':
      return b.kind === 'batch' && bytesEqual(a.batch, b.batch);
    case 'stopSign':
      return b.kind === 'stopSign' && sameConfig(a.config, b.config);
    case 'split':
      return b.kind === 'split' && sameConfig(a.lower, b.lower) && sameConfig(a.upper, b.upper);
    default:
      return unreachable(a);
  }
}

function sameConfig(a: CellConfig, b: CellConfig): boolean {
  return bytesEqual(encode(cellConfig, a), encode(cellConfig, b));
}
