import { bytesOfText, Random, textOfBytes } from '../base/index.ts';
import type { Answer, Command, SimpleCommand } from '../command/index.ts';
import type { Reply } from '../store/index.ts';
import type { Subject } from './workload.ts';

/** Between borders at which scenarios split cells, so that some lie in several. */
const pages: readonly string[] = ['x0-page', 'x1-page', 'x2-page', 'x3-page'];
const wordsOfPage = 100;
const editors = 4;
const pushers = 1;
const pauseMs = 250;
const patienceMs = 2_000;
const leaseMs = 900;
/** Some think for longer than a lease lasts, and some of them forget to renew it. */
const thoughtMsMax = 1_400;
const forgetful = 0.3;
const looksMax = 12;

/** What one editor is about, from its first reservation to its last try. */
interface Plan {
  readonly editor: number;
  readonly isExclusive: boolean;
  readonly order: readonly string[];
  sinceMs: number | undefined;
  looksLeft: number;
}

interface Attempt {
  readonly plan: Plan;
  readonly holder: string;
  /** What was read of each page, once that was reserved. */
  readonly read: Map<string, number>;
}

/**
 * People who move words between pages that they have reserved, without any other check, and who count the words of all pages while they
 * share them; and others who move words without looking. Some think for too long. What was read under a reservation must be there
 * still when what rests on it happens (TX-20, TX-21), and no word may come or go.
 */
export class Editors {
  readonly #subject: Subject;
  readonly #random: Random;
  #isRunning = false;
  #tries = 0;
  edits = 0;
  counts = 0;
  readonly violations: string[] = [];

  constructor(subject: Subject, seed: number) {
    this.#subject = subject;
    this.#random = new Random(Math.imul(seed, 0x7feb352d) >>> 0);
  }

  start(): void {
    this.#isRunning = true;
    this.#found();
  }

  stop(): void {
    this.#isRunning = false;
  }

