import { assert } from '../../base/index.ts';
import { waysMax } from './limits.ts';
import { type Act, type Block, type Expectation, type Part, roundOf, type Seen, without } from './plot.ts';

/** A place in a story: what is next, and the place behind it. */
interface Place {
  readonly part: Part;
  readonly rest: Place | End;
}

interface End {
  readonly part: undefined;
}

const end: End = { part: undefined };

/** One way to go on from here: something that is waited for, something to do, or the end. */
export type Way =
  | { readonly part: Expectation; readonly rest: Place | End }
  | { readonly part: Act; readonly rest: Place | End }
  | End;

/**
 * Follows a story through all that its choices leave open at once, as one follows a pattern through a text: the ways on
 * which what was seen so far is right.
 */
export class Reader {
  readonly #story: Block;
  readonly #places = new Map<Part, Map<Place | End, Place>>();
  #ways: ReadonlySet<Way>;

  constructor(story: Block) {
    this.#story = story;
    this.#ways = this.#waysFrom([this.#place(story, end)]);
  }

  get ways(): ReadonlySet<Way> {
    return this.#ways;
  }

  get expectations(): readonly Expectation[] {
    return [...this.#ways].map(({ part }) => part).filter((part) => part?.kind === 'expect');
  }

  get acts(): readonly Act[] {
    return [...this.#ways].map(({ part }) => part).filter((part) => part?.kind === 'act');
  }

  /** The story may be over. */
  get mayEnd(): boolean {
    return this.#ways.has(end);
  }

  drops(seen: Seen): boolean {
    return [...this.#ways].some((way) => this.#blockOf(way).drops(seen));
  }

  /** Goes on with what was seen, and says who expected it; undefined where it fits nowhere, and nothing has changed. */
  take(seen: Seen): readonly Expectation[] | undefined {
    const taken = [...this.#ways].filter(({ part }) => part?.kind === 'expect' && part.fits(seen)) as (Way & Place)[];
    if (taken.length > 0) {
      this.#ways = this.#waysFrom(taken.map(({ rest }) => rest));
      return taken.map(({ part }) => part as Expectation);
    }
    const patient = [...this.#ways].filter((way) => this.#blockOf(way).allows(seen));
    if (patient.length === 0) return undefined;
    this.#ways = new Set(patient);
    return [];
  }

  /** Decides for what is to be done, and goes on behind it. */
  done(act: Act): void {
    const way = [...this.#ways].find(({ part }) => part === act) as Way & Place;
    this.#ways = this.#waysFrom([way.rest]);
  }

  /** Gives up the ways whose next event may not take so long. */
  impatient(waitedMs: number): void {
    this.#ways = new Set([...this.#ways].filter(({ part }) => part === undefined || part.block.patienceMs >= waitedMs));
  }

  #blockOf({ part }: Way): Block {
    return part?.block ?? this.#story;
  }

  #waysFrom(places: readonly (Place | End)[]): ReadonlySet<Way> {
    const ways = new Set<Way>();
    for (const place of places) this.#open(place, ways);
    assert(ways.size <= waysMax, () => `the story leaves ${ways.size} ways open: it is too loose`);
    return ways;
  }

  #open(place: Place | End, ways: Set<Way>): void {
    const { part } = place;
    if (part === undefined) {
      ways.add(place);
      return;
    }
    const { rest } = place;
    switch (part.kind) {
      case 'expect':
      case 'act':
        ways.add(place as Way);
        return;
      case 'block':
        this.#open(
          part.parts.reduceRight<Place | End>((later, one) => this.#place(one, later), rest),
          ways,
        );
        return;
      case 'either':
        for (const branch of part.branches) this.#open(this.#place(branch, rest), ways);
        return;
      case 'unordered':
        if (part.left === 0) this.#open(rest, ways);
        for (const [i, one] of part.all.entries()) {
          if ((part.left & (1 << i)) !== 0) this.#open(this.#place(one, this.#place(without(part, i), rest)), ways);
        }
        return;
      case 'repeat':
        if (part.max > 0) this.#open(this.#place(part.body, this.#place(roundOf(part), rest)), ways);
        if (part.min === 0) this.#open(rest, ways);
        return;
    }
  }

  /** The same parts make the same place, so that ways which come together are counted once. */
  #place(part: Part, rest: Place | End): Place {
    let known = this.#places.get(part);
    if (known === undefined) {
      known = new Map();
      this.#places.set(part, known);
    }
    let place = known.get(rest);
    if (place === undefined) {
      place = { part, rest };
      known.set(rest, place);
    }
    return place;
  }
}
