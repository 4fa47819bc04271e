/**
 * Selfman: one program that you start on each machine, and the machines become one system that runs itself. This is
 * the main door of the package: `Peer.start` makes your program a part of the system.
 */
export {
  bytes,
  bytesKey,
  type Change,
  type Cover,
  type Entry,
  type EventualOptions,
  type EventualPutOptions,
  json,
  type KeyCodec,
  type LockNews,
  type Moment,
  type Page,
  type PutOptions,
  type RangeQuery,
  type ReadOptions,
  type SnapshotQuery,
  type Store,
  type StoreError,
  type StoreView,
  type Transaction,
  type TransactionReadOptions,
  type TransactOptions,
  type Tuple,
  type TuplePart,
  text,
  textKey,
  tupleKey,
  type ValueCodec,
  type Watch,
  type WatchQuery,
} from '../client/index.ts';
export {
  Blobs,
  deleteRange,
  type IndexedEntry,
  IndexedTable,
  Pages,
  Queue,
  type TokenPage,
} from '../layers/index.ts';
export { examineFolder, type FolderReport, type JournalReport, type Symptom } from './doctor.ts';
export type { Ended } from './ended.ts';
export { type FolderNote, readNote, seatFolder, seatsIn } from './folderNote.ts';
export type { PeerOptions } from './options.ts';
export { Peer } from './peer.ts';
export { StartError } from './startError.ts';
export { version } from './version.ts';
