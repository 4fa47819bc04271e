import { emptyBytes, must } from '../base/index.ts';
import {
  type Context,
  type Crossing,
  encodeAcross,
  type Hearer,
  hearCrossing,
  type Landing,
  type Occupation,
  type Ports,
  parseAcross,
  sayCrossing,
} from '../component/index.ts';
import type { Told } from './distantRef.ts';
import type { Ticket } from './ferry.ts';
import { crossings, type Item } from './messages.ts';

type Owner = Pick<Context<Ports, Ports>, 'path' | 'ref' | 'occupy'>;

/** What crosses at a berth, and where. */
export interface Traffic {
  /** What its component hears and sends away. */
  readonly leaves: readonly Crossing[];
  /** What comes and is said by its component. */
  readonly comes: readonly Crossing[];
  readonly landing: (crossing: Crossing) => Landing;
  /** Something else than an event came. */
  readonly control: (crossing: number) => void;
}

/** One end of a passage, in the component that stands for what is at the other end. All that crosses is an event of that one. */
export class Berth {
  /** Takes what came. */
  readonly heard: Hearer<Item>;
  /** Takes what is told to references of the other peer. */
  readonly post: Hearer<Told>;
  readonly #owner: Owner;
  readonly #traffic: Traffic;
  readonly #failed: Hearer<Error>;
  #ticket: Ticket | undefined;
  #waiting: Occupation | undefined;

  constructor(owner: Owner, traffic: Traffic) {
    this.#owner = owner;
    this.#traffic = traffic;
    this.heard = owner.ref<Item>((item) => this.#hear(item));
    this.post = owner.ref<Told>((one) => this.#tell(one));
    this.#failed = owner.ref<Error>((error) => {
      throw error;
    });
    for (const [index, one] of traffic.leaves.entries())
      hearCrossing(traffic.landing(one), one, (payload) => this.#leave(index, one, payload));
  }

  get ticket(): Ticket | undefined {
    return this.#ticket;
  }

  board(ticket: Ticket): void {
    this.#ticket = ticket;
  }

  control(crossing: number): void {
    if (this.#ticket?.isOver === false) this.#ticket.send({ crossing, payload: emptyBytes });
  }

  /** Events that were on the way have arrived. */
  resume(): void {
    if (this.#waiting === undefined || this.#ticket?.isHalfEmpty === false) return;
    this.#waiting.end(() => {});
    this.#waiting = undefined;
  }

  fail(error: Error): void {
    if (this.#waiting === undefined) this.#failed.tell(error);
    else this.#waiting.fail(error);
  }

  #leave(index: number, { schema }: Crossing, payload: unknown): void {
    const ticket = must(this.#ticket, () => `${this.#owner.path} has not embarked`);
    this.#send(ticket, {
      crossing: crossings.events + index,
      payload: encodeAcross(ticket.references, schema, payload),
    });
  }

  #tell(one: Told): void {
    const ticket = this.#ticket;
    if (ticket?.isOver === false && !one.to.isLost) this.#send(ticket, ticket.references.itemOf(one));
  }

  #send(ticket: Ticket, item: Item): void {
    ticket.send(item);
    if (ticket.isFull) this.#waiting ??= this.#owner.occupy('a full passage', undefined);
  }

  #hear(item: Item): void {
    const { crossing, payload } = item;
    const { references } = must(this.#ticket, () => `${this.#owner.path} has not embarked`);
    if (crossing === crossings.tell || crossing === crossings.forget) return references.hear(item);
    if (crossing < crossings.events) return this.#traffic.control(crossing);
    const one = must(
      this.#traffic.comes[crossing - crossings.events],
      () => `${this.#owner.path}: no event ${crossing} may come`,
    );
    // A copy is read, since events may outlive the turn in which their message came.
    const known = parseAcross(references, one.schema, payload.slice());
    if (!known.ok) throw new TypeError(`${one.port}.${one.event} cannot be read: ${known.error}`);
    sayCrossing(this.#traffic.landing(one), one, known.value);
  }
}
