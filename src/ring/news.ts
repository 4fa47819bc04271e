import type { Key } from '../base/index.ts';
import { type Contact, isWithin } from './contact.ts';
import type { RingMessageOf } from './messages.ts';
import type { View } from './view.ts';

interface Item {
  readonly joined: Contact | undefined;
  readonly subject: Key;
  readonly ttl: number;
}

/** A message with news, and how many places away its receiver stands. */
export interface Bulletin {
  readonly places: number;
  readonly message: RingMessageOf<'news'>;
}

/**
 * Who came and who left, on the way to everybody (EDRA of D1HT, Monnerat and Amorim 2006). What a peer hears with a time to live
 * of t it passes on, once in an interval, to those 1, 2, 4 ... 2^(t-1) places away, with the exponent for a new time to live: so
 * each of n peers hears of each event once, after log2 n steps at most, and many events share a message.
 */
export class News {
  #items: Item[] = [];

  /** So many wait to be passed on. */
  get size(): number {
    return this.#items.length;
  }

  joined(contact: Contact, ttl: number): void {
    if (ttl > 0) this.#items.push({ joined: contact, subject: contact.id, ttl });
  }

  left(id: Key, ttl: number): void {
    if (ttl > 0) this.#items.push({ joined: undefined, subject: id, ttl });
  }

  /** What is to be sent now; then nothing waits any more. */
  take(self: Contact, view: View): readonly Bulletin[] {
    const items = this.#items;
    this.#items = [];
    const bulletins: Bulletin[] = [];
    for (let ttl = 0; 2 ** ttl < view.size; ttl++) {
      const receiver = view.behind(2 ** ttl);
      // Whoever stands between is told on the way around: who is the subject itself, or lies before it, knows already.
      const told = items.filter((one) => one.ttl > ttl && !isWithin(self.id, one.subject, receiver.id));
      if (told.length === 0) continue;
      const joined = told.flatMap((one) => one.joined ?? []);
      const left = told.filter((one) => one.joined === undefined).map(({ subject }) => subject);
      bulletins.push({ places: 2 ** ttl, message: { kind: 'news', ttl, joined, left } });
    }
    return bulletins;
  }
}

/** The time to live of news that begins here: enough to come to all. */
export function ttlFor(peers: number): number {
  return Math.ceil(Math.log2(Math.max(2, peers)));
}
