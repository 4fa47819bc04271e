import { type Answer, coordinatorOf, type TransactionName } from '../command/index.ts';
import type { Reply } from './access.ts';
import { Coordination, type Verdict } from './coordination.ts';
import { type Outcome, Outcomes } from './outcomes.ts';
import type { Pending } from './pending.ts';
import type { TransactionsHost } from './round.ts';
import { TwoPhase } from './twoPhase.ts';

/** The transactions over several cells that this peer has to do with: those that it took, and those that nobody finishes. */
export class Transactions {
  readonly #host: TransactionsHost;
  readonly #outcomes: Outcomes;
  readonly #twoPhase: TwoPhase;

  constructor(host: TransactionsHost) {
    this.#host = host;
    this.#outcomes = new Outcomes(host);
    this.#twoPhase = new TwoPhase(host, this.#outcomes);
  }

  /** Does what a call asks of several cells. */
  begin({ call, deadlineMs }: Pending, done: (reply: Reply) => void): void {
    const { tag, commit } = call;
    const told = (reply: Verdict): void => done({ ...reply, tag });
    const twoPhase = commit === 'twoPhase' ? this.#twoPhase : undefined;
    new Coordination(this.#host, this.#outcomes, deadlineMs, told, twoPhase).begin(call.command);
  }

  /** They are undecided for longer than a coordinator takes that is alive. */
  overdue(names: readonly TransactionName[]): void {
    for (const name of names) this.#finish(name);
  }

  /** Where only its coordinator decides, whoever is not that cannot tell what becomes of it. */
  #finish(name: TransactionName, then: (outcome: Outcome) => void = () => undefined): void {
    const coordinator = coordinatorOf(name);
    if (coordinator === undefined) this.#outcomes.finish(name, then);
    else if (coordinator === this.#host.address) this.#twoPhase.finish(name, then);
    else then('unknown');
  }

  /** Passes a reply on; where it says that an operation was a vote, what became of the transaction takes its place. */
  resolve(reply: Reply, then: (reply: Reply) => void): void {
    const vote = reply.kind === 'done' && reply.answer.kind === 'outcome' ? reply.answer.answer : undefined;
    if (vote?.kind !== 'voted') return then(reply);
    const { tag } = reply;
    this.#finish(vote.name, (outcome) => {
      if (outcome === 'unknown') then({ kind: 'refused', tag, reason: 'a cell that took part cannot be asked now' });
      else then({ kind: 'done', tag, answer: outcomeOf(outcome) });
    });
  }
}

function outcomeOf(outcome: Exclude<Outcome, 'unknown'>): Answer {
  const states = { committed: 'executed', aborted: 'never', forgotten: 'forgotten' } as const;
  return { kind: 'outcome', state: states[outcome], answer: undefined };
}
