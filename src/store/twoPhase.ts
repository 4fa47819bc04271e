import { keyAfter, type Range } from '../base/index.ts';
import type { Answer, Command, TransactionName } from '../command/index.ts';
import { decisionPauseMs, finishPatienceMs } from './limits.ts';
import type { Outcome, Outcomes } from './outcomes.ts';
import { Round, type TransactionsHost } from './round.ts';

/**
 * Transactions over several cells that this peer alone decides: plain two-phase commit, the baseline that blocks. All is as ever up to
 * the votes. Then the decision is logged in one cell, that of the first key: *committed* there is committed, and nothing else is.
 * Whoever voted waits for this peer, however long it is gone; when it is back and remembers nothing it looks there, and what is
 * not committed there never will be (TX-19).
 */
export class TwoPhase {
  readonly #host: TransactionsHost;
  readonly #outcomes: Outcomes;
  /** Those that are not decided yet, in this life of the peer. */
  readonly #open = new Set<string>();

  constructor(host: TransactionsHost, outcomes: Outcomes) {
    this.#host = host;
    this.#outcomes = outcomes;
  }

  /** Nobody looks after it from now on but who began it. */
  begin({ id }: TransactionName): void {
    this.#open.add(id);
  }

  /** It is decided, or is not going to be by who began it. */
  end({ id }: TransactionName): void {
    this.#open.delete(id);
  }

  /** All have voted yes: logs the decision, however often that must be tried, for nobody else can. */
  decide(name: TransactionName, version: number, then: () => void): void {
    this.#ask(name, settling(name, version), (answers) => {
      if (answers === undefined) return this.#host.after(decisionPauseMs, () => this.decide(name, version, then));
      this.end(name);
      then();
    });
  }

  /** Somebody has waited for long, or wants to know: settles what nobody decides any more, and says what it came to. */
  finish(name: TransactionName, then: (outcome: Outcome) => void = () => undefined): void {
    if (this.#open.has(name.id)) return then('unknown');
    // A decision of an earlier life may be on its way still: whichever of the two is logged first counts.
    this.#ask(name, settling(name, 0), (settled) => {
      if (settled === undefined) return then('unknown');
      const inquire = (pieces: readonly Range[]): Command => ({ kind: 'inquire', name, pieces });
      this.#ask(name, inquire, (answers) => {
        const [vote] = answers ?? [];
        if (vote?.kind !== 'voted') return then('unknown');
        const isCommitted = vote.vote === 'committed';
        this.#outcomes.found(name, isCommitted ? vote.version : 0);
        then(isCommitted ? 'committed' : vote.vote === 'closed' ? 'forgotten' : 'aborted');
      });
    });
  }

  /** Asks the cell of the first key. */
  #ask(
    { participants }: TransactionName,
    make: (pieces: readonly Range[]) => Command,
    then: (answers: readonly Answer[] | undefined) => void,
  ): void {
    const { from } = participants[0]!;
    new Round(this.#host, make, this.#host.nowMs + finishPatienceMs, then).begin([{ from, to: keyAfter(from) }]);
  }
}

function settling({ id }: TransactionName, version: number): (pieces: readonly Range[]) => Command {
  return ([within]) => ({ kind: 'settle', within: within!, outcomes: [{ id, version }] });
}
