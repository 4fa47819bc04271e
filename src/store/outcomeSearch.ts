import type { Key } from '../base/index.ts';
import type { Command } from '../command/index.ts';
import type { Reply } from './access.ts';

/** What a search needs of the router. */
export interface SearchHost {
  ask(command: Command, then: (reply: Reply) => void): void;
}

/**
 * Asks what became of an operation of a cell that nobody has heard of: it may have gone into another one, which remembers its
 * sessions. Cells are asked one after the other; those that do not know the session say so, and it concerns them in no way.
 */
export class OutcomeSearch {
  readonly #operation: { readonly session: string; readonly sequence: number };
  /** A key of each cell that was not asked yet. */
  readonly #rest: Key[];
  readonly #host: SearchHost;
  readonly #done: (reply: Reply) => void;

  constructor(
    operation: { readonly session: string; readonly sequence: number },
    cells: readonly Key[],
    host: SearchHost,
    done: (reply: Reply) => void,
  ) {
    this.#operation = operation;
    this.#rest = [...cells];
    this.#host = host;
    this.#done = done;
  }

  proceed(): void {
    const at = this.#rest.shift() ?? '';
    const { session, sequence } = this.#operation;
    this.#host.ask({ kind: 'resolveAt', at, session, sequence }, (reply) => {
      const answer = reply.kind === 'done' ? reply.answer : undefined;
      const isElsewhere = answer?.kind === 'outcome' && answer.state === 'unknownSession';
      if (isElsewhere && this.#rest.length > 0) this.proceed();
      else this.#done(reply);
    });
  }
}
