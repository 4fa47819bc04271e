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
import { cellConfig } from './cellConfig.ts';
import { entryOverheadBytes } from './limits.ts';

/** What stands at one index of the log of a cell. */
export const entry = union({
  /** The bytes of a `batch` (operation.ts), as the leader gathered them. */
  batch: variant(1, { batch: bytes }),
  /** The last entry of its epoch: it names the configuration of the next. */
  stopSign: variant(2, { config: cellConfig }),
});
export type Entry = Infer<typeof entry>;

/** What an entry takes in memory and in messages, about. */
export function sizeOfEntry(of: Entry): number {
  return entryOverheadBytes + (of.kind === 'batch' ? of.batch.length : of.config.members.length * entryOverheadBytes);
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
      return b.kind === 'stopSign' && bytesEqual(encode(cellConfig, a.config), encode(cellConfig, b.config));
    default:
      return unreachable(a);
  }
}
