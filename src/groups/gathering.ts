import type { Bytes } from '../base/index.ts';
import type { Address } from '../world/index.ts';
import type { Errand } from './errands.ts';
import { type KeySet, noKeys, union } from './keySet.ts';

/** What one peer answered. */
export interface Answer {
  readonly from: Address;
  readonly value: Bytes;
}

/** What came back to one peer of a message that it passed on: which keys were seen to, and the answers of their holders. */
export class Gathering {
  readonly #finish: (gathering: Gathering) => void;
  /** Whom something is still to be heard of, by the token of the errand. */
  readonly #open = new Map<number, Errand>();
  readonly #answers = new Map<Address, Bytes>();
  #covered: KeySet = noKeys;
  #isOwnOpen = true;
  #isFinished = false;

  /** `finish` is called once: when nothing is open any more, or at the end of patience. */
  constructor(finish: (gathering: Gathering) => void) {
    this.#finish = finish;
  }

  get covered(): KeySet {
    return this.#covered;
  }

  get answers(): readonly Answer[] {
    return [...this.#answers].map(([from, value]) => ({ from, value }));
  }

  get tokens(): Iterable<number> {
    return this.#open.keys();
  }

  expect(token: number, errand: Errand): void {
    this.#open.set(token, errand);
  }

  /** The part of this peer itself is done. */
  closeOwn(covered: KeySet, answers: readonly Answer[]): void {
    this.#isOwnOpen = false;
    this.#take(covered, answers);
  }

  close(token: number, covered: KeySet, answers: readonly Answer[]): void {
    if (this.#open.delete(token)) this.#take(covered, answers);
  }

  /** A peer is gone: what it was asked to see to, under which tokens. */
  openWith(address: Address): readonly (readonly [token: number, errand: Errand])[] {
    return [...this.#open].filter(([, { to }]) => to.address === address);
  }

  /** What came so far is all that counts. */
  end(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#finish(this);
  }

  #take(covered: KeySet, answers: readonly Answer[]): void {
    this.#covered = union(this.#covered, covered);
    for (const { from, value } of answers) this.#answers.set(from, value);
    if (!this.#isOwnOpen && this.#open.size === 0) this.end();
  }
}
