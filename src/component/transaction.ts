import { assert } from '../base/index.ts';
import { add, remove, takeOff } from './addition.ts';
import { announceValue, attributeValue, offerValue, putValue, RuntimeAttribute } from './attributeValues.ts';
import { type Channel, connect, faceBehind, type RuntimeChannel } from './channel.ts';
import { instanceBehind, RuntimeHandle } from './create.ts';
import type { AnyDefinition, AnyHandle, CreateOptions } from './definition.ts';
import type { Instance } from './instance.ts';
import { named, type Packed, pack, unpack } from './packing.ts';
import type { AnyPort, Outside } from './port.ts';
import { replace, type Settlement } from './replacement.ts';
import { migrationBetween } from './upgrade.ts';

/** The steps of one change. Each is done when it is asked for, and can be undone until all are settled. */
export class Transaction {
  readonly steps: string[] = [];
  carriedEvents = 0;
  readonly #settlements: Settlement[] = [];
  readonly #drained: ReadonlySet<Instance>;

  constructor(drained: ReadonlySet<Instance>) {
    this.#drained = drained;
  }

  add(owner: AnyHandle, definition: AnyDefinition, init: unknown, options?: CreateOptions): RuntimeHandle {
    const { instance, settlement } = add(instanceBehind(owner), definition, init, options ?? {});
    this.#did(`add ${instance.path}, ${named(definition)}`, settlement);
    return new RuntimeHandle(instance);
  }

  remove(handle: AnyHandle): void {
    const step = `remove ${handle.path}`;
    this.#did(step, remove(instanceBehind(handle)));
  }

  pack(handle: AnyHandle): Packed<unknown> {
    const one = instanceBehind(handle);
    const step = `pack ${one.path}, ${named(one.definition)}`;
    const packed = pack(one);
    this.#did(step, remove(one));
    return packed;
  }

  unpack(
    owner: AnyHandle,
    definition: AnyDefinition,
    packed: Packed<unknown>,
    init: unknown,
    options?: CreateOptions,
  ): RuntimeHandle {
    const made = this.add(owner, definition, init, options);
    unpack(instanceBehind(made), packed);
    this.steps.push(`unpack ${packed.definition} ${packed.version} into ${made.path}`);
    return made;
  }

  replace(
    old: AnyHandle,
    definition: AnyDefinition,
    options?: { init?: unknown; migrate?: (state: unknown) => unknown },
  ): void {
    const one = instanceBehind(old);
    const { init, migrate = migrationBetween(one.definition, definition) } = options ?? {};
    const step = `replace ${old.path}, ${named(one.definition)}, by ${named(definition)}`;
    const settlement = replace(one, definition, init, migrate, this.#drained.has(one));
    this.carriedEvents += one.parked + (one.system.countWaiting().get(one) ?? 0);
    this.#did(step, settlement);
  }

  set(attribute: unknown, value: unknown): void {
    assert(attribute instanceof RuntimeAttribute, 'only an attribute that a component gave out can be set');
    const { instance, name, path } = attribute;
    const offered = offerValue(instance, name, value);
    assert(offered.ok, () => (offered.ok ? '' : offered.error));
    const before = attributeValue(instance, name);
    const isChanged = putValue(instance, name, offered.value);
    const settle = (): void => {
      if (isChanged) announceValue(instance, name);
    };
    this.#did(`set ${path}`, { settle, undo: () => void putValue(instance, name, before) });
  }

  connect(provided: Outside<AnyPort, '+'>, required: Outside<AnyPort, '-'>, options?: object): Channel {
    const channel = connect(provided, required, options ?? {});
    this.#did(`connect ${channel.path}`, { settle: () => {}, undo: () => channel.disconnect() });
    return channel;
  }

  /** The channel is taken off its ports, and put back where the change is undone. */
  disconnect(channel: RuntimeChannel, { into }: { into?: RuntimeChannel } = {}): void {
    const { path } = channel;
    const settle = (): void => {
      into?.inherit(channel);
      channel.disconnect();
    };
    this.#did(`disconnect ${path}`, { undo: takeOff(channel), settle });
  }

  /** What the channel keeps passes when all is settled, so that it is not gone where the change is undone. */
  plug(channel: RuntimeChannel, port: Outside<AnyPort, '+' | '-'>): void {
    const face = faceBehind(port);
    const end = face.isPositive ? 'provided' : 'required';
    const { path, isHeld } = channel;
    const before = channel[end];
    channel.hold();
    channel.unplug(end);
    const resume = (): void => {
      if (!isHeld) channel.resume();
    };
    const undo = (): void => {
      channel.unplug(end);
      if (before !== undefined) channel.plug(before);
      resume();
    };
    this.#did(`plug ${path} into ${face.path}`, { settle: resume, undo });
    channel.plug(face);
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
