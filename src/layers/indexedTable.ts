import { type Result, success } from '../base/index.ts';
import {
  json,
  type Store,
  type StoreError,
  type StoreView,
  type Transaction,
  type Tuple,
  tupleKey,
} from '../client/index.ts';

/** A row that an index led to. */
export interface IndexedEntry<V> {
  readonly key: Tuple;
  readonly value: V;
}

type Places<V, I extends string> = Readonly<Record<I, (value: V) => readonly Tuple[]>>;
type Row<V> = V | true;

/**
 * Rows that are found by what is in them: each index is a function from a value to the places at which it is to be found, and its
 * entries are written in the same transaction as the row. So an index never differs from the rows.
 */
export class IndexedTable<V, I extends string> {
  readonly #store: Store<Tuple, Row<V>>;
  readonly #indexes: Places<V, I>;

  constructor(store: StoreView, space: Tuple, indexes: Places<V, I>) {
    this.#store = store.as(tupleKey<Tuple>(space), json<Row<V>>());
    this.#indexes = indexes;
  }

  put(key: Tuple, value: V): Promise<Result<void, StoreError>> {
    return this.#store.transact(async (tx) => {
      await this.#unlist(tx, key);
      tx.put(rowKey(key), value);
      for (const entry of this.#entriesOf(key, value)) tx.put(entry, true);
    });
  }

  /** False where there was no such row. */
  delete(key: Tuple): Promise<Result<boolean, StoreError>> {
    return this.#store.transact(async (tx) => {
      const isThere = await this.#unlist(tx, key);
      tx.delete(rowKey(key));
      return isThere;
    });
  }

  async get(key: Tuple): Promise<Result<V | undefined, StoreError>> {
    const found = await this.#store.get(rowKey(key));
    return found.ok ? success(found.value?.value as V | undefined) : found;
  }

  /** The rows at a place of an index, or at all that begin with it, in the order of places; at most so many. */
  find(index: I, place: Tuple, limit = 100): Promise<Result<readonly IndexedEntry<V>[], StoreError>> {
    return this.#store.transact(async (tx) => {
      const entries = await tx.range({ prefix: [index, ...place], limit });
      const keys = entries.map(({ key }) => key.at(-1) as Tuple);
      const values = await Promise.all(keys.map((key) => tx.get(rowKey(key))));
      return keys.map((key, i) => ({ key, value: values[i] as V }));
    });
  }

  /** Takes away what the indexes say of a row; false where there is none. */
  async #unlist(tx: Transaction<Tuple, Row<V>>, key: Tuple): Promise<boolean> {
    const old = await tx.get(rowKey(key));
    if (old === undefined) return false;
    for (const entry of this.#entriesOf(key, old as V)) tx.delete(entry);
    return true;
  }

  #entriesOf(key: Tuple, value: V): Tuple[] {
    const indexes: [string, (value: V) => readonly Tuple[]][] = Object.entries(this.#indexes);
    return indexes.flatMap(([name, places]) => places(value).map((place) => [name, ...place, key]));
  }
}

/** Rows lie beside the indexes: numbers come behind texts, and no index has one for a name. */
function rowKey(key: Tuple): Tuple {
  return [0, key];
}
