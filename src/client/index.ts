/** Client: the store as promises, with codecs for keys and values, and retries that are safe. */
export type { TransactOptions } from './attempts.ts';
export { type Bridge, BridgeComponent } from './bridge.ts';
export type { LockNews } from './eagerLocks.ts';
export { bytesKey, type KeyCodec, type Moment, type Tuple, type TuplePart, textKey, tupleKey } from './keyCodec.ts';
export type { RangeQuery } from './rangeQuery.ts';
export type { SnapshotQuery } from './snapshot.ts';
export {
  type Entry,
  type EventualOptions,
  type EventualPutOptions,
  type Page,
  type PutOptions,
  type ReadOptions,
  Store,
  type StoreView,
  type WatchQuery,
} from './store.ts';
export type { StoreError } from './storeError.ts';
export type { Transaction, TransactionReadOptions } from './transaction.ts';
export { bytes, json, text, type ValueCodec } from './valueCodec.ts';
export { type Change, type Cover, Watch, type WatchParts } from './watch.ts';
