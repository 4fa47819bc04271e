import { type Result, success } from '../base/index.ts';
import type { Entry, KeyCodec, RangeQuery, Store, StoreError } from '../client/index.ts';

/** A page, and what to ask for the next one with; undefined where this is the last. */
export interface TokenPage<K, V> {
  readonly entries: readonly Entry<K, V>[];
  readonly next: string | undefined;
}

/**
 * A range page by page, for callers that come back with a text: a page of a web site, say. The text says where the last page
 * ended and nothing else, so nothing is kept for anybody who does not come back.
 */
export class Pages<K, V> {
  readonly #store: Store<K, V>;
  readonly #keys: KeyCodec<K>;
  readonly #query: Omit<RangeQuery<K>, 'after'>;

  /** The keys of the store are those of the codec. */
  constructor(store: Store<K, V>, keys: KeyCodec<K>, query: Omit<RangeQuery<K>, 'after'>) {
    this.#store = store;
    this.#keys = keys;
    this.#query = query;
  }

  /** The first page, or the one behind another. */
  async page(token?: string): Promise<Result<TokenPage<K, V>, StoreError>> {
    const after = token === undefined ? {} : { after: this.#keys.decode(keyOfToken(token)) };
    const found = await this.#store.range({ ...this.#query, ...after });
    if (!found.ok) return found;
    const { entries, more } = found.value;
    const last = more ? entries.at(-1) : undefined;
    return success({ entries, next: last === undefined ? undefined : tokenOf(this.#keys.encode(last.key)) });
  }
}

function tokenOf(key: string): string {
  return [...key].map((one) => one.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

function keyOfToken(token: string): string {
  return (token.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16) & 0xff)).join('');
}
