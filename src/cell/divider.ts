import { type Key, keyAfter, lowestKey } from '../base/index.ts';
import type { CellState } from '../state/index.ts';
import type { Acceptor } from './acceptor.ts';
import type { Copy } from './copy.ts';
import type { Leadership } from './leadership.ts';
import { demandKeysMin, splitKeysMin, splitLookMs, walkedKeysMax } from './limits.ts';
import { Middle } from './middle.ts';
import type { ReplicaContext } from './replicaContext.ts';
import { Splitter } from './splitter.ts';

/**
 * The leader's loop that splits a cell which holds too much, or of which too much is asked. It looks now and then, walks
 * over the keys a slice at a time, and rests behind each split, which is a leadership of its own.
 */
export class Divider {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #state: CellState;
  readonly #splitter: Splitter;
  #leadership: Leadership | undefined;
  /** When it looked last, and the commands by then. */
  #lookedMs = 0;
  #count = 0;
  #middle: Middle | undefined;
  #at: Key = lowestKey;
  #isForDemand = false;

  constructor(context: ReplicaContext, acceptor: Acceptor, { state, children }: Copy) {
    this.#context = context;
    this.#acceptor = acceptor;
    this.#state = state;
    this.#splitter = new Splitter(context, acceptor, children);
  }

  /** Somebody wants a cell to begin at a key; true where a split is under way for it. */
  onBorder(leadership: Leadership, at: Key): boolean {
    return this.#state.stage === undefined && this.#splitter.split(leadership, at);
  }

  /** `isSound` where nothing of the cell is being repaired. */
  tick(leadership: Leadership, isSound: boolean): void {
    if (this.#context.policy.split === undefined) return;
    const now = this.#context.world.clock.monotonicMs();
    if (leadership !== this.#leadership || !isSound || this.#state.stage !== undefined) this.#begin(leadership, now);
    else if (this.#middle !== undefined) this.#walk(leadership, this.#middle);
    else if (now - this.#lookedMs >= splitLookMs) this.#look(leadership, now);
  }

  #begin(leadership: Leadership, now: number): void {
    this.#leadership = leadership;
    this.#lookedMs = now;
    this.#count = this.#state.demand.count;
    this.#middle = undefined;
  }

  #look(leadership: Leadership, now: number): void {
    const { split } = this.#context.policy;
    const { size, demand } = this.#state;
    const perSecond = ((demand.count - this.#count) / (now - this.#lookedMs)) * 1000;
    this.#begin(leadership, now);
    const isLarge = split !== undefined && size.bytes >= split.bytes;
    const isBusy = split !== undefined && perSecond >= split.commandsPerSecond && size.keys >= splitKeysMin;
    if (!isLarge && !isBusy) return;
    this.#isForDemand = !isLarge;
    this.#middle = new Middle(size.bytes);
    this.#at = this.#acceptor.config.from;
  }

  #walk(leadership: Leadership, middle: Middle): void {
    const slice = this.#state.walk(this.#at, walkedKeysMax);
    middle.walk(slice);
    const last = slice.at(-1);
    if (last !== undefined && slice.length === walkedKeysMax) {
      this.#at = keyAfter(last[0]);
      return;
    }
    this.#middle = undefined;
    const demand = this.#state.demand.sample();
    if (this.#isForDemand && demand.length < demandKeysMin) return;
    const key = middle.choose(demand, this.#isForDemand);
    if (key !== undefined) this.#splitter.split(leadership, key);
  }
}
