import type { Contact } from '../ring/index.ts';
import type { Address, Timeout } from '../world/index.ts';
import type { BalanceMessageOf } from './messages.ts';
import { type Move, moveFor, type Overview } from './policy.ts';

/** What a peer said that it carries. */
export interface Compared {
  readonly contact: Contact;
  readonly load: number;
  readonly behind: Contact | undefined;
  readonly behindLoad: number | undefined;
}

/** Answers of some peers to one question, until all have answered or patience ends. */
export class Comparison {
  readonly #token: number;
  readonly #waiting: Map<Address, Contact>;
  readonly #patience: Timeout;
  readonly #done: (answers: readonly Compared[]) => void;
  readonly #answers: Compared[] = [];

  constructor(
    token: number,
    whom: readonly Contact[],
    patience: Timeout,
    done: (answers: readonly Compared[]) => void,
  ) {
    this.#token = token;
    this.#waiting = new Map(whom.map((contact) => [contact.address, contact]));
    this.#patience = patience;
    this.#done = done;
  }

  /** True where nobody is waited for any more. */
  hear(from: Address, { token, load, behind, behindLoad }: BalanceMessageOf<'compared'>): boolean {
    const contact = this.#waiting.get(from);
    if (contact === undefined || token !== this.#token) return false;
    this.#waiting.delete(from);
    this.#answers.push({ contact, load, behind, behindLoad });
    return this.#waiting.size === 0;
  }

  end(): void {
    this.#patience.cancel();
    this.#done(this.#answers);
  }

  /** With whom it is worth most to share for what travels, and how. */
  static best(
    own: Compared,
    answers: readonly Compared[],
    overview: Overview | undefined,
  ): { readonly other: Compared; readonly move: Move } | undefined {
    let best: { readonly other: Compared; readonly move: Move } | undefined;
    for (const other of answers) {
      const [heavy, light] = own.load > other.load ? [own, other] : [other, own];
      const areNeighbours = own.behind?.id === other.contact.id || other.behind?.id === own.contact.id;
      const behindLight = light.behindLoad ?? light.load;
      const move = moveFor({ heavy: heavy.load, light: light.load, areNeighbours, behindLight }, overview);
      if (move !== undefined && (best === undefined || isWorthMore(move, best.move))) best = { other, move };
    }
    return best;
  }
}

function isWorthMore(a: Move, b: Move): boolean {
  return a.gain / a.moved > b.gain / b.moved;
}
