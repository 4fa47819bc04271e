import { type Key, keyAfter } from '../base/index.ts';
import type { Answer, Command, HistoryPlace } from '../command/index.ts';
import type { Reply } from '../store/index.ts';
import type { Conversation, Slot } from './conversation.ts';
import { awaitedBytesMax, awaitedKeysMax, awaitedRowsMax, lookAgainMs, waitersMax } from './limits.ts';

/** What waiters need of their gateway. */
export interface Lookout {
  readonly nowMs: number;
  /** Asks for a slot again; the reply comes back through its conversation. */
  call(command: Command, slot: Slot): void;
  /** Says a reply for a slot, as if the store had. */
  reply(slot: Slot, reply: Reply): void;
  /** Asks the store for nobody in particular. */
  ask(command: Command, then: (reply: Reply) => void): void;
  /** Calls `Waiters.review` after so long, once. */
  reviewAfter(delayMs: number): void;
}

/** A client that waits for something to take. */
interface Waiter {
  readonly slot: Slot;
  readonly posts: readonly Post[];
  readonly untilMs: number;
  /** Its command is with the store. */
  isTrying: boolean;
  /** Where something has changed since it tried there. */
  readonly news: Set<Post>;
}

/** A key for which some wait, in the order in which they came, and the place up to which its changes are known. */
interface Post {
  readonly name: string;
  readonly key: Key;
  readonly waiters: Set<Waiter>;
  place: HistoryPlace | undefined;
  isAsking: boolean;
  /** When the changes are asked for again, after a pause. */
  againMs: number | undefined;
}

type Waiting = Command & { readonly kind: 'popFirst' | 'moveElement' };

/**
 * Clients of this peer that wait until there is something to take. A change of a key that they wait for is told by its cell, as to any
 * watch; then the one who waits longest tries again, and those behind him when he has got something. Who takes is a command of the
 * log: an element goes to one of them, whichever peers they wait at.
 */
export class Waiters {
  readonly #lookout: Lookout;
  readonly #waiters = new Map<Conversation, Waiter>();
  readonly #posts = new Map<string, Post>();
  #reviewMs = Number.POSITIVE_INFINITY;

  constructor(lookout: Lookout) {
    this.#lookout = lookout;
  }

  /** Whether a slot goes on waiting, whose command was answered so. */
  keeps(slot: Slot, reply: Reply): boolean {
    const waiter = this.#waiters.get(slot.conversation);
    const isNothing = reply.kind === 'done' && reply.answer.kind === 'missing';
    if (waiter === undefined) return isNothing && !slot.hasWaited && this.#begin(slot);
    waiter.isTrying = false;
    // Where somebody has put something else, nothing of that kind is there.
    const isOther = isPop(slot) && reply.kind === 'done' && isWrongType(reply.answer);
    const goesOn = (isNothing || isOther) && waiter.untilMs > this.#lookout.nowMs;
    if (!goesOn) this.#leave(waiter);
    else if (waiter.news.size > 0) this.#try(waiter);
    else this.#planReview(waiter.untilMs);
    return goesOn;
  }

  /** The client is gone. What it was taking at that moment is taken, as by any command whose client goes. */
  forget(conversation: Conversation): void {
    const waiter = this.#waiters.get(conversation);
    if (waiter !== undefined) this.#leave(waiter);
  }

