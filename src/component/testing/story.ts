import type { AnyEvents, Fault, OpenEventType, PayloadOf, Ports, PortType, SubtypesSaid } from '../index.ts';

/** Exactly this payload, or one of which this is true; by default any. */
export type Expected<P> = P | ((event: P) => boolean);
type Match<P> = [expected?: Expected<P>];

/** What the component is told: a payload, or a function that makes it at that moment. */
type Given<P> = P extends void ? [] : [payload: P | (() => P)];

/** `expect.message.of(Ping)`: the next event is of that subtype. */
type SubtypesExpected<E> =
  E extends OpenEventType<infer P, infer F>
    ? { of<T extends P>(type: OpenEventType<T, F>): (...match: Match<T>) => void }
    : unknown;

/** A port of the tested component, seen from outside: what the component hears there, and what it says. */
export interface PortStory<Hears extends AnyEvents, Says extends AnyEvents> {
  /** Gives the component an event. */
  readonly trigger: {
    readonly [K in keyof Hears]: ((...given: Given<PayloadOf<Hears[K]>>) => void) & SubtypesSaid<Hears[K]>;
  };
  /** The next event is this one. */
  readonly expect: {
    readonly [K in keyof Says]: ((...match: Match<PayloadOf<Says[K]>>) => void) & SubtypesExpected<Says[K]>;
  };
  /** The next event is this one, and is answered at once by another. */
  readonly answer: {
    readonly [K in keyof Says]: <R extends keyof Hears>(
      reply: R,
      make: (event: PayloadOf<Says[K]>) => PayloadOf<Hears[R]>,
      ...match: Match<PayloadOf<Says[K]>>
    ) => void;
  };
  /** In this block such events may come, at any time and any number of them, where nothing else waits for them. */
  readonly allow: { readonly [K in keyof Says]: (...match: Match<PayloadOf<Says[K]>>) => void };
  /** In this block such events are lost: nothing that is expected sees them. */
  readonly drop: { readonly [K in keyof Says]: (...match: Match<PayloadOf<Says[K]>>) => void };
}

type ProvidedStory<P> = P extends PortType<infer Rq, infer In> ? PortStory<Rq, In> : never;
type RequiredStory<P> = P extends PortType<infer Rq, infer In> ? PortStory<In, Rq> : never;

/** How often a block comes: so many times, or from `min` (by default never) to `max` times (by default without end). */
export type Times = number | { readonly min?: number; readonly max?: number };

/** The words in which the event stream of one component is told. */
export interface Story<Pv extends Ports, Rq extends Ports, S> {
  readonly provides: { readonly [K in keyof Pv]: ProvidedStory<Pv[K]> };
  readonly requires: { readonly [K in keyof Rq]: RequiredStory<Rq[K]> };
  /** What comes next is a fault of the component. */
  readonly fault: (isRight?: (fault: Fault) => boolean) => void;
  /** One of the blocks happens. */
  readonly either: (...blocks: (() => void)[]) => void;
  /** What stands in the block comes in any order. */
  readonly unordered: (block: () => void) => void;
  readonly repeat: (times: Times, block: () => void) => void;
  /** Each event of the block comes within so many milliseconds of the one before. */
  readonly within: (patienceMs: number, block: () => void) => void;
  /** Lets time go on. What comes meanwhile is expected behind it. */
  readonly wait: (durationMs: number) => void;
  /** For so long nothing comes, apart from what is allowed or dropped. */
  readonly quiet: (durationMs: number) => void;
  /** Looks at what the component knows, once it has handled all that it was given. */
  readonly inspect: (isRight: (state: S) => boolean) => void;
}
