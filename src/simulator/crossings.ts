import { bytesOfText, Random, textOfBytes } from '../base/index.ts';
import type { Answer, Command, OperationId, SimpleCommand } from '../command/index.ts';
import type { Reply } from '../store/index.ts';
import type { AskWay } from './caller.ts';
import type { Exchange } from './exchange.ts';
import { resolveAttemptsMax, resolveEveryMs } from './limits.ts';
import { strictlySerializable } from './serializability.ts';
import type { Subject } from './workload.ts';

const prefix = 'x';
const keys = Array.from({ length: 6 }, (_, i) => `${prefix}${i}`);
const clients = 3;
const pauseMs = 300;
const patienceMs = 2_000;

/** What a client asked: whatever it writes is written by nobody else. */
interface Wish {
  readonly command: Command;
  readonly reads: readonly string[];
  readonly writes: readonly (readonly [key: string, value: string])[];
}

interface Told {
  readonly reads: readonly (readonly [key: string, value: string | undefined])[];
}

type Crossing = Exchange<Wish, Told>;

/**
 * Clients that read and write keys of several cells in one transaction, some of them one key alone. All that they saw must
 * be explained by one order of what they did. They draw from a generator of their own, and are there only where a run asks
 * for it: so other runs go as they would without them.
 */
export class Crossings {
  readonly #subject: Subject;
  readonly #random: Random;
  readonly #how: AskWay;
  readonly #exchanges = new Map<number, Crossing>();
  #isRunning = false;
  #values = 0;
  #asked = 0;
  /** Transactions that are being asked after. */
  unresolved = 0;
  done = 0;

  constructor(subject: Subject, seed: number, how: AskWay = {}) {
    this.#subject = subject;
    this.#how = how;
    this.#random = new Random(Math.imul(seed, 0x27d4eb2f) >>> 0);
  }

  start(): void {
    this.#isRunning = true;
    for (let client = 1; client <= clients; client++) this.#pause(client);
  }

  stop(): void {
    this.#isRunning = false;
  }

  /** Reads all keys at one moment; `then` is told whether it could. */
  readAll(then: (isDone: boolean) => void): void {
    this.#run(clients + 1, this.#read(keys), (reply) => then(reply !== 'lost' && reply.kind === 'done'));
  }

  violations(): readonly string[] {
    const transaction = ({ writes }: Wish, told: Told | undefined) => ({ reads: told?.reads ?? [], writes });
    return strictlySerializable({ transaction }).judge([...this.#exchanges.values()]);
  }

  #pause(client: number): void {
    this.#subject.after(-Math.log(1 - this.#random.fraction()) * pauseMs, () => {
      if (this.#isRunning) this.#run(client, this.#wish(), () => this.#pause(client));
    });
  }

  #wish(): Wish {
    const chosen = this.#random.shuffle(keys).slice(0, this.#random.between(2, 3));
    const draw = this.#random.fraction();
    if (draw < 0.25) return this.#read(draw < 0.1 ? keys : chosen);
    if (draw < 0.35) return this.#read(chosen.slice(0, 1));
    if (draw < 0.45) return this.#write([], chosen.slice(0, 1));
    if (draw < 0.6) return this.#write([], chosen);
    return this.#write(chosen, chosen.slice(0, this.#random.between(1, chosen.length)));
  }

  #read(reads: readonly string[]): Wish {
    return { command: { kind: 'getMany', keys: reads }, reads, writes: [] };
  }

  #write(reads: readonly string[], written: readonly string[]): Wish {
    const writes = written.map((key) => [key, `${++this.#values}`] as const);
    const commands: SimpleCommand[] = reads.length > 0 ? [{ kind: 'getMany', keys: reads }] : [];
    const entries = writes.map(([key, value]) => ({ key, value: bytesOfText(value) }));
    commands.push({ kind: 'putMany', entries, whenAllAbsent: false });
    return { command: { kind: 'transaction', checks: [], ranges: [], commands }, reads, writes };
  }

  #run(client: number, wish: Wish, then: (reply: Reply | 'lost') => void): void {
    const { nowMs } = this.#subject;
    const id = ++this.#asked;
    const done = (reply: Reply | 'lost'): void => {
      this.#subject.note(`crosser-${client}`, 'told', () => `${id}: ${reply === 'lost' ? reply : reply.kind}`);
      this.#settle(id, reply);
      then(reply);
    };
    const via = this.#subject.ask(wish.command, patienceMs, done, undefined, this.#how);
    if (via === undefined) return then('lost');
    this.#subject.note(`crosser-${client}`, 'asks', () => `${id}: ${JSON.stringify({ ...wish, command: undefined })}`);
    const open = { invokedMs: nowMs, returnedMs: Number.POSITIVE_INFINITY, answer: undefined };
    this.#exchanges.set(id, { client, call: wish, via, ...open });
  }

  #settle(id: number, reply: Reply | 'lost'): void {
    if (reply === 'lost') return;
    if (reply.kind === 'refused') return void this.#exchanges.delete(id);
    if (reply.kind === 'unknown') {
      this.unresolved++;
      return this.#resolve(id, reply.operation, resolveAttemptsMax);
    }
    this.done++;
    this.#told(id, readIn(this.#exchanges.get(id)!.call, reply.answer));
  }

  #told(id: number, reads: Told['reads']): void {
    const returnedMs = this.#subject.nowMs;
    this.#exchanges.set(id, { ...this.#exchanges.get(id)!, returnedMs, answer: { reads } });
  }

  /** Asks until it is known what became of it: one that never happened must be seen by nobody. */
  #resolve(id: number, operation: OperationId, attempts: number): void {
    const again = (): void => {
      if (attempts > 1) this.#resolve(id, operation, attempts - 1);
      else this.unresolved--;
    };
    this.#subject.after(resolveEveryMs, () => {
      const asked = this.#subject.ask({ kind: 'resolve', ...operation }, patienceMs, (reply) => {
        const answer = reply !== 'lost' && reply.kind === 'done' ? reply.answer : undefined;
        if (answer?.kind !== 'outcome') return again();
        this.unresolved--;
        if (answer.state === 'never') this.#exchanges.delete(id);
        if (answer.state === 'executed') this.#told(id, []);
      });
      if (asked === undefined) again();
    });
  }
}

/** What the answer says of the keys that were read. */
function readIn({ reads }: Wish, answer: Answer): Told['reads'] {
  const many = answer.kind === 'executed' ? answer.answers[0] : answer;
  if (reads.length === 0) return [];
  if (many?.kind !== 'many') throw new Error(`keys were read and the answer is ${answer.kind}`);
  return reads.map((key, i) => {
    const one = many.answers[i]!;
    return [key, one.kind === 'value' ? textOfBytes(one.value) : undefined] as const;
  });
}
