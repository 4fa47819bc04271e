import { assert } from '../base/index.ts';
import type { Accepted, Ballot } from './messages.ts';

/** So many identical votes decide without a coordinator: two such sets and a majority always share a peer. */
export function fastQuorum(electors: number): number {
  return Math.ceil((3 * electors) / 4);
}

export function majority(electors: number): number {
  return (electors >>> 1) + 1;
}

/** One round of a coordinator: it asks what was voted for, proposes what may have been decided, and counts. */
export class Coordination {
  readonly ballot: Ballot;
  readonly #electors: number;
  readonly #wanted: readonly number[];
  readonly #promises = new Map<number, Accepted | undefined>();
  readonly #acceptors = new Set<number>();
  #proposal: readonly number[] | undefined;

  constructor(ballot: Ballot, electors: number, wanted: readonly number[]) {
    this.ballot = ballot;
    this.#electors = electors;
    this.#wanted = wanted;
  }

  /** An elector will vote in no earlier round; `accepted` is its last vote. Returns what to propose, when that is clear. */
  promised(voter: number, accepted: Accepted | undefined): readonly number[] | undefined {
    if (this.#proposal !== undefined) return undefined;
    this.#promises.set(voter, accepted);
    if (this.#promises.size < majority(this.#electors)) return undefined;
    this.#proposal = this.#choose();
    return this.#proposal;
  }

  /** An elector voted for the proposal. Returns what was decided, once a majority has. */
  accepted(voter: number): readonly number[] | undefined {
    if (this.#proposal === undefined) return undefined;
    this.#acceptors.add(voter);
    return this.#acceptors.size >= majority(this.#electors) ? this.#proposal : undefined;
  }

  /** What an earlier round may have decided; where nothing can have been, what most voted for, or the wish of this peer. */
  #choose(): readonly number[] {
    const votes = [...this.#promises.values()].filter((vote) => vote !== undefined);
    const rounds = votes.filter(({ ballot }) => ballot.round > 0).sort((a, b) => compareBallots(b.ballot, a.ballot));
    if (rounds[0] !== undefined) return rounds[0].lives;
    const counts = new Map<string, { readonly lives: readonly number[]; count: number }>();
    for (const { lives } of votes) {
      const known = counts.get(lives.join());
      if (known === undefined) counts.set(lives.join(), { lives, count: 1 });
      else known.count++;
    }
    const [first, second] = [...counts.values()].sort((a, b) => b.count - a.count);
    const unheard = this.#electors - this.#promises.size;
    const mayHaveWon = (count = 0): boolean => count + unheard >= fastQuorum(this.#electors);
    assert(!mayHaveWon(second?.count), 'MEM-4: two cuts may both have been decided');
    return first?.lives ?? this.#wanted;
  }
}

/** The order of ballots: the later round, then the higher coordinator. */
export function compareBallots(a: Ballot, b: Ballot): number {
  return a.round - b.round || a.coordinator - b.coordinator;
}
