import { assert, type Result } from '../base/index.ts';
import type { Hearer } from './ref.ts';
import type { ValueType } from './valueType.ts';

/** An attribute as a definition declares it. */
export interface AttributeType<T> {
  readonly type: ValueType<T>;
  readonly initial: T;
}

/** The attributes that a definition declares, by name. */
export type Attributes = Readonly<Record<string, AttributeType<unknown>>>;
/** The type of the values of an attribute. */
export type ValueOf<A> = A extends AttributeType<infer T> ? T : never;

/** Declares an attribute: what its values are, and the one that it has until somebody sets another. */
export function attribute<T>(type: ValueType<T>, initial: NoInfer<T>): AttributeType<T> {
  const accepted = type.accept(initial);
  assert(accepted.ok, () => `no attribute begins so: ${accepted.ok ? '' : accepted.error}`);
  return { type, initial };
}

/** The attributes as their component sees them: values to read and to assign. What a type refuses is a bug here. */
export type OwnAttributes<At> = { -readonly [K in keyof At]: ValueOf<At[K]> };

/** An attribute of one component, as others see it. */
export interface Attribute<T> {
  /** Where it stands, as in `peer/store@max`. */
  readonly path: string;
  get(): T;
  /** Sets it, or says in words why the value is refused, in which case nothing changed. */
  set(value: T): Result<T, string>;
  /** Tells each value that it is set to from now on, if that is another. The result ends it. */
  watch(hearer: Hearer<T>): () => void;
}
