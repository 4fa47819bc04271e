import type { Random } from '../base/index.ts';
import type { Command, OperationId, Reply } from '../store/index.ts';
import { commandFor, seenIn } from './acts.ts';
import { type Act, actText, type History, type Operation } from './history.ts';
import { expiresMsMax, expiresMsMin, resolveAttemptsMax, resolveEveryMs } from './limits.ts';

/** What clients need of the system that they work on. */
export interface Subject {
  readonly nowMs: number;
  after(delayMs: number, run: () => void): void;
  /** A line in the trace. */
  note(who: string, kind: string, text: () => string): void;
  /**
   * Gives a command to some peer that runs; `done` is told what became of it, or 'lost' where the peer died first.
   * False where no peer runs.
   */
  ask(command: Command, patienceMs: number, done: (reply: Reply | 'lost') => void): boolean;
}

export interface WorkloadOptions {
  readonly clients: number;
  readonly keys: number;
  /** How many keys there are besides whose values expire. */
  readonly expiringKeys: number;
  /** The mean of the pause between two operations of one client. */
  readonly pauseMs: number;
  readonly patienceMs: number;
}

/** Clients that put, get, append, increment and delete, one operation each at a time, and write down what they saw. */
export class Workload {
  readonly #subject: Subject;
  readonly #random: Random;
  readonly #history: History;
  readonly #options: WorkloadOptions;
  #isRunning = false;
  #unresolved = 0;
  #values = 0;
  done = 0;
  refused = 0;
  unknown = 0;
  resolved = 0;
  /** Answers that no command of theirs can have: each is a violation. */
  readonly surprises: string[] = [];

  constructor(subject: Subject, random: Random, history: History, options: WorkloadOptions) {
    this.#subject = subject;
    this.#random = random;
    this.#history = history;
    this.#options = options;
  }

  /** Operations of unknown outcome that are still being asked for. */
  get unresolved(): number {
    return this.#unresolved;
  }

  /** All keys that clients work on. */
  get keys(): number {
    return this.#options.keys + this.#options.expiringKeys;
  }

  start(): void {
    this.#isRunning = true;
    for (let client = 1; client <= this.#options.clients; client++) this.#pause(client);
  }

  /** No new operations from now on. */
  stop(): void {
    this.#isRunning = false;
  }

  /** Reads every key once, as a client of its own; `then` is called when all are answered. */
  readAll(then: () => void): void {
    const keys = Array.from({ length: this.keys }, (_, i) => i);
    let open = keys.length;
    for (const i of keys) {
      this.#run(0, keyName(i), { kind: 'get' }, () => {
        open--;
        if (open === 0) then();
      });
    }
  }

  #pause(client: number): void {
    const pauseMs = -Math.log(1 - this.#random.fraction()) * this.#options.pauseMs;
    this.#subject.after(pauseMs, () => {
      if (this.#isRunning) this.#next(client);
    });
  }

  #next(client: number): void {
    const i = this.#random.below(this.keys);
    this.#run(client, keyName(i), this.#choose(i), () => this.#pause(client));
  }

  /** One key in four is a counter, one a list that is appended to, the others are registers. */
  #choose(key: number): Act {
    const draw = this.#random.fraction();
    // What expires is read more often than written, so that somebody sees it go.
    if (draw < (key < this.#options.keys ? 0.4 : 0.75)) return { kind: 'get' };
    const value = `v${++this.#values}`;
    if (key >= this.#options.keys) {
      return { kind: 'putExpiring', value: `~${value}`, afterMs: this.#random.between(expiresMsMin, expiresMsMax) };
    }
    if (key % 4 === 0) return { kind: 'increment', by: this.#random.between(1, 3) };
    if (key % 4 === 1) return { kind: 'append', value: `${value};` };
    if (draw < 0.8) return { kind: 'put', value };
    return draw < 0.9 ? { kind: 'putIfAbsent', value } : { kind: 'delete' };
  }

  #run(client: number, key: string, act: Act, then: () => void): void {
    const operation = this.#history.begin(client, key, act, this.#subject.nowMs);
    this.#subject.note(`client-${client}`, 'asks', () => actText(key, act));
    const wasTaken = this.#subject.ask(commandFor(key, act), this.#options.patienceMs, (reply) => {
      this.#subject.note(`client-${client}`, 'told', () => `${actText(key, act)}: ${replyText(reply)}`);
      this.#settle(operation, reply);
      then();
    });
    if (wasTaken) return;
    this.#history.forget(operation);
    then();
  }

  #settle(operation: Operation, reply: Reply | 'lost'): void {
    if (reply === 'lost') {
      // A read that nobody answered says nothing, and a write may have happened: its name died with the peer.
      this.unknown++;
      if (operation.act.kind === 'get') this.#history.forget(operation);
      return;
    }
    switch (reply.kind) {
      case 'done':
        this.done++;
        this.#see(operation, reply.answer);
        return;
      case 'refused':
        this.refused++;
        this.#history.forget(operation);
        return;
      case 'unknown':
        this.unknown++;
        this.#unresolved++;
        this.#resolve(operation, reply.operation, resolveAttemptsMax);
        return;
    }
  }

  #see(operation: Operation, answer: Parameters<typeof seenIn>[0]): void {
    operation.seen = seenIn(answer);
    operation.returnedMs = this.#subject.nowMs;
    if (operation.seen === undefined) {
      this.surprises.push(`${operation.act.kind} ${operation.key} was answered ${answer.kind}`);
    }
  }

  /** Asks until it is known what became of an operation, as `SELFMAN OUTCOME` does. */
  #resolve(operation: Operation, id: OperationId, attempts: number): void {
    const again = (): void => {
      if (attempts > 1) this.#resolve(operation, id, attempts - 1);
      else this.#unresolved--;
    };
    this.#subject.after(resolveEveryMs, () => {
      const command: Command = { kind: 'resolve', session: id.session, sequence: id.sequence };
      const wasTaken = this.#subject.ask(command, this.#options.patienceMs, (reply) => {
        if (reply === 'lost' || reply.kind !== 'done' || !this.#learn(operation, reply.answer)) again();
      });
      if (!wasTaken) again();
    });
  }

  #learn(operation: Operation, answer: Parameters<typeof seenIn>[0]): boolean {
    if (answer.kind !== 'outcome') return false;
    this.#unresolved--;
    if (answer.state === 'executed') {
      operation.isExecuted = true;
      operation.returnedMs = this.#subject.nowMs;
      if (answer.answer !== undefined) this.#see(operation, answer.answer);
      this.resolved++;
    } else if (answer.state === 'never') {
      this.#history.forget(operation);
      this.resolved++;
    }
    return true;
  }
}

function replyText(reply: Reply | 'lost'): string {
  if (reply === 'lost' || reply.kind !== 'done') return reply === 'lost' ? reply : reply.kind;
  const seen = seenIn(reply.answer);
  return seen === undefined ? reply.answer.kind : JSON.stringify(seen);
}

function keyName(i: number): string {
  return `k${String(i).padStart(2, '0')}`;
}
