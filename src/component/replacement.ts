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
 * finds the new handlers. It rests until the step is settled: then the old one's children go and its stop hooks run, and the new
 * one starts. Of a component with children something may be on the way among them, so that it must be drained before.
 */
export function replace(
  one: Instance,
  definition: AnyDefinition,
  init: unknown,
  migrate: ((state: unknown) => unknown) | undefined,
  isDrained: boolean,
): Settlement {
  checkSubstitute(one.definition, definition, one.path);
  assert(one.state === 'active' || one.state === 'passive', () => `${one.path} is ${one.state}: it cannot be replaced`);
  assert(one.occupation === undefined, () => `${one.path} is at work: it cannot be replaced before that is over`);
  assert(one.isLeaf || isDrained, () => `${one.path} has children: let it be drained before it is replaced`);
  const shared = [...one.children].find(({ owners }) => owners.length > 1);
  assert(shared === undefined, () => `${one.path} shares ${shared?.path}: it cannot be replaced`);
  const before = one.made;
  const state = before.carried?.dump();
  const content = one.setAside();
  const undo = (): void => {
    one.clear();
    content.putBack();
    one.made = before;
  };
  try {
    one.definition = definition;
    one.init = init;
    one.setUpAnew();
    if (before.carried !== undefined) one.made.carried?.load(migrate === undefined ? state : migrate(state));
  } catch (error) {
    undo();
    throw error;
  }
  const settle = (): void => {
    content.destroy();
    one.succeed(before);
  };
  return { undo, settle };
}
