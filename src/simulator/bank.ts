import { bytesOfText, prefixRange, type Random, textOfBytes } from '../base/index.ts';
import type { Answer, Command } from '../command/index.ts';
import type { Reply } from '../store/index.ts';
import type { TransferStep } from './step.ts';
import type { Home, Subject } from './workload.ts';

const prefix = 'bank/';

export interface BankOptions {
  readonly accounts: number;
  readonly balance: number;
  /** Transfers that are begun at the same moment, and get in each other's way. */
  readonly tellers: number;
  readonly pauseMs: number;
  readonly patienceMs: number;
  /** Accounts may lie in several cells: then they are read in one transaction, and some money moves without a look. */
  readonly isDivided: boolean;
}

interface Account {
  readonly key: string;
  readonly balance: number;
  readonly version: number;
}

/**
 * Money moves between accounts in transactions while auditors add up all accounts with one range read. Whatever fails,
 * the sum stays what it was: the cheapest second opinion on transactions.
 */
export class Bank {
  readonly #subject: Subject;
  readonly #random: Random;
  readonly #options: BankOptions;
  readonly #record: (step: TransferStep) => void;
  #isRunning = false;
  #isOpen = false;
  transfers = 0;
  conflicts = 0;
  audits = 0;
  readonly violations: string[] = [];

  constructor(home: Pick<Home, 'subject' | 'record'>, random: Random, options: BankOptions) {
    this.#subject = home.subject;
    this.#record = home.record;
    this.#random = random;
    this.#options = options;
  }

  /** Founds the bank, and moves money without end. */
  start(): void {
    this.#isRunning = true;
    this.#found(() => this.#move());
  }

  /** Founds the bank, and does nothing of its own accord: transfers come as they are told to `perform`. */
  follow(): void {
    this.#isRunning = true;
    this.#found(() => undefined);
  }

  /** Moves money now as the step says, if all accounts can be read. */
  perform({ from, to, amount }: TransferStep): void {
    this.#readAll((accounts) => {
      const [payer, payee] = [accounts?.[from], accounts?.[to]];
      if (payer !== undefined && payee !== undefined) this.#transfer(payer, payee, amount, () => undefined);
    });
  }

  stop(): void {
    this.#isRunning = false;
  }

  /** Adds everything up once more; `then` is told whether it could. */
  audit(then: (isDone: boolean) => void): void {
    this.#readAll((accounts) => then(accounts !== undefined));
  }

  /** The accounts are made in one transaction that only an empty bank admits, so that it may be tried again. */
  #found(then: () => void): void {
    if (!this.#isRunning) return;
    const range = { ...prefixRange(prefix), count: 0, newestVersion: 0 };
    const commands = Array.from({ length: this.#options.accounts }, (_, i) =>
      put(`${prefix}${i}`, this.#options.balance),
    );
    this.#ask({ kind: 'transaction', checks: [], ranges: [range], commands }, (answer) => {
      if (answer?.kind === 'executed' || answer?.kind === 'conflict') {
        this.#isOpen = true;
        then();
      } else {
        this.#subject.after(this.#options.pauseMs, () => this.#found(then));
      }
    });
  }

  /** One round: every teller moves money once, and when all are done there is a pause. */
  #move(): void {
    if (!this.#isRunning) return;
    let open = this.#options.tellers;
    const done = (): void => {
      open--;
      if (open === 0) this.#later();
    };
    for (let i = 0; i < this.#options.tellers; i++) this.#moveOnce(done);
  }

  #moveOnce(then: () => void): void {
    const atMs = this.#subject.nowMs;
    this.#readAll((accounts) => {
      if (accounts === undefined) return then();
      const [from, to] = this.#random.shuffle(accounts);
      const amount = this.#random.between(1, 10);
      this.#record({ kind: 'transfer', atMs, from: accounts.indexOf(from!), to: accounts.indexOf(to!), amount });
      this.#transfer(from!, to!, amount, then);
    });
  }

  #transfer(from: Account, to: Account, amount: number, then: () => void): void {
    if (this.#options.isDivided && this.#random.chance(0.4)) return this.#push(from, to, amount, then);
    const command: Command = {
      kind: 'transaction',
      checks: [
        { key: from.key, version: from.version },
        { key: to.key, version: to.version },
      ],
      ranges: [],
      commands: [put(from.key, from.balance - amount), put(to.key, to.balance + amount)],
    };
    this.#ask(command, (answer) => {
      if (answer?.kind === 'executed') this.transfers++;
      if (answer?.kind === 'conflict') this.conflicts++;
      then();
    });
  }

  /** Moves money whatever the accounts hold by now. */
  #push(from: Account, to: Account, amount: number, then: () => void): void {
    const commands = [increment(from.key, -amount), increment(to.key, amount)];
    this.#ask({ kind: 'transaction', checks: [], ranges: [], commands }, (answer) => {
      if (answer?.kind === 'executed') this.transfers++;
      then();
    });
  }

  #later(): void {
    this.#subject.after(this.#random.fraction() * this.#options.pauseMs * 2, () => this.#move());
  }

  #readAll(then: (accounts: Account[] | undefined) => void): void {
    const { from, to } = prefixRange(prefix);
    const limits = { rowsMax: 1000, bytesMax: 1_000_000, isDown: false, withValues: true };
    const range = { kind: 'range', from, to, ...limits } as const;
    const asOne = { kind: 'transaction', checks: [], ranges: [], commands: [range] } as const;
    this.#ask(this.#options.isDivided ? asOne : range, (told) => {
      const answer = told?.kind === 'executed' ? told.answers[0] : told;
      if (answer?.kind !== 'rows') {
        then(undefined);
        return;
      }
      const accounts = answer.rows.map(({ key, value, version }) => ({
        key,
        balance: Number(textOfBytes(value)),
        version,
      }));
      this.#judge(accounts);
      then(accounts.length < 2 ? undefined : accounts);
    });
  }

  #judge(accounts: readonly Account[]): void {
    if (!this.#isOpen) return;
    this.audits++;
    const sum = accounts.reduce((total, { balance }) => total + balance, 0);
    const expected = this.#options.accounts * this.#options.balance;
    if (accounts.length === this.#options.accounts && sum === expected) return;
    const held = accounts.map(({ key, balance }) => `${key}=${balance}`).join(' ');
    this.violations.push(`at ${this.#subject.nowMs.toFixed(1)} the bank holds ${sum}, not ${expected}: ${held}`);
  }

  #ask(command: Command, then: (answer: Answer | undefined) => void): void {
    const asked = this.#subject.ask(command, this.#options.patienceMs, (reply: Reply | 'lost') =>
      then(reply !== 'lost' && reply.kind === 'done' ? reply.answer : undefined),
    );
    if (asked === undefined) this.#subject.after(this.#options.pauseMs, () => then(undefined));
  }
}

function increment(key: string, by: number) {
  return { kind: 'increment', key, by } as const;
}

function put(key: string, balance: number) {
  return {
    kind: 'put',
    key,
    value: bytesOfText(String(balance)),
    when: { kind: 'always' },
    expiry: { kind: 'never' },
    returnPrevious: false,
  } as const;
}
