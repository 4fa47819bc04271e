import { assert, failure, must, type Result, type Schema, success, text, varint } from '../base/index.ts';
import { borderOf } from './border.ts';
import type { Gate, Listener } from './gate.ts';
import type { Instance } from './instance.ts';
import { openAsksMax } from './limits.ts';
import type { AnyEvents, Inside, PayloadOf } from './port.ts';
import { EmitView } from './view.ts';

/** Which question an event belongs to: who asked, and which of its questions it is. The answer carries it back as it is. */
export interface Correlation {
  readonly asker: number;
  readonly number: number;
  /** The system that the asker belongs to, where it was asked on another peer. */
  readonly home?: string;
}

/** How a correlation goes to another thread or peer: from there on it says whose it is, until it comes back. */
export const correlation: Schema<Correlation> = {
  write: (writer, { asker, number, home }) => {
    varint.write(writer, asker);
    varint.write(writer, number);
    text.write(writer, home ?? borderOf(writer)?.home ?? '');
  },
  read: (reader) => {
    const [asker, number, home] = [varint.read(reader), varint.read(reader), text.read(reader)];
    return home === '' || home === borderOf(reader)?.home ? { asker, number } : { asker, number, home };
  },
};

/** What the payload of a question, and of its answer, must have. */
export interface Correlated {
  readonly correlation: Correlation;
}

/** What one asks, without what `ask` adds. */
export type Uncorrelated<P> = P extends Correlated ? Omit<P, 'correlation'> : never;

/** Why there is no answer: none came in time, or too many questions were open for this one to be asked. */
export type Unanswered =
  | { readonly kind: 'timeout'; readonly waitedMs: number }
  | { readonly kind: 'refused'; readonly open: number };

/** How long answers are waited for, and for how many at once. */
export interface AskOptions {
  /** How long an answer may take, in milliseconds of the system's clock. */
  readonly timeoutMs: number;
  /** How many questions may be open at once; one more is `refused`. */
  readonly openMax?: number;
}

/** Asks, and hears later what became of it, exactly once: never before this call has returned. */
export interface Ask<Q, A> {
  (question: Q, hear: (outcome: Result<A, Unanswered>) => void): void;
  /** Questions without an answer so far. */
  readonly open: number;
  /** Answers that were dropped, because they came after the time-out or a second time. */
  readonly late: number;
}

type CorrelatedNames<Es> = {
  [K in keyof Es & string]: PayloadOf<Es[K]> extends Correlated ? K : never;
}[keyof Es & string];

/**
 * Joins a question and its answer, two events of one port whose payloads have a `correlation`: `const get = ask(kv, 'get',
 * 'value', { timeoutMs: 100 })`. To be called at set-up. Whoever answers copies the correlation. After a restart the
 * questions of the earlier set-up are forgotten, and their answers heard by nobody.
 */
export function ask<
  Hears extends AnyEvents,
  Says extends AnyEvents,
  Q extends CorrelatedNames<Says>,
  A extends CorrelatedNames<Hears>,
>(
  port: Inside<Hears, Says>,
  question: Q,
  answer: A,
  options: AskOptions,
): Ask<Uncorrelated<PayloadOf<Says[Q]>>, PayloadOf<Hears[A]>> {
  const { emit } = port as unknown as { emit: EmitView };
  assert(emit instanceof EmitView, () => `asking ${question} needs a port as its component sees it`);
  const asker = new Asker(EmitView.gateOf(emit), question, answer, options);
  const asked = (payload: object, hear: Hear): void => asker.ask(payload, hear);
  Object.defineProperties(asked, { open: { get: () => asker.open }, late: { get: () => asker.late } });
  return asked as unknown as Ask<Uncorrelated<PayloadOf<Says[Q]>>, PayloadOf<Hears[A]>>;
}

type Hear = (outcome: Result<unknown, Unanswered>) => void;

interface Open {
  readonly hear: Hear;
  readonly untilMs: number;
}

/** The open questions of one `ask`. All have the same time-out, so that the oldest is always the first to be due. */
class Asker {
  readonly #gate: Gate;
  readonly #instance: Instance;
  readonly #generation: number;
  readonly #id: number;
  readonly #send: (event: unknown) => void;
  readonly #options: Required<AskOptions>;
  readonly #open = new Map<number, Open>();
  #lastNumber = 0;
  #isTimed = false;
  #late = 0;

  constructor(gate: Gate, question: string, answer: string, options: AskOptions) {
    this.#gate = gate;
    this.#instance = gate.component;
    this.#generation = this.#instance.generation;
    this.#id = this.#instance.system.drawGeneration();
    this.#options = { openMax: openAsksMax, ...options };
    assert(options.timeoutMs > 0, () => `${gate.path} asks ${question} with a time-out of ${options.timeoutMs} ms`);
    const { says, hears } = gate.plan;
    this.#send = gate.routeOf(must(says.slots.get(question), () => `${gate.path} has no ${question} to ask`)).send;
    const slot = must(hears.slots.get(answer), () => `${gate.path} has no ${answer} that answers ${question}`);
    gate.subscribe(slot, (event) => this.#answered(event as Correlated));
  }

  get open(): number {
    return this.#open.size;
  }

  get late(): number {
    return this.#late;
  }

  ask(question: object, hear: Hear): void {
    const { system } = this.#instance;
    const { timeoutMs, openMax } = this.#options;
    if (this.#open.size >= openMax) {
      const open = this.#open.size;
      system.enqueue(
        this.#listener(() => hear(failure({ kind: 'refused', open }))),
        undefined,
      );
      return;
    }
    const number = ++this.#lastNumber;
    this.#open.set(number, { hear, untilMs: system.nowMs() + timeoutMs });
    if (!this.#isTimed) this.#wakeAfter(timeoutMs);
    // Spreading the question behind another field costs twenty times as much.
    this.#send(Object.assign({ correlation: { asker: this.#id, number } }, question));
  }

  /** An answer goes to all that are connected: those of others are not even late. */
  #answered(event: Correlated): void {
    const { asker, number, home } = event.correlation;
    if (asker !== this.#id || home !== undefined) return;
    const open = this.#open.get(number);
    if (open === undefined) {
      this.#late++;
      return;
    }
    this.#open.delete(number);
    open.hear(success(event));
  }

  /** One alarm for all questions, however many are open: it is set for the oldest. */
  #wakeAfter(delayMs: number): void {
    this.#isTimed = true;
    const { system } = this.#instance;
    system.after(delayMs, () =>
      system.enqueue(
        this.#listener(() => this.#expire()),
        undefined,
      ),
    );
  }

  #expire(): void {
    this.#isTimed = false;
    const nowMs = this.#instance.system.nowMs();
    for (const [number, { hear, untilMs }] of this.#open) {
      if (untilMs > nowMs) {
        this.#wakeAfter(untilMs - nowMs);
        return;
      }
      this.#open.delete(number);
      hear(failure({ kind: 'timeout', waitedMs: this.#options.timeoutMs }));
    }
  }

  /** What a question leads to later is an event of the component like any other, and stale after a restart. */
  #listener(run: () => void): Listener {
    const wanted = (): void => {
      if (this.#instance.generation === this.#generation) run();
    };
    return { component: this.#instance, name: `ask at ${this.#gate.plan.name}`, run: wanted };
  }
}
