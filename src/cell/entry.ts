import {
  type Bytes,
  bytes,
  bytesEqual,
  copyBytes,
  encode,
  type Infer,
  text,
  union,
  unreachable,
  variant,
  varint,
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
  /** A stop-sign behind which the cell is to absorb the one above it, and changes nothing else of itself. */
  merging: variant(4, { config: cellConfig, upper: text, upperEpoch: varint }),
  /** The last entry of a cell: the one below it, which is in that epoch, goes on with what it holds. */
  seal: variant(5, { lower: text, lowerEpoch: varint, nonce: text }),
  /** A stop-sign behind which the cell holds the keys of the one above it as well, which was sealed by that nonce. */
  absorb: variant(6, { config: cellConfig, upper: text, nonce: text }),
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
    case 'merging':
    case 'absorb':
      return entryOverheadBytes + sizeOfConfig(of.config);
    case 'seal':
      return entryOverheadBytes;
    case 'split':
      return entryOverheadBytes + sizeOfConfig(of.lower) + sizeOfConfig(of.upper);
    default:
      return unreachable(of);
  }
}

function sizeOfConfig({ members, degrees }: CellConfig): number {
  return (members.length + degrees.length) * entryOverheadBytes;
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
    case 'split':
    case 'merging':
    case 'seal':
    case 'absorb':
      return a.kind === b.kind && bytesEqual(encode(entry, a), encode(entry, b));
    default:
      return unreachable(a);
  }
}
