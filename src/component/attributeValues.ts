import { assert, failure, type Result } from '../base/index.ts';
import type { Attribute, Attributes } from './attribute.ts';
import type { Instance } from './instance.ts';
import type { Hearer } from './ref.ts';

/** What was set of the attributes of one component, and who watches. A component has none until somebody does either. */
export class AttributeValues {
  readonly #types: Attributes;
  readonly #values: Map<string, unknown>;
  /** Of others: they outlive what the component is set up as. */
  readonly #watches: Map<string, Set<Hearer<unknown>>>;
  /** Of the component itself: gone with its set-up. */
  readonly #own = new Map<string, Set<Hearer<unknown>>>();

  constructor(
    types: Attributes,
    values = new Map<string, unknown>(),
    watches = new Map<string, Set<Hearer<unknown>>>(),
  ) {
    this.#types = types;
    this.#values = values;
    this.#watches = watches;
  }

  get(name: string): unknown {
    return this.#values.has(name) ? this.#values.get(name) : this.#types[name]?.initial;
  }

  put(name: string, value: unknown): void {
    this.#values.set(name, value);
  }

  hearers(name: string): readonly Hearer<unknown>[] {
    return [...(this.#own.get(name) ?? []), ...(this.#watches.get(name) ?? [])];
  }

  watch(name: string, hearer: Hearer<unknown>, isOwn: boolean): () => void {
    const all = isOwn ? this.#own : this.#watches;
    // Two who watch through the same object are two.
    const one = { tell: (value: unknown) => hearer.tell(value) };
    const hearers = all.get(name) ?? new Set();
    all.set(name, hearers.add(one));
    return () => void hearers.delete(one);
  }

  /** For another set-up, perhaps of another definition: what this one does not know or refuses begins anew. */
  anew(types: Attributes): AttributeValues {
    const kept = [...this.#values].filter(([name, value]) => types[name]?.type.accept(value).ok === true);
    return new AttributeValues(types, new Map(kept), this.#watches);
  }
}

export function attributeValue({ attributes, definition }: Instance, name: string): unknown {
  return attributes === undefined ? definition.attributes[name]?.initial : attributes.get(name);
}

/** The value as the attribute would have it, or why it is refused. Nothing is set. */
export function offerValue({ definition, path }: Instance, name: string, value: unknown): Result<unknown, string> {
  const declared = definition.attributes[name];
  if (declared === undefined) return failure(`${path} has no attribute ${name}`);
  const accepted = declared.type.accept(value);
  return accepted.ok ? accepted : failure(`${path}@${name}: ${accepted.error}`);
}

/** Sets what was accepted and tells nobody: false where it was so already. */
export function putValue(instance: Instance, name: string, value: unknown): boolean {
  if (Object.is(attributeValue(instance, name), value)) return false;
  valuesOf(instance).put(name, value);
  instance.system.touched(instance);
  return true;
}

/** Tells those who watch what the attribute is now. */
export function announceValue(instance: Instance, name: string): void {
  const value = attributeValue(instance, name);
  for (const hearer of instance.attributes?.hearers(name) ?? []) hearer.tell(value);
}

export function setValue(instance: Instance, name: string, offered: unknown): Result<unknown, string> {
  const accepted = offerValue(instance, name, offered);
  if (accepted.ok && putValue(instance, name, accepted.value)) announceValue(instance, name);
  return accepted;
}

function valuesOf(instance: Instance): AttributeValues {
  return (instance.attributes ??= new AttributeValues(instance.definition.attributes));
}

/** An attribute as those see it who hold the component. */
export class RuntimeAttribute implements Attribute<unknown> {
  readonly instance: Instance;
  readonly name: string;

  constructor(instance: Instance, name: string) {
    this.instance = instance;
    this.name = name;
  }

  get path(): string {
    return `${this.instance.path}@${this.name}`;
  }

  get(): unknown {
    return attributeValue(this.instance, this.name);
  }

  set(value: unknown): Result<unknown, string> {
    if (this.instance.state === 'destroyed') return failure(`${this.path} is of a component that was killed`);
    return setValue(this.instance, this.name, value);
  }

  watch(hearer: Hearer<unknown>): () => void {
    return valuesOf(this.instance).watch(this.name, hearer, false);
  }
}

/** The component itself hears what one of its attributes is set to. */
export function watchOwn(instance: Instance, name: string, hearer: Hearer<unknown>): void {
  assert(name in instance.definition.attributes, () => `${instance.path} has no attribute ${name}`);
  valuesOf(instance).watch(name, hearer, true);
}
