import type { Address } from '../world/index.ts';
import type { Acceptor } from './acceptor.ts';
import { othersOf } from './cellConfig.ts';
import type { Copy } from './copy.ts';
import { learnerHeardMs, resendMs, settleMs } from './limits.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** Keeps a replica asking that nobody sends entries to: a learner, one without its state, one that waits to be let go. */
export class Poller {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #copy: Copy;
  /** Who offered what is new, as long as it answers. */
  source: Address | undefined;
  #nextMember = 0;
  #askedMs = Number.NEGATIVE_INFINITY;
  #turnedMs = Number.NEGATIVE_INFINITY;

  constructor(context: ReplicaContext, acceptor: Acceptor, copy: Copy) {
    this.#context = context;
    this.#acceptor = acceptor;
    this.#copy = copy;
  }

  /** Asks one member after the other for what is not known here, now and then. */
  ask(): void {
    const now = this.#context.world.clock.monotonicMs();
    if (this.#copy.catchUp.isInstalling || now - this.#askedMs < resendMs) return;
    this.#askedMs = now;
    const to = this.next();
    if (to !== undefined) this.#copy.catchUp.fetch(to);
  }

  tick(): void {
    const { hasState, catchUp } = this.#copy;
    const needsNothing = hasState && this.#acceptor.isMember() && !this.#copy.absorption.isStuck;
    if (needsNothing || catchUp.isInstalling) return;
    const now = this.#context.world.clock.monotonicMs();
    // With a source there is news at every tick; without one there is only the question whether it may go.
    if (this.source === undefined && now - this.#askedMs < settleMs) return;
    this.#askedMs = now;
    const to = this.#isTurn(now) ? this.#turn() : this.next();
    if (to !== undefined) catchUp.fetch(to);
  }

  /**
   * Whoever waits to be let go turns to every member now and then: its source may follow by now, and none but the leader knows
   * whether the copy here is wanted.
   */
  #isTurn(now: number): boolean {
    if (this.#acceptor.isMember() || now - this.#turnedMs < settleMs) return false;
    this.#turnedMs = now;
    return true;
  }

  /** Whom to ask: the source, or where it keeps silent the members in turn. */
  next(): Address | undefined {
    const { waitsSinceMs } = this.#copy.catchUp;
    const now = this.#context.world.clock.monotonicMs();
    const isSilent = waitsSinceMs !== undefined && now - waitsSinceMs >= learnerHeardMs;
    if (this.source !== undefined && !isSilent) return this.source;
    this.source = undefined;
    return this.#turn();
  }

  #turn(): Address | undefined {
    const others = othersOf(this.#acceptor.config, this.#context.self);
    const member = others[this.#nextMember++ % Math.max(1, others.length)];
    return member === undefined ? undefined : this.#context.addressOf(member);
  }
}
