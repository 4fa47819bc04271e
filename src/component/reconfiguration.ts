import { failure, type Result, success } from '../base/index.ts';
import type { Attribute, Attributes } from './attribute.ts';
import type { Channel, ConnectOptions, RuntimeChannel } from './channel.ts';
import type { AnyHandle, CreateOptions, Definition, Handle } from './definition.ts';
import type { Drain } from './drain.ts';
import { Graph } from './graph.ts';
import type { Packed } from './packing.ts';
import type { AnyPort, Outside, Ports } from './port.ts';
import type { System } from './system.ts';
import { Transaction } from './transaction.ts';

/** Where the new state is another than the old and no upgrade leads to it, somebody must say how one becomes the other. */
type Migration<S, T, F> = [S] extends [T | F]
  ? { readonly migrate?: (state: S) => T }
  : { readonly migrate: (state: S) => T };
type Start<I> = I extends void ? { readonly init?: undefined } : { readonly init: I };
type Optional<T> = Record<never, never> extends T ? [options?: T] : [options: T];

/** What may be done in one transaction. Each step is done at once, and undone if a later one fails. */
export interface Change {
  /** Creates a child of `owner`. It starts when all is settled, if its owner runs. */
  add<P extends Ports, R extends Ports, I, S, A extends Attributes>(
    owner: AnyHandle,
    definition: Definition<P, R, I, S, A>,
    ...rest: I extends void ? [init?: undefined, options?: CreateOptions] : [init: I, options?: CreateOptions]
  ): Handle<P, R, S, A>;
  /** Disconnects a component and kills it with its children. No event may wait for it: see `drain`. */
  remove(component: AnyHandle): void;
  /**
   * Puts another definition with the same ports in the place of a component, with its state if both have one. Its handle,
   * its channels and all that is on the way to its ports stay; references to the old one and its timers are stale. What has
   * children must be drained.
   */
  replace<P extends Ports, R extends Ports, S, A extends Attributes, I, T, B extends Attributes, F>(
    old: Handle<P, R, S, A>,
    definition: Definition<P, R, I, T, B, F>,
    ...options: Optional<Migration<S, T, F> & Start<I>>
  ): void;
  /** Removes a component and gives it as data, with its state and its attributes. No event may wait for it. */
  pack<P extends Ports, R extends Ports, S, A extends Attributes>(component: Handle<P, R, S, A>): Packed<S>;
  /**
   * Creates a child of `owner` that goes on where a packed component was, in this system or another, by upgrades where it was of an
   * earlier version. What comes from outside is parsed before.
   */
  unpack<P extends Ports, R extends Ports, I, T, A extends Attributes, F>(
    owner: AnyHandle,
    definition: Definition<P, R, I, T, A, F>,
    packed: Packed<NoInfer<T | F>>,
    ...rest: I extends void ? [init?: undefined, options?: CreateOptions] : [init: I, options?: CreateOptions]
  ): Handle<P, R, T, A>;
  /** Sets an attribute. Who watches it is told when all is settled. */
  set<T>(attribute: Attribute<T>, value: NoInfer<T>): void;
  connect<P extends AnyPort>(
    provided: Outside<P, '+'>,
    required: Outside<NoInfer<P>, '-'>,
    options?: ConnectOptions<NoInfer<P>>,
  ): Channel<P>;
  /** Takes a channel away, with what it keeps, unless that is to go `into` another. */
  disconnect<P>(channel: Channel<P>, options?: { readonly into?: Channel<NoInfer<P>> }): void;
  /** Moves the end of a channel to another port: what the channel keeps goes there. */
  plug<P>(channel: Channel<P>, port: Outside<NoInfer<P>, '+'> | Outside<NoInfer<P>, '-'>): void;
}

/** What a reconfiguration did, and how long it held up the system. */
export interface Reconfigured {
  /** What was done, in words, in its order. */
  readonly steps: readonly string[];
  /** How long no event was handled because of it. */
  readonly pauseMs: number;
}

/** Who asks, what must come to rest before, and what must hold of the plan. */
export interface ReconfigureOptions {
  /** Who asks for it, for the chronicle. */
  readonly by?: string;
  /**
   * Components that are to come to rest before: channels to others keep what comes for them, while they handle what is on the way.
   * Then the change is made with nothing waiting for them, and the channels let pass what they kept.
   */
  readonly drain?: readonly AnyHandle[];
  /** How long that may take. Who takes longer keeps the change from being made. */
  readonly drainMs?: number;
  /** Looks at the graph as it would be: a sentence says why it must not be, and all is undone. */
  readonly check?: (planned: Graph) => string | undefined;
  /** Does it, checks it, and undoes it. */
  readonly dryRun?: boolean;
  /** Hears what became of it. A failure says why, and means that nothing was changed. */
  readonly done?: (outcome: Result<Reconfigured, string>) => void;
}

/** Makes the change, step by step. It is called once; where it throws all of it is undone. */
export type MakeChange = (tx: Change) => void;

/** Does a change whole or not at all. The system handles no event meanwhile. */
export function reconfigure(
  system: System,
  make: MakeChange,
  options: ReconfigureOptions,
  drain: Drain | undefined,
): void {
  const startedMs = system.nowMs();
  const heldEvents = drain?.heldEvents ?? 0;
  const tx = new Transaction(drain?.instances ?? new Set());
  const events = system.countEvents();
  const isLate = drain !== undefined && !drain.isDrained;
  const kept: RuntimeChannel[] = [];
  system.keptByChange = kept;
  const reason = isLate ? drain.refusal : attempt(system, tx, make, options.check);
  system.keptByChange = undefined;
  if (reason === undefined && options.dryRun !== true) tx.settle();
  else {
    // What set-ups sent that are undone was never sent.
    system.dropEventsAfter(events);
    for (const channel of kept) channel.forgetLast();
    tx.undo();
  }
  drain?.end();
  const { steps, carriedEvents } = tx;
  const pauseMs = system.nowMs() - startedMs;
  system.chronicles.add({
    ...{ by: options.by ?? '', atMs: system.nowMs(), outcome: outcomeOf(reason, options), reason, steps },
    ...{ pauseMs, drainedMs: (drain?.lastedMs ?? pauseMs) - pauseMs, heldEvents, carriedEvents },
  });
  options.done?.(reason === undefined ? success({ steps, pauseMs }) : failure(reason));
}

function outcomeOf(reason: string | undefined, { dryRun }: ReconfigureOptions): 'done' | 'dry run' | 'refused' {
  if (reason !== undefined) return 'refused';
  return dryRun === true ? 'dry run' : 'done';
}

/** Why it cannot be: in the words of the check, or of what was thrown. */
function attempt(
  system: System,
  tx: Transaction,
  make: MakeChange,
  check: ReconfigureOptions['check'],
): string | undefined {
  try {
    make(tx as unknown as Change);
    return check?.(new Graph(system));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
