import type { Attributes } from './attribute.ts';
import type { AnyDefinition, Definition } from './definition.ts';
import type { Ports } from './port.ts';

declare const takes: unique symbol;

/** How the state of an earlier definition becomes that of a later one. `F` are the states that it can begin with. */
export interface Upgrade<F, T> {
  readonly [takes]?: F;
  readonly from: AnyDefinition;
  up(state: never): T;
  down?(state: T): unknown;
}

/**
 * Says how the state of an earlier definition becomes that of the one which names this as its `upgrade`; with `down` also how it
 * goes back. Upgrades form a chain: a component is brought from any of its links to any other.
 */
export function upgrade<P extends Ports, R extends Ports, I, S, A extends Attributes, F, T>(
  from: Definition<P, R, I, S, A, F>,
  up: (state: S) => T,
  down?: (state: NoInfer<T>) => S,
): Upgrade<S | F, T> {
  return {
    from: from as unknown as AnyDefinition,
    up: up as (state: never) => T,
    ...(down === undefined ? {} : { down }),
  };
}

type Migrate = (state: unknown) => unknown;
/** A definition, or what is known of one that runs elsewhere. */
type Version = Pick<AnyDefinition, 'name' | 'version'> & { readonly upgrade?: AnyDefinition['upgrade'] };

/** How the state of one definition becomes that of another, where upgrades lead from one to the other. */
export function migrationBetween(old: Version, next: AnyDefinition): Migrate | undefined {
  return upwards(old, next) ?? downwards(old, next);
}

function upwards(old: Version, next: AnyDefinition): Migrate | undefined {
  if (isSame(old, next)) return (state) => state;
  const last = next.upgrade;
  const first = last === undefined ? undefined : upwards(old, last.from);
  return first === undefined ? undefined : (state) => last!.up(first(state) as never);
}

function downwards(old: Version, next: AnyDefinition): Migrate | undefined {
  if (isSame(old, next)) return (state) => state;
  const first = old.upgrade;
  if (first?.down === undefined) return undefined;
  const rest = downwards(first.from, next);
  return rest === undefined ? undefined : (state) => rest(first.down!(state));
}

/** A peer may have been given a definition of its own that is the same: its name and version say so. */
function isSame(one: Version, other: Version): boolean {
  return one === other || (one.name === other.name && one.version === other.version);
}
