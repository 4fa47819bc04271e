import { allWithin } from './graph.ts';
import type { Instance } from './instance.ts';
import type { Watch } from './onlookers.ts';
import type { Answer, Found, Question } from './query.ts';
import type { Hearer } from './ref.ts';

/**
 * A query that is kept up: it remembers what it found. Where its question can be put to one component at a time, only those that
 * changed are asked, and what stands within them where that may have changed with them; otherwise all are, each time.
 */
export class ContinuousQuery<T> implements Watch {
  readonly #question: Question<T>;
  readonly #hearer: Hearer<Found<T>>;
  /** By the component that they are a part of. */
  #known = new Map<object, readonly Answer<T>[]>();
  #isFollowing = false;

  constructor(question: Question<T>, hearer: Hearer<Found<T>>) {
    this.#question = question;
    this.#hearer = hearer;
  }

  /** `touched` are the components that changed; undefined where any may have. */
  refresh(touched: ReadonlySet<Instance> | undefined): void {
    const found = { added: [] as T[], removed: [] as T[] };
    const { local } = this.#question;
    if (this.#isFollowing && touched !== undefined && local !== undefined) {
      const answersOf = local.begin();
      for (const one of local.looksUp ? allWithin(touched) : touched) this.#put(one, answersOf(one), found);
    } else this.#askAll(found);
    if (found.added.length > 0 || found.removed.length > 0) this.#hearer.tell(found);
  }

  #askAll(found: { readonly added: T[]; readonly removed: T[] }): void {
    const before = this.#known;
    const now = new Map<object, Answer<T>[]>();
    for (const answer of this.#question.all()) {
      const others = now.get(answer.owner);
      if (others === undefined) now.set(answer.owner, [answer]);
      else others.push(answer);
    }
    this.#known = new Map(before);
    for (const [owner, answers] of now) this.#put(owner, answers, found);
    for (const owner of before.keys()) if (!now.has(owner)) this.#put(owner, [], found);
    this.#isFollowing = this.#question.local?.canFollow() === true;
  }

  /** Notes what is found at one owner now. What was found there before is shown as it was then. */
  #put(owner: object, answers: readonly Answer<T>[], found: { readonly added: T[]; readonly removed: T[] }): void {
    const before = this.#known.get(owner) ?? none;
    if (answers.length === 0 && before.length === 0) return;
    const now = answers.map((answer) => before.find((one) => isSame(one, answer)) ?? answer);
    for (const answer of now) if (!before.includes(answer)) found.added.push(answer.shown);
    for (const answer of before) if (!now.includes(answer)) found.removed.push(answer.shown);
    if (now.length === 0) this.#known.delete(owner);
    else this.#known.set(owner, now);
  }
}

const none: readonly never[] = [];

function isSame<T>(a: Answer<T>, b: Answer<T>): boolean {
  return a.target === b.target && a.part === b.part;
}
