import type { Key } from '../base/index.ts';
import type { Ref } from '../component/index.ts';
import type { Address, Timeout } from '../world/index.ts';
import { type Contact, isBetween } from './contact.ts';
import { answerMs, walkAsksMax, walksMax } from './limits.ts';
import type { Found } from './lookups.ts';
import type { RingMessageOf } from './messages.ts';

/** What walks do to the world. */
export interface WalkEffects {
  readonly self: Contact;
  readonly ask: (whom: Contact, key: Key, token: number, isLast: boolean) => void;
  readonly after: (delayMs: number, run: () => void) => Timeout;
}

/** What somebody would do for a key: whom it takes for the holder, and who stands nearest before it. */
export interface Advice {
  readonly holder: Contact | undefined;
  readonly nearest: readonly Contact[];
}

/** One lookup, by one walk or by two that share no peer but the holder. */
interface Quest {
  readonly key: Key;
  readonly reply: Ref<Found>;
  readonly asked: Set<Address>;
  /** Who said in person that it holds the key, and how many were asked until then. */
  readonly claims: { readonly owner: Contact; readonly hops: number }[];
  open: number;
}

/** One way towards a key, on which this peer asks everybody itself. */
interface Walk {
  readonly quest: Quest;
  /** Whom the walk knows of, in no order. */
  readonly nearest: Map<Key, Contact>;
  /** Whom somebody before the key takes for its holder. */
  holder: Contact | undefined;
  /** Whom somebody behind the key sent this peer back to: a long way, where much has changed. */
  back: Contact | undefined;
  /** The place nearest before the key from where an answer came. */
  best: Key | undefined;
  hops: number;
}

interface Asking {
  readonly walk: Walk;
  readonly whom: Contact;
  readonly isLast: boolean;
  readonly timeout: Timeout;
}

/**
 * Lookups that this peer steers itself: it asks one peer after the other, each time the one that is nearest before the key. Two
 * walks for one key never ask the same peer on the way, so that one that swallows questions, or lies, is on one of them at
 * most; of two claims the one nearer behind the key is right (RING-22), since no claim counts that was not made in person.
 */
export class Walks {
  readonly #effects: WalkEffects;
  readonly #open = new Map<number, Asking>();
  #lastToken = 0;

  constructor(effects: WalkEffects) {
    this.#effects = effects;
  }

  begin(key: Key, advice: Advice, count: number, reply: Ref<Found>): void {
    if (this.#open.size + count > walksMax) return reply.tell({ kind: 'lost' });
    const quest: Quest = { key, reply, asked: new Set(), claims: [], open: count };
    for (let i = 0; i < count; i++) {
      const walk: Walk = {
        quest,
        nearest: new Map(),
        holder: advice.holder,
        back: undefined,
        best: undefined,
        hops: 0,
      };
      this.#learn(walk, advice.nearest);
      this.#step(walk);
    }
  }

  heard({ token, holds, holder, nearest }: RingMessageOf<'way'>): void {
    const asking = this.#open.get(token);
    if (asking === undefined) return;
    this.#open.delete(token);
    asking.timeout.cancel();
    const { walk, whom, isLast } = asking;
    if (!holds) {
      if (isLast) walk.back = holder;
      else {
        walk.holder = holder;
        walk.best = whom.id;
      }
      this.#learn(walk, nearest);
      return this.#step(walk);
    }
    walk.quest.claims.push({ owner: whom, hops: walk.hops });
    this.#end(walk);
  }

  #learn({ quest, nearest }: Walk, named: readonly Contact[]): void {
    const { self } = this.#effects;
    for (const one of named) if (isBetween(self.id, one.id, quest.key)) nearest.set(one.id, one);
  }

  #step(walk: Walk): void {
    const { quest } = walk;
    const isLast = walk.holder !== undefined;
    const next = this.#choose(walk);
    if (next === undefined || walk.hops >= walkAsksMax) return this.#end(walk);
    const isBack = next === walk.back;
    if (isLast) walk.holder = undefined;
    if (isBack) walk.back = undefined;
    walk.nearest.delete(next.id);
    quest.asked.add(next.address);
    walk.hops++;
    this.#ask(walk, next, isLast || isBack);
  }

  /** The holder, if it is known; who is nearer to it; and only then who lies back behind the key, or farther before it. */
  #choose(walk: Walk): Contact | undefined {
    const nearest = this.#nearestUnasked(walk);
    const isNearer =
      nearest !== undefined && (walk.best === undefined || isBetween(walk.best, nearest.id, walk.quest.key));
    return walk.holder ?? (isNearer ? nearest : (walk.back ?? nearest));
  }

  #ask(walk: Walk, whom: Contact, isLast: boolean): void {
    this.#lastToken = (this.#lastToken + 1) >>> 0;
    const token = this.#lastToken;
    const timeout = this.#effects.after(answerMs, () => {
      this.#open.delete(token);
      this.#step(walk);
    });
    this.#open.set(token, { walk, whom, isLast, timeout });
    this.#effects.ask(whom, walk.quest.key, token, isLast);
  }

  #nearestUnasked({ quest, nearest }: Walk): Contact | undefined {
    let best: Contact | undefined;
    for (const one of nearest.values()) {
      if (quest.asked.has(one.address)) continue;
      if (best === undefined || isBetween(best.id, one.id, quest.key)) best = one;
    }
    return best;
  }

  /** When the last walk is over the claim nearest behind the key holds. */
  #end({ quest }: Walk): void {
    quest.open--;
    if (quest.open > 0) return;
    let best = quest.claims[0];
    for (const claim of quest.claims) {
      const isNearer = best !== undefined && isNearerBehind(quest.key, claim.owner.id, best.owner.id);
      if (isNearer) best = claim;
    }
    quest.reply.tell(best === undefined ? { kind: 'lost' } : { kind: 'found', ...best });
  }
}

/** Whether the first of two places comes before the other, clockwise from a key, which may be one of them. */
function isNearerBehind(key: Key, one: Key, other: Key): boolean {
  return one !== other && (one === key || (other !== key && isBetween(key, one, other)));
}
