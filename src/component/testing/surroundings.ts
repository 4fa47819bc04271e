import {
  type AnyPort,
  type Context,
  component,
  type Definition,
  type Fault,
  type Ports,
  type State,
  type Supervision,
  System,
} from '../index.ts';
import type { Seen } from './plot.ts';
import type { VirtualTime } from './virtualTime.ts';

export type AnyTested = Definition<Ports, Ports, unknown>;
export type Side = 'provides' | 'requires';

type Says = Readonly<Record<string, (payload: unknown) => void>>;
type Hear = (handler: (payload: unknown) => void) => void;
type Hears = Readonly<Record<string, Hear & { of(type: object): Hear }>>;

/** All that the tested component is connected to: what it says is noted, and what it hears is said here. */
export class Surroundings {
  /** What the component did, in its order, until it is taken. */
  readonly seen: Seen[] = [];
  readonly #time: VirtualTime;
  readonly #says: Record<Side, Map<string, Says>> = { provides: new Map(), requires: new Map() };
  readonly #hears: Record<Side, Map<string, Hears>> = { provides: new Map(), requires: new Map() };
  /** The watched subtypes that the event has which is on its way: a subtype's handlers come right before its base's. */
  #types: object[] = [];
  readonly #watched = new Map<object, Set<string>>();
  #state: State<unknown> | undefined;
  #tellFault: ((fault: Fault) => void) | undefined;
  readonly #start: () => void;

  constructor(definition: AnyTested, init: unknown, supervise: Supervision, time: VirtualTime) {
    this.#time = time;
    const system = new System({ scheduler: time, onFault: (fault) => this.#tellFault?.(fault) });
    const root = component('story', { setup: (context) => this.#setUp(context, definition, init, supervise) });
    this.#start = system.create(root).start;
  }

  /** How a port of the tested component is called in words: with its side, where both sides have one of that name. */
  static nameOf({ provides, requires }: AnyTested, side: Side, port: string): string {
    return port in provides && port in requires ? `${side}.${port}` : port;
  }

  start(): void {
    this.#start();
  }

  /** Gives the tested component an event, of the subtype that `choose` picks where the event is open. */
  give(side: Side, port: string, event: string, choose: (say: Says[string]) => Says[string], payload: unknown): void {
    choose(this.#says[side].get(port)![event]!)(payload);
  }

  /** Notes from now on which events are of this subtype. */
  watch(side: Side, port: string, event: string, type: object): void {
    const places = this.#watched.get(type) ?? new Set();
    this.#watched.set(type, places);
    const place = `${side}.${port}.${event}`;
    if (places.has(place)) return;
    places.add(place);
    this.#hears[side].get(port)![event]!.of(type)(() => this.#types.push(type));
  }

  /** What the component knows, as its set-up gives it out; undefined where it gives out nothing. */
  get state(): State<unknown> | undefined {
    return this.#state;
  }

  #setUp(context: Context<Ports, Ports>, definition: AnyTested, init: unknown, supervise: Supervision): void {
    const tested = context.create({ ...definition, setup: this.#overheard(definition) }, init, { supervise });
    const around = context.create(this.#around(definition));
    for (const name of Object.keys(definition.provides))
      context.connect(tested.provides[name]!, around.requires[name]!);
    for (const name of Object.keys(definition.requires))
      context.connect(around.provides[name]!, tested.requires[name]!);
  }

  #overheard({ setup }: AnyTested): AnyTested['setup'] {
    return (context, init) => {
      const made = setup(context, init);
      this.#state = made ?? undefined;
      return made;
    };
  }

  /** A component with the ports of the tested one turned round. */
  #around(definition: AnyTested): Definition<Ports, Ports, void> {
    return component('surroundings', {
      provides: definition.requires,
      requires: definition.provides,
      setup: (context: Context<Ports, Ports>) => {
        // A fault is noted behind what was on the way when it happened.
        this.#tellFault = context.ref<Fault>((fault) => this.#note('fault', '', fault)).tell;
        for (const [name, { indications }] of Object.entries(definition.provides))
          this.#listen(definition, 'provides', name, context.requires[name]!, indications);
        for (const [name, { requests }] of Object.entries(definition.requires))
          this.#listen(definition, 'requires', name, context.provides[name]!, requests);
      },
    });
  }

  #listen(
    definition: AnyTested,
    side: Side,
    port: string,
    inside: { readonly on: unknown; readonly emit: unknown },
    events: AnyPort['requests'],
  ): void {
    const name = Surroundings.nameOf(definition, side, port);
    this.#says[side].set(port, inside.emit as Says);
    const on = inside.on as Hears;
    this.#hears[side].set(port, on);
    for (const event of Object.keys(events)) on[event]!((payload) => this.#note('out', `${name}.${event}`, payload));
  }

  #note(direction: Seen['direction'], name: string, payload: unknown): void {
    this.seen.push({ atMs: this.#time.nowMs(), direction, name, payload, types: this.#types });
    this.#types = [];
  }
}
