import type { AttributeValues } from './attributeValues.ts';
import type { AnyDefinition, LifecycleState } from './definition.ts';
import type { Handlers } from './gate.ts';
import type { State } from './state.ts';

/** All that a set-up made of a component: what a replacement puts aside, and brings back where it fails. */
export interface Made {
  readonly definition: AnyDefinition;
  readonly init: unknown;
  readonly state: LifecycleState;
  readonly generation: number;
  readonly attributes: AttributeValues | undefined;
  readonly startHooks: (() => void)[] | undefined;
  readonly stopHooks: (() => void)[] | undefined;
  readonly carried: State<unknown> | undefined;
  readonly handlers: readonly Handlers[];
}
