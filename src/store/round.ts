import type { Key, Range } from '../base/index.ts';
import type { Milestone } from '../cell/index.ts';
import { type Answer, type Command, within } from '../command/index.ts';
import type { Address } from '../world/index.ts';
import type { Reply } from './access.ts';

/** What transactions over several cells need of the router. */
export interface TransactionsHost {
  /** Where this peer listens. */
  readonly address: Address;
  /** Monotonic, for deadlines. */
  readonly nowMs: number;
  /** Milliseconds since 1970. */
  readonly wallMs: number;
  /** From 0 up to 1. */
  fraction(): number;
  /** What no other transaction is called. */
  newId(): string;
  after(delayMs: number, run: () => void): void;
  /** Announces a step of a transaction. */
  reach(milestone: Milestone): void;
  /** The parts of a range that each of the known cells holds; undefined where that of some key is not known. */
  spans(range: Range): readonly Range[] | undefined;
  /** The cell that holds a key, as far as is known. */
  cellAt(key: Key): string;
  /** Asks one cell: if it turns out that no single one holds all keys of the command, the answer is the error `moved`. */
  ask(command: Command, deadlineMs: number, then: (reply: Reply) => void): void;
}

export function isMoved(reply: Reply): boolean {
  return reply.kind === 'done' && reply.answer.kind === 'error' && reply.answer.problem === 'moved';
}

/** The spans of all that lies between the first and the last of some ranges, with what lies in each. */
export function piecesBySpan(
  host: Pick<TransactionsHost, 'spans'>,
  ranges: readonly Range[],
): readonly Range[][] | undefined {
  const last = ranges.at(-1);
  if (last === undefined) return [];
  const spans = host.spans({ from: ranges[0]!.from, to: last.to });
  return spans?.map((span) => within(ranges, span)).filter((pieces) => pieces.length > 0);
}

/** Asks one command of every cell that holds some of the ranges, whatever splits meanwhile. */
export class Round {
  readonly #host: TransactionsHost;
  readonly #make: (pieces: readonly Range[]) => Command;
  readonly #deadlineMs: number;
  readonly #then: (answers: readonly Answer[] | undefined) => void;
  readonly #answers: Answer[] = [];
  #open = 0;
  #hasFailed = false;

  /** `then` is told all answers, or undefined where somebody could not be asked. */
  constructor(
    host: TransactionsHost,
    make: (pieces: readonly Range[]) => Command,
    deadlineMs: number,
    then: (answers: readonly Answer[] | undefined) => void,
  ) {
    this.#host = host;
    this.#make = make;
    this.#deadlineMs = deadlineMs;
    this.#then = then;
  }

  begin(ranges: readonly Range[]): void {
    this.#open++;
    this.#askAll(ranges, 0);
    this.#close();
  }

  #askAll(ranges: readonly Range[], partsBefore: number): void {
    const parts = piecesBySpan(this.#host, ranges);
    // Who has heard that no single cell holds them, and knows of no two, must hear more first.
    if (parts === undefined || parts.length <= partsBefore) {
      this.#hasFailed = true;
      return;
    }
    for (const pieces of parts) {
      this.#open++;
      this.#host.ask(this.#make(pieces), this.#deadlineMs, (reply) => {
        if (isMoved(reply)) this.#askAll(pieces, 1);
        else if (reply.kind === 'done' && reply.answer.kind !== 'error') this.#answers.push(reply.answer);
        else this.#hasFailed = true;
        this.#close();
      });
    }
  }

  #close(): void {
    this.#open--;
    if (this.#open === 0) this.#then(this.#hasFailed ? undefined : this.#answers);
  }
}
