import { Random, textOfBytes } from '../base/index.ts';
import type { Command, SimpleCommand } from '../command/index.ts';
import type { Reply } from '../store/index.ts';
import type { Subject } from './workload.ts';

const prefix = 'y';
const counters = Array.from({ length: 4 }, (_, i) => `${prefix}${i}`);
const writers = 2;
const readers = 3;
const pauseMs = 120;
const patienceMs = 2_000;
/** How old what is read may be. */
const agesMs: readonly number[] = [150, 300, 1_000, 5_000, Number.POSITIVE_INFINITY];

/** What a counter was, as somebody was told at that time. */
interface Told {
  readonly atMs: number;
  readonly value: number;
}

/**
 * Clients that count, in one transaction for several counters, and others who read the counters of the nearest member. A counter
 * only grows, so what is read of it is wrong if somebody had been told more before the oldest moment that the reader would
 * take, or if less was counted in all. They draw from a generator of their own.
 */
export class StaleReaders {
  readonly #subject: Subject;
  readonly #random: Random;
  readonly #told = new Map<string, Told[]>();
  readonly #begun = new Map<string, number>();
  #isRunning = false;
  readonly violations: string[] = [];

  constructor(subject: Subject, seed: number) {
    this.#subject = subject;
    this.#random = new Random(Math.imul(seed, 0x2c1b3c6d) >>> 0);
  }

  start(): void {
    this.#isRunning = true;
    for (let i = 0; i < writers; i++) this.#pause(() => this.#count());
    for (let i = 0; i < readers; i++) this.#pause(() => this.#read());
  }

  stop(): void {
    this.#isRunning = false;
  }

  #pause(then: () => void): void {
    this.#subject.after(-Math.log(1 - this.#random.fraction()) * pauseMs, () => {
      if (this.#isRunning) then();
    });
  }

  #count(): void {
    const chosen = this.#random.shuffle(counters).slice(0, this.#random.between(1, 3));
    const commands = chosen.map((key): SimpleCommand => ({ kind: 'increment', key, by: 1 }));
    for (const key of chosen) this.#begun.set(key, (this.#begun.get(key) ?? 0) + 1);
    const again = (): void => this.#pause(() => this.#count());
    const asked = this.#subject.ask({ kind: 'transaction', checks: [], ranges: [], commands }, patienceMs, (reply) => {
      this.#note(chosen, reply);
      again();
    });
    if (asked === undefined) again();
  }

  #note(keys: readonly string[], reply: Reply | 'lost'): void {
    if (reply === 'lost' || reply.kind !== 'done' || reply.answer.kind !== 'executed') return;
    const atMs = this.#subject.nowMs;
    for (const [i, answer] of reply.answer.answers.entries()) {
      const value = answer.kind === 'integer' ? Number(answer.value) : 0;
      const told = this.#told.get(keys[i]!) ?? [];
      this.#told.set(keys[i]!, told);
      told.push({ atMs, value: Math.max(value, told.at(-1)?.value ?? 0) });
    }
  }

  #read(): void {
    const staleMs = this.#random.pick(agesMs);
    const key = this.#random.chance(0.7) ? this.#random.pick(counters) : undefined;
    const askedMs = this.#subject.nowMs;
    const again = (): void => this.#pause(() => this.#read());
    const done = (reply: Reply | 'lost'): void => {
      for (const [one, value] of valuesIn(key, reply)) this.#judge(one, value, askedMs, staleMs);
      again();
    };
    const asked = this.#subject.ask(key === undefined ? all : { kind: 'get', key }, patienceMs, done, undefined, {
      staleMs,
    });
    if (asked === undefined) again();
  }

  #judge(key: string, value: number, askedMs: number, staleMs: number): void {
    const known = (this.#told.get(key) ?? []).filter(({ atMs }) => atMs < askedMs - staleMs).at(-1)?.value ?? 0;
    const begun = this.#begun.get(key) ?? 0;
    const about = `${key} was read at ${askedMs.toFixed(1)} as ${value}`;
    if (value < known) this.violations.push(`TX-18: ${about}, and was ${known} more than ${staleMs} ms before`);
    if (value > begun) this.violations.push(`TX-18: ${about}, and counted ${begun} times`);
  }
}

const all: Command = {
  kind: 'range',
  from: prefix,
  to: `${prefix}~`,
  rowsMax: 10,
  bytesMax: 1_000,
  isDown: false,
  withValues: true,
};

/** The counters that an answer tells of: one, or all. */
function valuesIn(key: string | undefined, reply: Reply | 'lost'): (readonly [string, number])[] {
  if (reply === 'lost' || reply.kind !== 'done') return [];
  const { answer } = reply;
  if (key !== undefined) return [[key, answer.kind === 'value' ? Number(textOfBytes(answer.value)) : 0]];
  const rows = answer.kind === 'rows' ? answer.rows : [];
  return counters.map((one) => {
    const row = rows.find((found) => found.key === one);
    return [one, row === undefined ? 0 : Number(textOfBytes(row.value))];
  });
}
