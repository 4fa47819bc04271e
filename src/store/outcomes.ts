import type { Range } from '../base/index.ts';
import type { Answer, TransactionName } from '../command/index.ts';
import { Gathering } from './gathering.ts';
import { finishPatienceMs, forgetWaitMs, settleWaitMs, settleWaitMsMax } from './limits.ts';
import { Round, type TransactionsHost } from './round.ts';

/** What became of a transaction. Forgotten: it is too long ago to tell. Unknown: some cell cannot be asked now. */
export type Outcome = 'committed' | 'aborted' | 'forgotten' | 'unknown';

/** What is said of one: what is committed has a version, and other has none. `isTold`: its caller knows it. */
interface Settled {
  readonly id: string;
  readonly pieces: readonly Range[];
  readonly version: number;
  readonly isTold: boolean;
}

/**
 * Finds out what became of transactions, and says it to all who took part. Whoever began one may be gone: anybody can
 * do this, and several at once, because votes are in the logs and who has not voted is barred from it (TX-11).
 */
export class Outcomes {
  readonly #host: TransactionsHost;
  /** Who waits for each that is being finished. */
  readonly #finishing = new Map<string, ((outcome: Outcome) => void)[]>();
  readonly #settling: Gathering<Settled>;
  readonly #forgetting: Gathering<Settled>;

  constructor(host: TransactionsHost) {
    this.#host = host;
    this.#settling = new Gathering<Settled>(host, {
      waitMs: settleWaitMs,
      busyWaitMs: settleWaitMsMax,
      make: (outcomes, within) => ({ kind: 'settle', outcomes, within }),
      // Who could not be told has it finished when it is overdue there.
      done: (settled, isHeard) => {
        if (!isHeard || settled.version === 0) return;
        host.reach('commit/6 settled everywhere');
        this.#forgetting.add(settled);
      },
    });
    this.#forgetting = new Gathering<Settled>(host, {
      waitMs: forgetWaitMs,
      busyWaitMs: forgetWaitMs,
      make: (over, within) => ({ kind: 'forget', over, within }),
      done: () => undefined,
    });
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
      if (outcome === 'committed' || outcome === 'aborted') this.found(name, version);
      for (const one of tell) one(outcome);
    }).begin(name.participants);
  }

  /** All voted yes, and who began it was told. */
  committed(name: TransactionName, version: number): void {
    this.#settle(name, name.participants, version, true);
  }

  /** What somebody found out: the version of what is committed, else 0. */
  found(name: TransactionName, version: number): void {
    this.#settle(name, name.participants, version, false);
  }

  /** Somebody voted no, and nobody but these pieces yes. */
  aborted(name: TransactionName, pieces: readonly Range[]): void {
    this.#settle(name, pieces, 0, false);
  }

  /** Says the outcome to all cells that hold the pieces, and has them forget what nobody will ask for any more. */
  #settle({ id }: TransactionName, pieces: readonly Range[], version: number, isTold: boolean): void {
    this.#settling.add({ id, pieces, version, isTold });
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
