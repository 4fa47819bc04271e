/** Base: bytes, ordered keys, schemas and codecs, assertions, results. It knows nothing above it. */
export { AssertionError, assert, must, unreachable } from './assert.ts';
export {
  type Bytes,
  bytesEqual,
  bytesOfText,
  concatBytes,
  copyBytes,
  emptyBytes,
  textOfBytes,
} from './bytes.ts';
export { checksum } from './checksum.ts';
export {
  bytesOfKey,
  compareKeys,
  contains,
  everything,
  intersection,
  type Key,
  keyAfter,
  keyIn,
  keyOfBytes,
  lowestKey,
  prefixRange,
  type Range,
} from './key.ts';
export { NumberedMap } from './numberedMap.ts';
export { Random } from './random.ts';
export { MalformedError, Reader } from './reader.ts';
export { failure, type Result, success } from './result.ts';
export {
  bool,
  bytes,
  encode,
  f64,
  type Infer,
  i64,
  key,
  lazy,
  list,
  mapped,
  nothing,
  optional,
  parse,
  parseBy,
  record,
  type Schema,
  text,
  u8,
  u16,
  u32,
  union,
  type Variant,
  variant,
  varint,
  word,
} from './schema.ts';
export { allocate, type Part, unshared } from './slab.ts';
export { lowerBound, SortedMap } from './sortedMap.ts';
export { Writer } from './writer.ts';
