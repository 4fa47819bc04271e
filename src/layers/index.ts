/** Layers: structures over keys and values, each a few lines over transactions. */
export { Blobs } from './blobs.ts';
export { deleteRange } from './deleteRange.ts';
export { type IndexedEntry, IndexedTable } from './indexedTable.ts';
export { Pages, type TokenPage } from './pages.ts';
export { Queue } from './queue.ts';
