import type { Result } from '../base/index.ts';
import {
  json,
  type Store,
  type StoreError,
  type StoreView,
  type Transaction,
  type Tuple,
  tupleKey,
} from '../client/index.ts';

/**
 * First in, first out, in the order of commits: numbers as keys, with the next one behind the highest. Who puts in and who takes
 * out meet others who do the same, and try again; they do not meet each other as long as something waits.
 */
export class Queue<V> {
  readonly #store: Store<readonly [number], V>;

  /** The queue that lies in a space of the store. */
  constructor(store: StoreView, space: Tuple) {
    this.#store = store.as(tupleKey<readonly [number]>(space), json<V>());
  }

  put(value: V): Promise<Result<void, StoreError>> {
    return this.#store.transact(async (tx) => {
      const [last] = await tx.range({ isDown: true, limit: 1 });
      tx.put([(last?.key[0] ?? 0) + 1], value);
    });
  }

  /** The first one, which is in the queue no more; undefined where it is empty. */
  take(): Promise<Result<V | undefined, StoreError>> {
    return this.#store.transact((tx) => takeFirst(tx));
  }
}

async function takeFirst<V>(tx: Transaction<readonly [number], V>): Promise<V | undefined> {
  const [first] = await tx.range({ limit: 1 });
  if (first === undefined) return undefined;
  tx.delete(first.key);
  return first.value;
}
