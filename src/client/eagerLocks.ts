import type { Key } from '../base/index.ts';
import type { Answer, Command, Obstacle, SimpleCommand } from '../command/index.ts';
import { ask } from './ask.ts';
import type { Bridge } from './bridge.ts';
import { Interruption } from './interruption.ts';
import { lockPatienceMs, lockPauseMaxMs, lockPauseMs, renewalsPerLease } from './limits.ts';
import { reservedBy, unavailable } from './storeError.ts';

/** What becomes of the reservations of a transaction, for whoever shows that to somebody. */
export type LockNews<K> =
  /** This transaction has the key: nobody else writes it. */
  | { readonly kind: 'reserved'; readonly key: K; readonly isExclusive: boolean }
  /** Somebody else has it, for so long at least if that is not renewed: this transaction waits, or begins again. */
  | { readonly kind: 'waiting'; readonly key: K; readonly by: string; readonly remainingMs: number }
  /** Its lease was over before it could be renewed: this transaction will not be committed, and begins again. */
  | { readonly kind: 'lost'; readonly key: K };

/** How long one transaction has been at it, over all of its tries: who has been for longest is never the one to give way. */
export interface Seniority {
  /** Log time of its first reservation. */
  sinceMs: number | undefined;
  /** How long it has waited for others. */
  waitedMs: number;
}

export interface EagerLocksOptions {
  readonly bridge: Bridge;
  /** What no other try is called. */
  readonly id: string;
  /** What it is called where others are told. */
  readonly label: string;
  readonly leaseMs: number;
  readonly seniority: Seniority;
  readonly tell: (news: LockNews<Key>) => void;
}

type Reserved = Answer & { readonly kind: 'reserved' };

/**
 * The reservations of one try of a transaction, taken one after the other in the order in which its body touches keys, and renewed
 * until it is over. Nobody waits in a circle: who holds nothing yet may wait, since nobody waits for it; who holds something waits
 * only for those that are younger, and else gives all of it back and begins again, as old as it was.
 */
export class EagerLocks {
  readonly #options: EagerLocksOptions;
  /** Keys that were asked for, and whether for writing. */
  readonly #wanted = new Map<Key, boolean>();
  readonly #held = new Map<Key, boolean>();
  #tail: Promise<void> = Promise.resolve();
  #isOver = false;
  #isLost = false;

  constructor(options: EagerLocksOptions) {
    this.#options = options;
  }

  /** Reserves a key, for writing or to share it with others that read. Resolves when it is held; else throws an `Interruption`. */
  touch(key: Key, isExclusive: boolean): Promise<void> {
    const wanted = this.#wanted.get(key);
    if (wanted === undefined || (isExclusive && !wanted)) {
      this.#wanted.set(key, isExclusive);
      this.#tail = this.#tail.then(() => this.#take(key, isExclusive));
      // Who writes does not wait: whoever comes next is told.
      this.#tail.catch(() => undefined);
    }
    return this.#tail;
  }

  /** Waits until all that was touched is held. */
  held(): Promise<void> {
    return this.#tail;
  }

  /** What has the transaction refused whose reservations are not all held. */
  get checks(): SimpleCommand[] {
    return [...this.#held].map(([key, isExclusive]) => this.#renewal(key, isExclusive));
  }

  /** Lets go of all that may be held. */
  async release(): Promise<void> {
    this.#isOver = true;
    await this.#tail.catch(() => undefined);
    const { bridge, id: holder } = this.#options;
    await Promise.all([...this.#wanted.keys()].map((key) => ask(bridge, { kind: 'release', key, holder })));
  }

  async #take(key: Key, isExclusive: boolean): Promise<void> {
    const { bridge, seniority, tell } = this.#options;
    let waitsFor = '';
    for (let pauseMs = lockPauseMs; ; pauseMs = Math.min(2 * pauseMs, lockPauseMaxMs)) {
      if (this.#isOver || this.#isLost) throw new Interruption('again');
      const { obstacle, sinceMs } = await this.#ask(this.#reservation(key, isExclusive));
      seniority.sinceMs ??= sinceMs;
      if (obstacle === undefined) break;
      const { holder, label: by, remainingMs } = obstacle;
      if (holder !== waitsFor) tell({ kind: 'waiting', key, by, remainingMs });
      waitsFor = holder;
      if (seniority.waitedMs >= lockPatienceMs) throw new Interruption(reservedBy(by, remainingMs));
      if (this.#held.size > 0 && !this.#isOlderThan(obstacle)) throw new Interruption('again');
      const restMs = pauseMs * (0.5 + bridge.fraction());
      seniority.waitedMs += restMs;
      await bridge.sleep(restMs);
    }
    const isFirst = this.#held.size === 0;
    this.#held.set(key, isExclusive);
    tell({ kind: 'reserved', key, isExclusive });
    if (isFirst) void this.#keep();
  }

  #isOlderThan({ holder, sinceMs }: Obstacle): boolean {
    const { id, seniority } = this.#options;
    const own = seniority.sinceMs ?? Number.POSITIVE_INFINITY;
    return own === sinceMs ? id < holder : own < sinceMs;
  }

  /** Renews what is held until the try is over. */
  async #keep(): Promise<void> {
    const { bridge, leaseMs } = this.#options;
    for (;;) {
      await bridge.sleep(leaseMs / renewalsPerLease);
      if (this.#isOver || this.#isLost) return;
      await Promise.all([...this.#held].map(([key, isExclusive]) => this.#renew(key, isExclusive)));
    }
  }

  /** Where no answer comes there may be one next time, and if not the lease ends. */
  async #renew(key: Key, isExclusive: boolean): Promise<void> {
    const answer = await ask(this.#options.bridge, this.#renewal(key, isExclusive));
    const isGone = answer.ok && answer.value.kind === 'reserved' && answer.value.obstacle !== undefined;
    if (!isGone || this.#isOver || this.#isLost) return;
    this.#isLost = true;
    this.#options.tell({ kind: 'lost', key });
  }

  #reservation(key: Key, isExclusive: boolean): Command {
    const { id: holder, label, leaseMs, seniority } = this.#options;
    return { kind: 'reserve', key, holder, label, sinceMs: seniority.sinceMs, isExclusive, leaseMs };
  }

  #renewal(key: Key, isExclusive: boolean) {
    const { id: holder, leaseMs } = this.#options;
    return { kind: 'renew', key, holder, isExclusive, leaseMs } as const;
  }

  async #ask(asked: Command): Promise<Reserved> {
    const answer = await ask(this.#options.bridge, asked);
    // Nothing of the transaction has happened, whatever became of this.
    if (!answer.ok) throw new Interruption(answer.error.kind === 'unknown' ? unavailable(noAnswer) : answer.error);
    if (answer.value.kind !== 'reserved') throw new Interruption(unavailable('a reservation was answered otherwise'));
    return answer.value;
  }
}

const noAnswer = 'no answer came in time to what it wanted to reserve';
