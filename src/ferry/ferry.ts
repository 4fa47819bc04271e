import { assert, type Bytes, must, type Schema, unreachable } from '../base/index.ts';
import {
  type AnyDefinition,
  type Border,
  type Context,
  component,
  type Definition,
  type Hearer,
  type Ports,
  parseAcross,
} from '../component/index.ts';
import type { Address, World } from '../world/index.ts';
import type { Berth } from './berth.ts';
import { Conduit } from './conduit.ts';
import type { Told } from './distantRef.ts';
import { guestOf } from './guest.ts';
import { guestsMax, itemBytesMax, lookMs, silenceMs } from './limits.ts';
import { type FerryMessage, ferryProtocol, type Item } from './messages.ts';
import { References } from './references.ts';

/** A definition that other peers may place here, and how its init is written. */
export interface Offer {
  readonly definition: AnyDefinition;
  readonly init: Schema<unknown>;
}

export function offer<P extends Ports, R extends Ports, I>(definition: Definition<P, R, I>, init: Schema<I>): Offer {
  return { definition: definition as unknown as AnyDefinition, init: init as Schema<unknown> };
}

/** One end of a component's stay on another peer. */
interface Passage {
  readonly name: string;
  readonly to: Address;
  readonly conduit: Conduit;
  readonly references: References;
  /** Asks for the component, until its peer has been heard. */
  opening: FerryMessage | undefined;
  readonly deliver: (item: Item) => void;
  readonly confirmed: () => void;
  readonly ended: (reason: string) => void;
}

/** What a placed component is told by its ferry. */
export interface Passenger {
  readonly to: Address;
  readonly definition: string;
  readonly init: (border: Border) => Bytes;
  /** Takes what is told to references that came from there. */
  readonly post: Hearer<Told>;
  /** An event came. */
  readonly deliver: (item: Item) => void;
  /** Events that were on the way have arrived. */
  readonly confirmed: () => void;
  /** The component there is lost. Told once, unless the passenger has left before. */
  readonly ended: (reason: string) => void;
}

/** What a placed component may ask of its ferry. */
export interface Ticket {
  send(item: Item): void;
  readonly isFull: boolean;
  readonly isHalfEmpty: boolean;
  /** Nothing can be sent any more. */
  readonly isOver: boolean;
  /** Those that cross with its events. */
  readonly references: References;
  leave(): void;
}

const required = { network: ferryProtocol.port };
type FerryContext = Context<Record<never, never>, typeof required>;

/**
 * Carries events between components here and components of other peers that live elsewhere, both ways, and lets components
 * of other peers live here. One for each peer: create its `component` once and connect it to the network.
 */
export class Ferry {
  readonly #world: World;
  readonly #offers: ReadonlyMap<string, Offer>;
  readonly #passages = new Map<string, Passage>();
  #context: FerryContext | undefined;
  #isFlushDue = false;
  #guests = 0;
  /** Drawn when it is first needed: a peer that was started anew is another. */
  #home: string | undefined = undefined;

  constructor(world: World, offers: readonly Offer[]) {
    this.#world = world;
    this.#offers = new Map(offers.map((one) => [one.definition.name, one]));
  }

