import { assert } from '../base/index.ts';
import { checkSubstitute } from './blueprint.ts';
import type { AnyDefinition } from './definition.ts';
import type { Instance } from './instance.ts';

/** One step of a change that was done: it can still be taken back, until it is settled. */
export interface Settlement {
  settle(): void;
  undo(): void;
}

/**
 * Sets up another definition on the gates of a component, with its state. What is on the way to it stays where it is, and
 * finds the new handlers. It rests until the step is settled: then the old one's stop hooks run, and the new one starts.
 */
export function replace(
  one: Instance,
  definition: AnyDefinition,
  init: unknown,
  migrate: ((state: unknown) => unknown) | undefined,
): Settlement {
  checkSubstitute(one.definition, definition, one.path);
  assert(one.state === 'active' || one.state === 'passive', () => `${one.path} is ${one.state}: it cannot be replaced`);
  assert(one.occupation === undefined, () => `${one.path} is at work: it cannot be replaced before that is over`);
  assert(one.isLeaf, () => `${one.path} has children: what is on the way among them would be lost`);
  const before = one.made;
  const undo = (): void => {
    one.clear();
    one.made = before;
  };
  try {
    const state = before.carried?.dump();
    one.definition = definition;
    one.init = init;
    one.setUpAnew();
    if (before.carried !== undefined) one.made.carried?.load(migrate === undefined ? state : migrate(state));
  } catch (error) {
    undo();
    throw error;
  }
  return { undo, settle: () => one.succeed(before) };
}