  /** The pages are written once, in a transaction that only their absence admits. */
  #found(): void {
    const checks = pages.map((key) => ({ key, version: 0 }));
    const commands = pages.map((key) => put(key, wordsOfPage));
    this.#ask({ kind: 'transaction', checks, ranges: [], commands }, (answer) => {
      if (answer?.kind !== 'executed' && answer?.kind !== 'conflict') return this.#later(() => this.#found());
      for (let i = 0; i < editors; i++) this.#begin(i);
      for (let i = 0; i < pushers; i++) this.#push();
    });
  }

  #begin(editor: number): void {
    const isExclusive = this.#random.chance(0.7);
    const order = this.#random.shuffle(pages).slice(0, isExclusive ? 2 : pages.length);
    this.#later(() => this.#try({ editor, isExclusive, order, sinceMs: undefined, looksLeft: looksMax }));
  }

  #try(plan: Plan): void {
    this.#reserve({ plan, holder: `${plan.editor}.${++this.#tries}`, read: new Map() }, 0);
  }

  #reserve(attempt: Attempt, at: number): void {
    const { plan, holder, read } = attempt;
    const { order, isExclusive, sinceMs, editor } = plan;
    const key = order[at];
    if (key === undefined) return this.#think(attempt);
    const label = `editor ${editor}`;
    this.#ask({ kind: 'reserve', key, holder, label, sinceMs, isExclusive, leaseMs }, (answer) => {
      if (answer?.kind !== 'reserved') return this.#end(attempt);
      plan.sinceMs ??= answer.sinceMs;
      const { obstacle } = answer;
      if (obstacle !== undefined) {
        if (plan.looksLeft-- === 0) return this.#end(attempt);
        const isOlder = (plan.sinceMs - obstacle.sinceMs || (holder < obstacle.holder ? -1 : 1)) < 0;
        if (at > 0 && !isOlder) return this.#release(attempt, () => this.#later(() => this.#try(plan)));
        return this.#subject.after(20 + 60 * this.#random.fraction(), () => this.#reserve(attempt, at));
      }
      this.#ask({ kind: 'get', key }, (found) => {
        if (found?.kind !== 'value') return this.#end(attempt);
        read.set(key, Number(textOfBytes(found.value)));
        this.#reserve(attempt, at + 1);
      });
    });
  }

  #think(attempt: Attempt): void {
    const { plan } = attempt;
    const thoughtMs = this.#random.fraction() * thoughtMsMax;
    const renews = !this.#random.chance(forgetful);
    for (let atMs = leaseMs / 3; renews && atMs < thoughtMs; atMs += leaseMs / 3) {
      const renewAll = (): void => {
        for (const key of plan.order) this.#ask(renewal(attempt, key), () => undefined);
      };
      this.#subject.after(atMs, renewAll);
    }
    this.#subject.after(thoughtMs, () => this.#commit(attempt));
  }

  /** No check but that the reservations are held; what is there is read along, and must be what was read before. */
  #commit(attempt: Attempt): void {
    const { plan, read } = attempt;
    const renewals = plan.order.map((key) => renewal(attempt, key));
    const looks = plan.order.map((key): SimpleCommand => ({ kind: 'get', key }));
    const moved = this.#random.between(1, 9);
    const [from, to] = plan.order;
    const writes = plan.isExclusive ? [put(from!, read.get(from!)! - moved), put(to!, read.get(to!)! + moved)] : [];
    const commands = [...renewals, ...looks, ...writes];
    this.#ask({ kind: 'transaction', checks: [], ranges: [], commands }, (answer) => {
      if (answer?.kind === 'executed') this.#judge(attempt, answer.answers.slice(renewals.length));
      this.#end(attempt);
    });
  }

  #judge({ plan, holder, read }: Attempt, found: readonly Answer[]): void {
    if (plan.isExclusive) this.edits++;
    else this.counts++;
    for (const [i, key] of plan.order.entries()) {
      const answer = found[i];
      const now = answer?.kind === 'value' ? Number(textOfBytes(answer.value)) : undefined;
      if (now !== read.get(key))
        this.#wrong(`TX-20: ${key} was ${read.get(key)} when ${holder} had reserved it, and then ${now}`);
    }
    const sum = [...read.values()].reduce((total, words) => total + words, 0);
    const expected = wordsOfPage * pages.length;
    if (!plan.isExclusive && sum !== expected)
      this.#wrong(`TX-20: ${holder} shared all pages and counted ${sum} words, not ${expected}`);
  }

  #wrong(text: string): void {
    this.violations.push(`at ${this.#subject.nowMs.toFixed(1)} ${text}`);
  }

  #end(attempt: Attempt): void {
    // Some go without a word.
    if (this.#random.chance(0.1)) this.#begin(attempt.plan.editor);
    else this.#release(attempt, () => this.#begin(attempt.plan.editor));
  }

  #release({ plan, holder }: Attempt, then: () => void): void {
    let open = plan.order.length;
    for (const key of plan.order) {
      this.#ask({ kind: 'release', key, holder }, () => {
        open--;
        if (open === 0) then();
      });
    }
  }

  /** Moves words without a look: what is reserved is waited for. */
  #push(): void {
    const [from, to] = this.#random.shuffle(pages);
    const commands: SimpleCommand[] = [increment(from!, -1), increment(to!, 1)];
    this.#ask({ kind: 'transaction', checks: [], ranges: [], commands }, () => this.#later(() => this.#push()));
  }

  #later(then: () => void): void {
    this.#subject.after(-Math.log(1 - this.#random.fraction()) * pauseMs, () => {
      if (this.#isRunning) then();
    });
  }

  /** Undefined where nobody knows what became of it, or nothing did. */
  #ask(command: Command, then: (answer: Answer | undefined) => void): void {
    const asked = this.#subject.ask(command, patienceMs, (reply: Reply | 'lost') =>
      then(reply !== 'lost' && reply.kind === 'done' ? reply.answer : undefined),
    );
    if (asked === undefined) this.#subject.after(pauseMs, () => then(undefined));
  }
}

function renewal({ plan: { isExclusive }, holder }: Attempt, key: string): SimpleCommand {
  return { kind: 'renew', key, holder, isExclusive, leaseMs };
}

function increment(key: string, by: number): SimpleCommand {
  return { kind: 'increment', key, by };
}

function put(key: string, words: number): SimpleCommand {
  const how = { when: { kind: 'always' }, expiry: { kind: 'never' }, returnPrevious: false } as const;
  return { kind: 'put', key, value: bytesOfText(String(words)), ...how };
}