  /** Ends those who have waited for long enough, and asks for changes again where that had to pause. */
  review(): void {
    this.#reviewMs = Number.POSITIVE_INFINITY;
    const now = this.#lookout.nowMs;
    for (const waiter of [...this.#waiters.values()]) {
      // Who is trying may get something yet: he is told when that is known.
      if (waiter.untilMs > now || waiter.isTrying) continue;
      this.#end(waiter);
      this.#lookout.reply(waiter.slot, { kind: 'done', tag: 0, answer: { kind: 'missing' } });
    }
    for (const post of this.#posts.values()) if (post.againMs !== undefined && post.againMs <= now) this.#watch(post);
    for (const { untilMs, isTrying } of this.#waiters.values()) if (!isTrying) this.#planReview(untilMs);
    for (const { againMs } of this.#posts.values()) if (againMs !== undefined) this.#planReview(againMs);
  }

  #begin(slot: Slot): boolean {
    const { plan } = slot;
    if (plan.kind !== 'ask' || plan.waitMs === undefined) return false;
    const command = plan.command as Waiting;
    const keys = command.kind === 'popFirst' ? command.keys : [command.key];
    const of = command.kind === 'popFirst' ? command.of : 'list';
    const names = new Map(keys.map((key) => [`${of} ${key}`, key]));
    if (this.#waiters.size >= waitersMax || this.#posts.size + names.size > awaitedKeysMax) {
      slot.failure = 'ERR too many clients of this peer wait already';
      return false;
    }
    const posts = [...names].map(([name, key]) => this.#postOf(name, key));
    const untilMs = this.#lookout.nowMs + plan.waitMs;
    const waiter: Waiter = { slot, posts, untilMs, isTrying: false, news: new Set() };
    this.#waiters.set(slot.conversation, waiter);
    slot.hasWaited = true;
    for (const post of posts) post.waiters.add(waiter);
    // Where changes are told already, something may have come since it was asked for.
    for (const post of posts) if (post.isAsking && post.place !== undefined) this.#serve(post);
    for (const post of posts) if (!post.isAsking && post.againMs === undefined) this.#watch(post);
    this.#planReview(untilMs);
    return true;
  }

  #postOf(name: string, key: Key): Post {
    const known = this.#posts.get(name);
    if (known !== undefined) return known;
    const post: Post = { name, key, waiters: new Set(), place: undefined, isAsking: false, againMs: undefined };
    this.#posts.set(name, post);
    return post;
  }

  /** Without a place the answer tells the one of now, at once. */
  #watch(post: Post): void {
    post.isAsking = true;
    post.againMs = undefined;
    const range = { from: post.key, to: keyAfter(post.key) };
    const waits = post.place !== undefined;
    const askedMs = this.#lookout.nowMs;
    const command = {
      kind: 'changes',
      ...range,
      since: post.place,
      rowsMax: awaitedRowsMax,
      bytesMax: awaitedBytesMax,
      waits,
      locks: false,
    } as const;
    this.#lookout.ask(command, (reply) => this.#told(post, reply, askedMs));
  }

  #told(post: Post, reply: Reply, askedMs: number): void {
    post.isAsking = false;
    if (post.waiters.size === 0) {
      this.#posts.delete(post.name);
      return;
    }
    const answer = reply.kind === 'done' && reply.answer.kind === 'changes' ? reply.answer : undefined;
    const isNews = answer !== undefined && (post.place === undefined || answer.missed || answer.changes.length > 0);
    post.place = answer?.next ?? post.place;
    // A cell that cannot keep more who wait answers at once, and one that is away not at all.
    const isTooSoon = !isNews && this.#lookout.nowMs - askedMs < lookAgainMs;
    if (answer === undefined || isTooSoon) {
      post.againMs = this.#lookout.nowMs + lookAgainMs;
      this.#planReview(post.againMs);
    } else this.#watch(post);
    if (isNews) this.#serve(post);
  }

  /** Lets who waits longest try. */
  #serve(post: Post): void {
    const [first] = post.waiters;
    if (first === undefined) return;
    first.news.add(post);
    if (!first.isTrying) this.#try(first);
  }

  /** Tries where there is news alone: what another key holds by now must not be in the way. */
  #try(waiter: Waiter): void {
    const [post] = waiter.news;
    const { plan } = waiter.slot;
    if (post === undefined || plan.kind !== 'ask') return;
    waiter.news.delete(post);
    waiter.isTrying = true;
    const { command } = plan;
    this.#lookout.call(command.kind === 'popFirst' ? { ...command, keys: [post.key] } : command, waiter.slot);
  }

  /** Ends a waiter, and lets those behind it try. */
  #leave(waiter: Waiter): void {
    this.#end(waiter);
    for (const post of waiter.posts) this.#serve(post);
  }

  #end(waiter: Waiter): void {
    this.#waiters.delete(waiter.slot.conversation);
    for (const post of waiter.posts) {
      post.waiters.delete(waiter);
      if (post.waiters.size === 0 && !post.isAsking) this.#posts.delete(post.name);
    }
  }

  #planReview(atMs: number): void {
    if (atMs >= this.#reviewMs) return;
    this.#reviewMs = atMs;
    this.#lookout.reviewAfter(Math.max(0, atMs - this.#lookout.nowMs));
  }
}

function isPop({ plan }: Slot): boolean {
  return plan.kind === 'ask' && plan.command.kind === 'popFirst';
}

function isWrongType(answer: Answer): boolean {
  return answer.kind === 'error' && answer.problem === 'wrongType';
}
