import { failure, type Result, success } from '../base/index.ts';
import type { Attributes } from './attribute.ts';
import { type Channel, type ConnectOptions, connect, type RuntimeChannel } from './channel.ts';
import { instanceBehind } from './create.ts';
import type { AnyDefinition, AnyHandle, Definition, Handle } from './definition.ts';
import type { AnyPort, Outside, Ports } from './port.ts';
import { replace, type Settlement } from './replacement.ts';
import type { System } from './system.ts';

/** Where the new state is another than the old, somebody must say how one becomes the other. */
type Migration<S, T> = [S] extends [T] ? { readonly migrate?: (state: S) => T } : { readonly migrate: (state: S) => T };
type Start<I> = I extends void ? { readonly init?: undefined } : { readonly init: I };
type Optional<T> = Record<never, never> extends T ? [options?: T] : [options: T];

/** What may be done in one transaction. Each step is done at once, and undone if a later one fails. */
export interface Change {
  /**
   * Puts another definition with the same ports in the place of a component, with its state if both have one. Its handle,
   * its channels and all that is on the way to its ports stay; references to the old one and its timers are stale.
   */
  replace<P extends Ports, R extends Ports, S, A extends Attributes, I, T, B extends Attributes>(
    old: Handle<P, R, S, A>,
    definition: Definition<P, R, I, T, B>,
    ...options: Optional<Migration<S, T> & Start<I>>
  ): void;
  connect<P extends AnyPort>(
    provided: Outside<P, '+'>,
    required: Outside<NoInfer<P>, '-'>,
    options?: ConnectOptions<NoInfer<P>>,
  ): Channel<P>;
  disconnect<P>(channel: Channel<P>): void;
}

export interface Reconfigured {
  /** What was done, in words, in its order. */
  readonly steps: readonly string[];
  /** How long no event was handled because of it. */
  readonly pauseMs: number;
}

export interface ReconfigureOptions {
  /** Looks at what was changed before it is settled: a sentence says why it must not be, and all is undone. */
  readonly check?: () => string | undefined;
  /** Does it, checks it, and undoes it. */
  readonly dryRun?: boolean;
  /** Hears what became of it. A failure says why, and means that nothing was changed. */
  readonly done?: (outcome: Result<Reconfigured, string>) => void;
}

export type MakeChange = (tx: Change) => void;

/** Does a change whole or not at all. The system handles no event meanwhile. */
export function reconfigure(system: System, make: MakeChange, options: ReconfigureOptions): void {
  const startedMs = system.nowMs();
  const tx = new Transaction();
  const refusal = attempt(tx, make, options.check);
  if (refusal === undefined && options.dryRun !== true) tx.settle();
  else tx.undo();
  const report = { steps: tx.steps, pauseMs: system.nowMs() - startedMs };
  options.done?.(refusal === undefined ? success(report) : failure(refusal));
}

/** Why it cannot be: in the words of the check, or of what was thrown. */
function attempt(tx: Transaction, make: MakeChange, check: (() => string | undefined) | undefined): string | undefined {
  try {
    make(tx as unknown as Change);
    return check?.();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

class Transaction {
  readonly steps: string[] = [];
  readonly #settlements: Settlement[] = [];

  replace(
    old: AnyHandle,
    definition: AnyDefinition,
    options?: { init?: unknown; migrate?: (state: unknown) => unknown },
  ) {
    const { init, migrate } = options ?? {};
    this.#did(`replace ${old.path} by ${definition.name}`, replace(instanceBehind(old), definition, init, migrate));
  }

  connect(provided: Outside<AnyPort, '+'>, required: Outside<AnyPort, '-'>, options?: object): Channel {
    const channel = connect(provided, required, options ?? {});
    this.#did(`connect ${channel.path}`, { settle: () => {}, undo: () => channel.disconnect() });
    return channel;
  }

  /** The channel is taken off its ports, and put back where the change is undone. */
  disconnect(channel: RuntimeChannel): void {
    const { path, provided, required } = channel;
    channel.unplug('provided');
    channel.unplug('required');
    const undo = (): void => {
      if (provided !== undefined) channel.plug(provided);
      if (required !== undefined) channel.plug(required);
    };
    this.#did(`disconnect ${path}`, { settle: () => channel.disconnect(), undo });
  }

  settle(): void {
    for (const step of this.#settlements) step.settle();
  }

  undo(): void {
    for (const step of this.#settlements.toReversed()) step.undo();
  }

  #did(step: string, settlement: Settlement): void {
    this.steps.push(step);
    this.#settlements.push(settlement);
  }
}
