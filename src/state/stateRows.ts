import { type Bytes, type Key, keyAfter, prefixRange } from '../base/index.ts';
import { tablePageBytesMax, tablePageRowsMax } from './limits.ts';
import type { RowReader } from './shelves.ts';

/** Hands over every row under a prefix, by what comes behind it. False where one is damaged, or `restore` says that it is none. */
export function restoreRows(storage: RowReader, prefix: Key, restore: (id: string, row: Bytes) => boolean): boolean {
  let rest = prefixRange(prefix);
  let isSound = true;
  for (;;) {
    const page = storage.scan(rest, { rowsMax: tablePageRowsMax, bytesMax: tablePageBytesMax });
    if (page === 'damaged') return false;
    for (const { key, value } of page.rows) if (!restore(key.slice(prefix.length), value)) isSound = false;
    const last = page.rows.at(-1);
    if (!page.more || last === undefined) return isSound;
    rest = { from: keyAfter(last.key), to: rest.to };
  }
}
