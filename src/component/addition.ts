import { assert } from '../base/index.ts';
import { territoryOf, waitingWithin } from './boundary.ts';
import type { RuntimeChannel } from './channel.ts';
import { make } from './create.ts';
import type { AnyDefinition, CreateOptions } from './definition.ts';
import type { Instance } from './instance.ts';
import type { Settlement } from './replacement.ts';

/** Sets up a child that rests until the step is settled. */
export function add(
  owner: Instance,
  definition: AnyDefinition,
  init: unknown,
  options: CreateOptions,
): { readonly instance: Instance; readonly settlement: Settlement } {
  const instance = make(owner.system, owner, definition, init, options);
  const settle = (): void => {
    if (owner.state === 'active') instance.start();
  };
  return { instance, settlement: { settle, undo: () => instance.kill() } };
}

/** Takes a component away from its owners and its channels; it is killed when the step is settled. */
export function remove(one: Instance): Settlement {
  assert(one.state !== 'destroyed', () => `${one.path} was killed already`);
  const territory = territoryOf(one);
  const waiting = waitingWithin(territory);
  assert(waiting === 0, () => `${waiting} events wait for ${one.path}: let it be drained before it is removed`);
  const undos = [...[...territory.boundary].map(takeOff), ...one.owners.map((owner) => owner.release(one))];
  if (one.system.roots.delete(one)) undos.push(() => void one.system.roots.add(one));
  const undo = (): void => {
    for (const back of undos.toReversed()) back();
  };
  const settle = (): void => {
    for (const channel of territory.boundary) channel.disconnect();
    one.kill();
  };
  return { settle, undo };
}

/** Takes a channel off its ports: the result puts it back. */
export function takeOff(channel: RuntimeChannel): () => void {
  const { provided, required } = channel;
  channel.unplug('provided');
  channel.unplug('required');
  return () => {
    if (provided !== undefined) channel.plug(provided);
    if (required !== undefined) channel.plug(required);
  };
}
