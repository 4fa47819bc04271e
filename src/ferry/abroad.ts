import { emptyBytes, encode, must, type Schema } from '../base/index.ts';
import {
  type AnyDefinition,
  type Context,
  type Crossing,
  crossingsOf,
  type Definition,
  type Occupation,
  type Ports,
} from '../component/index.ts';
import type { Address } from '../world/index.ts';
import type { Ferry, Passenger, Ticket } from './ferry.ts';
import { controls, decoded } from './guest.ts';
import type { Item } from './messages.ts';

type Says = (payload: unknown) => void;

/** Where a component is to run: on the peer at this address, whose ferry offers its definition. */
export interface Abroad<I> {
  readonly ferry: Ferry;
  readonly to: Address;
  readonly init: Schema<I>;
}

/**
 * The same component on another peer: a definition with the same ports and init, to be created, connected and supervised like
 * any other. If its peer is lost, or it fails there, it fails here; a restart asks for a new one. What was on the way is lost then,
 * and before that nothing is lost, doubled or reordered, whatever the network does.
 */
export function abroad<P extends Ports, R extends Ports, I, S>(
  definition: Definition<P, R, I, S>,
  { ferry, to, init: initSchema }: Abroad<I>,
): Definition<P, R, I, S> {
  const placed = definition as unknown as AnyDefinition;
  const [hears, says] = [crossingsOf(placed, 'hears'), crossingsOf(placed, 'says')];
  const setup: AnyDefinition['setup'] = (context, init) => {
    const order = { to, definition: definition.name, init: encode(initSchema, init as I) };
    const emigrant = new Emigrant(context, ferry, order, says);
    for (const [index, { side, port, event, schema }] of hears.entries())
      context[side][port]!.on[event]!((payload: unknown) => emigrant.send(controls + index, encode(schema, payload)));
    context.onStart(() => emigrant.start());
    context.onStop(() => emigrant.control(1));
    context.onEnd(() => emigrant.leave());
  };
  return { ...placed, setup } as unknown as Definition<P, R, I, S>;
}

/** What stands here for a component that lives elsewhere. It embarks when it first starts. */
class Emigrant {
  readonly #context: Context<Ports, Ports>;
  readonly #ferry: Ferry;
  readonly #order: Pick<Passenger, 'to' | 'definition' | 'init'>;
  readonly #says: readonly Crossing[];
  readonly #heard: (item: Item) => void;
  readonly #failed: (error: Error) => void;
  #ticket: Ticket | undefined;
  #waiting: Occupation | undefined;

  constructor(
    context: Context<Ports, Ports>,
    ferry: Ferry,
    order: Pick<Passenger, 'to' | 'definition' | 'init'>,
    says: readonly Crossing[],
  ) {
    this.#context = context;
    this.#ferry = ferry;
    this.#order = order;
    this.#says = says;
    this.#heard = context.ref<Item>((item) => this.#hear(item)).tell;
    this.#failed = context.ref<Error>((error) => {
      throw error;
    }).tell;
  }

  start(): void {
    this.#ticket ??= this.#ferry.embark({
      ...this.#order,
      deliver: this.#heard,
      confirmed: () => this.#resume(),
      ended: (reason) => this.#fail(new Error(`${this.#context.path} on ${this.#order.to}: ${reason}`)),
    });
    this.control(0);
  }

  control(index: number): void {
    if (this.#ticket?.isOver === false) this.#ticket.send({ crossing: index, payload: emptyBytes });
  }

  send(crossing: number, payload: Item['payload']): void {
    const ticket = must(this.#ticket, () => `${this.#context.path} has not embarked`);
    ticket.send({ crossing, payload });
    if (ticket.isFull) this.#waiting ??= this.#context.occupy('a full passage', undefined);
  }

  leave(): void {
    this.#ticket?.leave();
  }

  #hear({ crossing, payload }: Item): void {
    const one = must(this.#says[crossing], () => `${this.#context.path} says no event ${crossing}`);
    (this.#context[one.side][one.port]!.emit[one.event] as Says)(decoded(one, payload));
  }

  #resume(): void {
    if (this.#waiting === undefined || this.#ticket?.isHalfEmpty === false) return;
    this.#waiting.end(() => {});
    this.#waiting = undefined;
  }

  #fail(error: Error): void {
    if (this.#waiting === undefined) this.#failed(error);
    else this.#waiting.fail(error);
  }
}
