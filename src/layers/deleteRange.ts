import { type Result, success } from '../base/index.ts';
import type { RangeQuery, Store, StoreError } from '../client/index.ts';
import { deletedPerTransaction } from './limits.ts';

/**
 * Deletes the keys of a range, some at a time, and tells how many there were. It is no transaction: who reads meanwhile sees some of
 * them, and a failure in the middle leaves the rest. What is written behind it meanwhile stays.
 */
export async function deleteRange<K, V>(
  store: Store<K, V>,
  query: Omit<RangeQuery<K>, 'limit' | 'isDown'>,
): Promise<Result<number, StoreError>> {
  let count = 0;
  for (let after = query.after; ; ) {
    const behind = after === undefined ? query : { ...query, after };
    const slice = await store.transact(async (tx) => {
      const entries = await tx.range({ ...behind, limit: deletedPerTransaction });
      for (const { key } of entries) tx.delete(key);
      return entries;
    });
    if (!slice.ok) return slice;
    // A page may be short because its values are long: it is over where there is none.
    const last = slice.value.at(-1);
    if (last === undefined) return success(count);
    count += slice.value.length;
    after = last.key;
  }
}
