import type { Attributes, OwnAttributes, ValueOf } from './attribute.ts';
import type { Channel, ConnectOptions } from './channel.ts';
import type { AnyHandle, CreateOptions, Definition, Handle, None } from './definition.ts';
import type { Occupation, OccupyOptions } from './occupation.ts';
import type { AnyPort, InsideProvided, InsideRequired, Outside, Ports } from './port.ts';
import type { Ref } from './ref.ts';

/** What a component is given at its set-up: its ports, and the means to make and join others. */
export interface Context<Pv extends Ports, Rq extends Ports, At extends Attributes = None> {
  /** Where it stands, as in `peer/store/cell-1`. */
  readonly path: string;
  readonly provides: { readonly [K in keyof Pv]: InsideProvided<Pv[K]> };
  readonly requires: { readonly [K in keyof Rq]: InsideRequired<Rq[K]> };
  /** Its attributes: read here they are what they were set to last, and may be assigned. */
  readonly attributes: OwnAttributes<At>;
  /** Its own ports as a composite sees them from within: what its children's ports are connected to. */
  readonly inner: {
    readonly provides: { readonly [K in keyof Pv]: Outside<Pv[K], '-'> };
    readonly requires: { readonly [K in keyof Rq]: Outside<Rq[K], '+'> };
  };
  /** Creates a child. It starts with its owner, or at once if that is active. */
  create<P extends Ports, R extends Ports, I, S, A extends Attributes>(
    definition: Definition<P, R, I, S, A>,
    ...rest: I extends void ? [init?: undefined, options?: CreateOptions] : [init: I, options?: CreateOptions]
  ): Handle<P, R, S, A>;
  /** Joins a provided port to a required one. */
  connect<P extends AnyPort>(
    provided: Outside<P, '+'>,
    required: Outside<NoInfer<P>, '-'>,
    options?: ConnectOptions<NoInfer<P>>,
  ): Channel<P>;
  /** Makes a child's port the composite's own of that name: what comes to one goes to the other. */
  export<K extends keyof Pv>(provided: Outside<NoInfer<Pv[K]>, '+'>, name: K): Channel<Pv[K]>;
  export<K extends keyof Rq>(required: Outside<NoInfer<Rq[K]>, '-'>, name: K): Channel<Rq[K]>;
  /**
   * Makes a component of somebody else a child of this one too. It runs while one of its owners does, and goes with the
   * last of them; the first decides what becomes of its faults.
   */
  share(component: AnyHandle): void;
  /** Speaks to a child's provided port directly: hears its indications, emits its requests. */
  attach<P extends AnyPort>(provided: Outside<P, '+'>): InsideRequired<P>;
  /** An address of `handler`, for those who are to answer this component alone. */
  ref<E = void>(handler: (event: E) => void): Ref<E>;
  /**
   * Calls `handler` once, when this turn has no more events to handle: the place to send what the turn gathered.
   * What it emits still belongs to the turn.
   */
  atTurnEnd(handler: () => void): void;
  /**
   * From within a handler: work that `event` began goes on outside, and no other event is handled until it is over. Rooms
   * that may know promises take `exclusive` of `selfman/component/async` instead.
   */
  occupy(work: string, event: unknown, options?: OccupyOptions): Occupation;
  /** Keeps the state that `setup` returned the means for, as it is now: a restart may begin with it. */
  keepState(): void;
  /** Calls `handler` with each value that somebody, itself included, sets an attribute to from now on. */
  onAttribute<K extends keyof At & string>(name: K, handler: (value: ValueOf<At[K]>) => void): void;
  onStart(hook: () => void): void;
  /** Runs when it stops, is killed or is set up anew. */
  onStop(hook: () => void): void;
  /** Runs once this set-up is over for good: the component was killed, or is set up anew. */
  onEnd(hook: () => void): void;
}
