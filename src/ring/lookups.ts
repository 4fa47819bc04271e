import type { Key } from '../base/index.ts';
import type { Ref } from '../component/index.ts';
import type { Timeout } from '../world/index.ts';
import type { Contact } from './contact.ts';
import { lookupsMax, lookupTriesMax } from './limits.ts';

/** What became of a search: who holds the key, and over how many peers the question went. */
export type Found =
  | { readonly kind: 'found'; readonly owner: Contact; readonly hops: number }
  /** Nobody answered, time and again, or too much is being looked for already. */
  | { readonly kind: 'lost' };

interface Search {
  readonly key: Key;
  readonly reply: Ref<Found>;
  triesLeft: number;
  timeout: Timeout | undefined;
}

/** Keys that this peer looks for: each question is asked again when no answer comes, and given up after some tries. */
export class Lookups {
  readonly #ask: (key: Key, token: number, isBack: boolean) => void;
  readonly #later: (token: number) => Timeout;
  readonly #open = new Map<number, Search>();
  #lastToken = 0;

  /**
   * `ask` sends the question on its way: the answer is to come straight, or `isBack`, as the question went. `later` has `ask`
   * again called, by `retry`, when no answer came.
   */
  constructor(ask: (key: Key, token: number, isBack: boolean) => void, later: (token: number) => Timeout) {
    this.#ask = ask;
    this.#later = later;
  }

  begin(key: Key, reply: Ref<Found>): void {
    if (this.#open.size >= lookupsMax) return reply.tell({ kind: 'lost' });
    this.#lastToken = (this.#lastToken + 1) >>> 0;
    this.#open.set(this.#lastToken, { key, reply, triesLeft: lookupTriesMax, timeout: undefined });
    this.retry(this.#lastToken);
  }

  retry(token: number): void {
    const search = this.#open.get(token);
    if (search === undefined) return;
    if (search.triesLeft === 0) {
      this.#open.delete(token);
      return search.reply.tell({ kind: 'lost' });
    }
    search.triesLeft--;
    search.timeout = this.#later(token);
    // Once in vain: whoever holds the key may not be able to talk to this peer.
    this.#ask(search.key, token, search.triesLeft < lookupTriesMax - 1);
  }

  end(token: number, owner: Contact, hops: number): void {
    const search = this.#open.get(token);
    if (search === undefined) return;
    this.#open.delete(token);
    search.timeout?.cancel();
    search.reply.tell({ kind: 'found', owner, hops });
  }
}
