import type { Answer, TransactionName } from '../command/index.ts';
import type { Reply } from './access.ts';
import { Coordination } from './coordination.ts';
import { type Outcome, Outcomes } from './outcomes.ts';
import type { Pending } from './pending.ts';
import type { TransactionsHost } from './round.ts';

/** The transactions over several cells that this peer has to do with: those that it took, and those that nobody finishes. */
export class Transactions {
  readonly #host: TransactionsHost;
  readonly #outcomes: Outcomes;

  constructor(host: TransactionsHost) {
    this.#host = host;
    this.#outcomes = new Outcomes(host);
  }

  /** Does what a call asks of several cells. */
  begin({ call, deadlineMs }: Pending, done: (reply: Reply) => void): void {
    const { tag } = call;
    new Coordination(this.#host, this.#outcomes, deadlineMs, (reply) => done({ ...reply, tag })).begin(call.command);
  }

  /** They are undecided for longer than a coordinator takes that is alive. */
  overdue(names: readonly TransactionName[]): void {
    for (const name of names) this.#outcomes.finish(name);
  }

  /** Passes a reply on; where it says that an operation was a vote, what became of the transaction takes its place. */
  resolve(reply: Reply, then: (reply: Reply) => void): void {
    const vote = reply.kind === 'done' && reply.answer.kind === 'outcome' ? reply.answer.answer : undefined;
    if (vote?.kind !== 'voted') return then(reply);
    const { tag } = reply;
    this.#outcomes.finish(vote.name, (outcome) => {
      if (outcome === 'unknown') then({ kind: 'refused', tag, reason: 'a cell that took part cannot be asked now' });
      else then({ kind: 'done', tag, answer: outcomeOf(outcome) });
    });
  }
}

function outcomeOf(outcome: Exclude<Outcome, 'unknown'>): Answer {
  const states = { committed: 'executed', aborted: 'never', forgotten: 'forgotten' } as const;
  return { kind: 'outcome', state: states[outcome], answer: undefined };
}