  get component(): Definition<Record<never, never>, typeof required, void> {
    return component('ferry', { requires: required, setup: (context) => this.#setUp(context) });
  }

  /** Asks a peer to create a component, and carries its events from now on. */
  embark({ to, definition, init, post, deliver, confirmed, ended }: Passenger): Ticket {
    const name = `a${this.#world.entropy.hex(16)}`;
    const ends = { deliver, confirmed, ended };
    const passage = this.#open(name, to, ends, post);
    passage.opening = { kind: 'open', passage: otherEnd(name), definition, init: init(passage.references) };
    this.#send(to, passage.opening);
    return this.#ticketOf(passage);
  }

  /** One end of a passage. */
  #open(
    name: string,
    to: Address,
    ends: Pick<Passage, 'deliver' | 'confirmed' | 'ended'>,
    post: Hearer<Told>,
  ): Passage {
    const conduit = new Conduit(otherEnd(name), this.#nowMs());
    const home = (): string => (this.#home ??= this.#world.entropy.hex(16));
    const references = new References({
      get home() {
        return home();
      },
      peer: to,
      send: (item) => this.#push(passage, item),
      countUnconfirmed: (number) => conduit.countFor(number),
      post,
    });
    const passage: Passage = { name, to, conduit, references, opening: undefined, ...ends };
    this.#passages.set(name, passage);
    return passage;
  }

  #ticketOf(passage: Passage): Ticket {
    const { name, to, conduit, references } = passage;
    const isOver = (): boolean => !this.#passages.has(name);
    return {
      send: (item) => {
        assert(!isOver(), () => `the passage to ${to} is over`);
        this.#push(passage, item);
      },
      get isFull(): boolean {
        return conduit.isFull;
      },
      get isHalfEmpty(): boolean {
        return conduit.isHalfEmpty;
      },
      get isOver(): boolean {
        return isOver();
      },
      references,
      leave: () => {
        if (!this.#forget(passage, 'what came from there was killed or set up anew here')) return;
        this.#send(to, { kind: 'close', passage: otherEnd(name) });
      },
    };
  }

  #setUp(context: FerryContext): void {
    this.#context = context;
    const { network } = context.requires;
    network.on.received(({ from, message }) => this.#hear(from, message));
    const look = context.ref(() => {
      this.#look();
      this.#world.timer.after(lookMs, look);
    });
    context.onStart(() => look.tell(undefined));
  }

  #nowMs(): number {
    return this.#world.clock.monotonicMs();
  }

  #send(to: Address, message: FerryMessage): void {
    assert(this.#context !== undefined, 'a ferry carries nothing before its component was created');
    this.#context.requires.network.emit.send({ to, message });
  }

  #push({ conduit }: Passage, item: Item): void {
    assert(
      item.payload.length <= itemBytesMax,
      () => `an event of ${item.payload.length} bytes is too large to be ferried`,
    );
    conduit.push(item, this.#nowMs());
    this.#flushAtTurnEnd();
  }

  #flushAtTurnEnd(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    this.#context?.atTurnEnd(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushDue = false;
    const nowMs = this.#nowMs();
    for (const { to, conduit, opening } of this.#passages.values()) {
      // What came before the component was there would find nobody.
      if (opening === undefined) for (const message of conduit.outgoing(nowMs)) this.#send(to, message);
    }
  }

  #look(): void {
    const nowMs = this.#nowMs();
    for (const passage of [...this.#passages.values()]) {
      const silentMs = nowMs - passage.conduit.lastHeardMs;
      if (silentMs > silenceMs) this.#end(passage, `nothing was heard of ${passage.to} for ${silenceMs} ms`);
      else if (passage.opening !== undefined) this.#send(passage.to, passage.opening);
    }
    this.#flush();
  }

  #end(passage: Passage, reason: string): void {
    if (this.#forget(passage, reason)) passage.ended(reason);
  }

  /** False where it was forgotten before. */
  #forget({ name, references }: Passage, reason: string): boolean {
    const isKnown = this.#passages.delete(name);
    if (isKnown) references.end(reason);
    return isKnown;
  }

  #hear(from: Address, message: FerryMessage): void {
    const passage = this.#passages.get(message.passage);
    switch (message.kind) {
      case 'open':
        if (passage === undefined) this.#welcome(from, message);
        else this.#send(from, firstWord(message.passage));
        return;
      case 'items':
        if (passage === undefined)
          this.#send(from, { kind: 'gone', passage: otherEnd(message.passage), reason: 'it is not there' });
        else this.#take(passage, message);
        return;
      case 'gone':
        if (passage !== undefined) this.#end(passage, message.reason);
        return;
      case 'close':
        if (passage !== undefined) this.#end(passage, 'it is wanted no more');
        return;
      default:
        unreachable(message);
    }
  }

  #take(passage: Passage, message: Extract<FerryMessage, { kind: 'items' }>): void {
    passage.opening = undefined;
    for (const item of passage.conduit.hear(message, this.#nowMs())) passage.deliver(item);
    passage.confirmed();
    this.#flushAtTurnEnd();
  }

  /** Creates the component that another peer asks for, or says why not. */
  #welcome(from: Address, { passage: name, definition, init }: Extract<FerryMessage, { kind: 'open' }>): void {
    const refuse = (reason: string): void => this.#send(from, { kind: 'gone', passage: otherEnd(name), reason });
    const offered = this.#offers.get(definition);
    if (offered === undefined) return refuse(`${definition} is not offered there`);
    if (this.#guests >= guestsMax) return refuse(`${guestsMax} guests are there already`);
    let berth: Berth | undefined;
    const there = (): Berth => must(berth, () => `${definition} has no berth yet`);
    const passage = this.#open(
      name,
      from,
      { deliver: (item) => there().heard.tell(item), confirmed: () => berth?.resume(), ended: () => guest.kill() },
      { tell: (told) => there().post.tell(told) },
    );
    const known = parseAcross(passage.references, offered.init, init);
    if (!known.ok) {
      this.#forget(passage, known.error);
      return refuse(known.error);
    }
    this.#guests++;
    const failed = (): void => {
      this.#guests--;
      if (this.#forget(passage, 'what was placed there is gone')) refuse('it failed there');
    };
    const moored = (made: Berth): void => {
      berth = made;
      made.board(this.#ticketOf(passage));
    };
    const lodging = { definition: offered.definition, init: known.value, moored, failed };
    const guest = this.#context!.create(guestOf(lodging), undefined, { name, supervise: { on: 'destroy' } });
    if (this.#passages.has(name)) this.#send(from, firstWord(name));
  }
}

/** The two ends of a passage differ in the first letter of their names, since a peer may place a component on itself. */
function otherEnd(name: string): string {
  return (name.startsWith('a') ? 'b' : 'a') + name.slice(1);
}

/** Tells the other end that this one is there. */
function firstWord(name: string): FerryMessage {
  return { kind: 'items', passage: otherEnd(name), first: 0, received: 0, items: [] };
}
