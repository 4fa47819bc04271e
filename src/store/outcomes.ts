import type { Range } from '../base/index.ts';
import type { Answer } from './answer.ts';
import { finishPatienceMs } from './limits.ts';
import { Round, type TransactionsHost } from './round.ts';
import type { TransactionName } from './transactionName.ts';

/** What became of a transaction. Forgotten: it is too long ago to tell. Unknown: some cell cannot be asked now. */
export type Outcome = 'committed' | 'aborted' | 'forgotten' | 'unknown';

/**
 * Finds out what became of transactions, and says it to all who took part. Whoever began one may be gone: anybody can
 * do this, and several at once, because votes are in the logs and who has not voted is barred from it (TX-11).
 */
export class Outcomes {
  readonly #host: TransactionsHost;
  /** Who waits for each that is being finished. */
  readonly #finishing = new Map<string, ((outcome: Outcome) => void)[]>();

  constructor(host: TransactionsHost) {
    this.#host = host;
  }

  finish(name: TransactionName, then: (outcome: Outcome) => void = () => undefined): void {
    const waiting = this.#finishing.get(name.id);
    if (waiting !== undefined) return void waiting.push(then);
    this.#finishing.set(name.id, [then]);
    const deadlineMs = this.#host.nowMs + finishPatienceMs;
    const inquire = (pieces: readonly Range[]) => ({ kind: 'inquire', name, pieces }) as const;
    new Round(this.#host, inquire, deadlineMs, (answers) => {
      const { outcome, version } = decide(answers);
      const tell = this.#finishing.get(name.id) ?? [];
      this.#finishing.delete(name.id);
      if (outcome === 'committed' || outcome === 'aborted') this.#settle(name, name.participants, version, false);
      for (const one of tell) one(outcome);
    }).begin(name.participants);
  }

  /** All voted yes, and who began it was told. */
  committed(name: TransactionName, version: number): void {
    this.#settle(name, name.participants, version, true);
  }

  /** Somebody voted no, and nobody but these pieces yes. */
  aborted(name: TransactionName, pieces: readonly Range[]): void {
    this.#settle(name, pieces, 0, false);
  }

  /** Says the outcome to all cells that hold the pieces, and has them forget what nobody will ask for any more. */
  #settle({ id }: TransactionName, where: readonly Range[], version: number, isTold: boolean): void {
    const deadlineMs = this.#host.nowMs + finishPatienceMs;
    const settle = (pieces: readonly Range[]) => ({ kind: 'settle', id, pieces, version }) as const;
    const forget = (pieces: readonly Range[]) => ({ kind: 'forget', id, pieces, isTold }) as const;
    new Round(this.#host, settle, deadlineMs, (answers) => {
      // Who could not be told has it finished when it is overdue there.
      if (answers === undefined || version === 0) return;
      this.#host.reach('commit/6 settled everywhere');
      new Round(this.#host, forget, deadlineMs, () => undefined).begin(where);
    }).begin(where);
  }
}

function decide(answers: readonly Answer[] | undefined): { outcome: Outcome; version: number } {
  const votes = (answers ?? []).filter((one) => one.kind === 'voted');
  // What is committed anywhere was voted for everywhere, though some may have forgotten it.
  const committed = votes.find(({ vote }) => vote === 'committed');
  if (committed !== undefined) return { outcome: 'committed', version: committed.version };
  if (votes.length === 0 || votes.length !== answers?.length || votes.some(({ vote }) => vote === 'busy')) {
    return { outcome: 'unknown', version: 0 };
  }
  if (votes.every(({ vote }) => vote === 'yes')) {
    return { outcome: 'committed', version: votes.reduce((highest, { version }) => Math.max(highest, version), 0) };
  }
  return { outcome: votes.every(({ vote }) => vote === 'closed') ? 'forgotten' : 'aborted', version: 0 };
}
