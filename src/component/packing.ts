import { assert, must } from '../base/index.ts';
import { attributeValue, offerValue, putValue } from './attributeValues.ts';
import type { AnyDefinition } from './definition.ts';
import type { Instance } from './instance.ts';
import { migrationBetween } from './upgrade.ts';

/**
 * A component as data: what it was an instance of, its attributes and its state (Oz/K's packed localities; Lienhardt, Schmitt,
 * Stefani 2007). It is kept, or sent to another system, where it is unpacked. It is plain data if its state is.
 */
export interface Packed<S> {
  readonly definition: string;
  readonly version: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly state: S;
}

export function pack(one: Instance): Packed<unknown> {
  const { name, version, attributes } = one.definition;
  const carried = must(one.made.carried, () => `${one.path} returned no state from its set-up: it cannot be packed`);
  return {
    ...{ definition: name, version, state: carried.dump() },
    attributes: Object.fromEntries(Object.keys(attributes).map((key) => [key, attributeValue(one, key)])),
  };
}

/** Gives a component that was just set up what a packed one knew. Attributes that it does not have are left out. */
export function unpack(one: Instance, packed: Packed<unknown>): void {
  for (const [name, value] of Object.entries(packed.attributes)) {
    if (one.definition.attributes[name] === undefined) continue;
    const offered = offerValue(one, name, value);
    assert(offered.ok, () => (offered.ok ? '' : offered.error));
    putValue(one, name, offered.value);
  }
  const from = { name: packed.definition, version: packed.version };
  const migrate = migrationBetween(from, one.definition);
  const words = (): string => `no upgrade leads from ${from.name} ${from.version} to ${named(one.definition)}`;
  const carried = must(
    one.made.carried,
    () => `${one.path} returned no state from its set-up: nothing is unpacked into it`,
  );
  carried.load(must(migrate, words)(packed.state));
}

/** A definition in messages to people. */
export function named({ name, version }: AnyDefinition): string {
  return `${name} ${version}`;
}
