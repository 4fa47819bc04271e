import type { Random } from '../base/index.ts';
import type { Command, OperationId } from '../command/index.ts';
import type { Reply } from '../store/index.ts';
import { commandFor, seenIn } from './acts.ts';
import type { AskWay } from './caller.ts';
import { type Act, actText, type History, type Operation } from './history.ts';
import { expiresMsMax, expiresMsMin, resolveAttemptsMax, resolveEveryMs } from './limits.ts';
import type { CallStep, Step } from './step.ts';

/** What clients need of the system that they work on. */
export interface Subject {
  readonly nowMs: number;
  after(delayMs: number, run: () => void): void;
  /** A line in the trace. */
  note(who: string, kind: string, text: () => string): void;
  /**
   * Gives a command to a peer that runs, `via` where that one does; `done` is told what became of it, or 'lost' where
   * the peer died first. Returns the name of the peer, undefined where none runs.
   */
  ask(
    command: Command,
    patienceMs: number,
    done: (reply: Reply | 'lost') => void,
    via?: string,
    how?: AskWay,
  ): string | undefined;
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

type Call = Pick<CallStep, 'client' | 'key' | 'act'> & { readonly via?: string };

/** Where clients work: on what, where they write down what they saw, and who is told what they did. */
export interface Home {
  readonly subject: Subject;
  readonly history: History;
  readonly record: (step: Step) => void;
}

/** Clients that put, get, append, increment and delete, one operation each at a time, and write down what they saw. */
export class Workload {
  readonly #subject: Subject;
  readonly #random: Random;
  readonly #history: History;
  readonly #options: WorkloadOptions;
  readonly #record: (step: CallStep) => void;
  #isRunning = false;
  #unresolved = 0;
  #values = 0;
  done = 0;
  refused = 0;
  unknown = 0;
  resolved = 0;
  /** Answers that no command of theirs can have: each is a violation. */
  readonly surprises: string[] = [];

  constructor(home: Home, random: Random, options: WorkloadOptions) {
    this.#subject = home.subject;
    this.#random = random;
    this.#history = home.history;
    this.#record = home.record;
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

  /** A client asks now what the step says. */
  perform({ client, key, act, via }: CallStep): void {
    this.#run({ client, key, act, via }, () => undefined);
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
      this.#run({ client: 0, key: keyName(i), act: { kind: 'get' } }, () => {
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
    const call = { client, key: keyName(i), act: this.#choose(i) };
    const atMs = this.#subject.nowMs;
    const via = this.#run(call, () => this.#pause(client));
    if (via !== undefined) this.#record({ kind: 'call', atMs, ...call, via });
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

  /** Returns the name of the peer that was asked; undefined where none runs. */
  #run({ client, key, act, via }: Call, then: () => void): string | undefined {
    const operation = this.#history.begin(client, key, act, this.#subject.nowMs);
    this.#subject.note(`client-${client}`, 'asks', () => actText(key, act));
    const done = (reply: Reply | 'lost'): void => {
      this.#subject.note(`client-${client}`, 'told', () => `${actText(key, act)}: ${replyText(reply)}`);
      this.#settle(operation, reply);
      then();
    };
    const asked = this.#subject.ask(commandFor(key, act), this.#options.patienceMs, done, via);
    if (asked !== undefined) return asked;
    this.#history.forget(operation);
    then();
    return undefined;
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
      const asked = this.#subject.ask(command, this.#options.patienceMs, (reply) => {
        if (reply === 'lost' || reply.kind !== 'done' || !this.#learn(operation, reply.answer)) again();
      });
      if (asked === undefined) again();
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
