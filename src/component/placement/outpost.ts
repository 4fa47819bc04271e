import { Worker } from 'node:worker_threads';
import { assert } from '../../base/index.ts';
import { type Context, type Crossing, type Ports, sayCrossing } from '../index.ts';
import { Inbox } from './inbox.ts';
import type { Control, Order } from './order.ts';
import { Outbox } from './outbox.ts';
import { Ring } from './ring.ts';

/** A component's worker, as seen from the thread that its owner is in. It is made when the component first starts. */
export class Outpost {
  readonly #context: Context<Ports, Ports>;
  readonly #order: Omit<Order, 'hears' | 'says'>;
  readonly #hears: Ring;
  readonly #says: Ring;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #failed: (error: unknown) => void;
  #worker: Worker | undefined;
  #isOver = false;

  constructor(
    context: Context<Ports, Ports>,
    order: Omit<Order, 'hears' | 'says'>,
    crossings: { readonly hears: readonly Crossing[]; readonly says: readonly Crossing[] },
    ringBytes: number,
  ) {
    this.#context = context;
    this.#order = order;
    this.#hears = Ring.create(ringBytes);
    this.#says = Ring.create(ringBytes);
    const tell = (control: Control): void => this.#worker?.postMessage(control);
    this.#outbox = new Outbox(context, this.#hears, crossings.hears, tell);
    this.#inbox = new Inbox(this.#says, crossings.says, (crossing, event) => this.#say(crossing, event), tell);
    this.#failed = context.ref<unknown>((error) => {
      throw error;
    }).tell;
  }

  send(index: number, event: unknown): void {
    assert(!this.#isOver, () => `the worker of ${this.#context.path} is gone`);
    this.#outbox.send(index, event);
  }

  start(): void {
    this.#worker ??= this.#employ();
    this.#worker.postMessage({ kind: 'start' } satisfies Control);
    this.#outbox.flush();
  }

  stop(): void {
    this.#worker?.postMessage({ kind: 'stop' } satisfies Control);
  }

  end(): void {
    this.#isOver = true;
    this.#inbox.close();
    void this.#worker?.terminate();
  }

  #employ(): Worker {
    const order: Order = { ...this.#order, hears: this.#hears.shared, says: this.#says.shared };
    const worker = new Worker(new URL('./inWorker.js', import.meta.url), { workerData: order });
    worker.on('message', (control: Control) => this.#hear(control));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', (code) => this.#fail(new Error(`the worker of ${this.#context.path} ended with code ${code}`)));
    return worker;
  }

  #hear(control: Control): void {
    if (this.#isOver) return;
    if (control.kind === 'work') this.#inbox.work();
    else if (control.kind === 'room') this.#outbox.resume();
    else if (control.kind === 'fault')
      this.#fail(new Error(`${control.path} failed in its worker, at ${control.event}: ${control.message}`));
  }

  /** A worker dies once, whatever of that is heard. */
  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.end();
    if (!this.#outbox.break(error)) this.#failed(error);
  }

  #say(crossing: Crossing, payload: unknown): void {
    sayCrossing(this.#context[crossing.side][crossing.port]!, crossing, payload);
  }
}
