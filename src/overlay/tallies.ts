import { type Bytes, copyBytes } from '../base/index.ts';
import { talliesMax } from './limits.ts';
import type { Tally } from './messages.ts';

/**
 * Who voted for what in the fast round: a bit for each elector, so that votes that were passed on twice count once, and
 * what two peers know is put together by an or.
 */
export class Tallies {
  readonly #electors: number;
  readonly #tallies = new Map<string, { readonly lives: readonly number[]; readonly voters: Bytes }>();

  constructor(electors: number) {
    this.#electors = electors;
  }

  get all(): Tally[] {
    return [...this.#tallies.values()].map(({ lives, voters }) => ({ lives, voters: copyBytes(voters) }));
  }

  /** The vote of one elector, by its place among them. */
  vote(lives: readonly number[], place: number): void {
    const voters = new Uint8Array(this.#bytes);
    voters[place >>> 3] = 1 << (place & 7);
    this.add({ lives, voters });
  }

  /** Takes over what another peer knows. True if there is a new vote in it. */
  add({ lives, voters }: Tally): boolean {
    if (voters.length !== this.#bytes) return false;
    const known = this.#of(lives);
    let isNew = false;
    for (let i = 0; known !== undefined && i < voters.length; i++) {
      if ((voters[i]! & ~known[i]!) !== 0) isNew = true;
      known[i]! |= voters[i]!;
    }
    return isNew;
  }

  /** The cut that at least so many voted for. */
  winner(quorum: number): readonly number[] | undefined {
    for (const { lives, voters } of this.#tallies.values()) if (count(voters) >= quorum) return lives;
    return undefined;
  }

  get #bytes(): number {
    return (this.#electors + 7) >>> 3;
  }

  #of(lives: readonly number[]): Bytes | undefined {
    const name = lives.join();
    if (!this.#tallies.has(name) && this.#tallies.size < talliesMax) {
      this.#tallies.set(name, { lives, voters: new Uint8Array(this.#bytes) });
    }
    return this.#tallies.get(name)?.voters;
  }
}

function count(voters: Bytes): number {
  let sum = 0;
  for (const byte of voters) for (let bits = byte; bits !== 0; bits &= bits - 1) sum++;
  return sum;
}
