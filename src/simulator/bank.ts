import { bytesOfText, prefixRange, type Random, textOfBytes } from '../base/index.ts';
import type { Answer, Command, Reply } from '../store/index.ts';
import type { Subject } from './workload.ts';

const prefix = 'bank/';

export interface BankOptions {
  readonly accounts: number;
  readonly balance: number;
  readonly pauseMs: number;
  readonly patienceMs: number;
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
  #isRunning = false;
  #isOpen = false;
  transfers = 0;
  conflicts = 0;
  audits = 0;
  readonly violations: string[] = [];

  constructor(subject: Subject, random: Random, options: BankOptions) {
    this.#subject = subject;
    this.#random = random;
    this.#options = options;
  }

  start(): void {
    this.#isRunning = true;
    this.#found();
  }

  stop(): void {
    this.#isRunning = false;
  }

  /** Adds everything up once more; `then` is told whether it could. */
  audit(then: (isDone: boolean) => void): void {
    this.#readAll((accounts) => then(accounts !== undefined));
  }

  /** The accounts are made in one transaction that only an empty bank admits, so that it may be tried again. */
  #found(): void {
    if (!this.#isRunning) return;
    const range = { ...prefixRange(prefix), count: 0, newestVersion: 0 };
    const commands = Array.from({ length: this.#options.accounts }, (_, i) =>
      put(`${prefix}${i}`, this.#options.balance),
    );
    this.#ask({ kind: 'transaction', checks: [], ranges: [range], commands }, (answer) => {
      if (answer?.kind === 'executed' || answer?.kind === 'conflict') {
        this.#isOpen = true;
        this.#move();
      } else {
        this.#subject.after(this.#options.pauseMs, () => this.#found());
      }
    });
  }

  #move(): void {
    if (!this.#isRunning) return;
    this.#readAll((accounts) => {
      if (accounts === undefined) this.#later();
      else this.#transfer(this.#random.shuffle(accounts));
    });
  }

  #transfer([from, to]: Account[]): void {
    const amount = this.#random.between(1, 10);
    const command: Command = {
      kind: 'transaction',
      checks: [
        { key: from!.key, version: from!.version },
        { key: to!.key, version: to!.version },
      ],
      ranges: [],
      commands: [put(from!.key, from!.balance - amount), put(to!.key, to!.balance + amount)],
    };
    this.#ask(command, (answer) => {
      if (answer?.kind === 'executed') this.transfers++;
      if (answer?.kind === 'conflict') this.conflicts++;
      this.#later();
    });
  }

  #later(): void {
    this.#subject.after(this.#random.fraction() * this.#options.pauseMs * 2, () => this.#move());
  }

  #readAll(then: (accounts: Account[] | undefined) => void): void {
    const { from, to } = prefixRange(prefix);
    const limits = { rowsMax: 1000, bytesMax: 1_000_000, isDown: false, withValues: true };
    this.#ask({ kind: 'range', from, to, ...limits }, (answer) => {
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
    const wasTaken = this.#subject.ask(command, this.#options.patienceMs, (reply: Reply | 'lost') =>
      then(reply !== 'lost' && reply.kind === 'done' ? reply.answer : undefined),
    );
    if (!wasTaken) this.#subject.after(this.#options.pauseMs, () => then(undefined));
  }
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
