/**
 * What a translator of addresses goes by: nothing but the inner address (endpoint-independent), the other host, or the
 * other host and its port. For mapping: when it takes a new outer port; for filtering: from whom it lets in.
 */
export type NatScope = 'endpoint' | 'host' | 'port';

/** Which outer port it takes: the inner one, the next after the last, or any. The first two can be foretold. */
export type NatAllocation = 'preserving' | 'contiguous' | 'random';

/** A network address translator, of 27 types (Roverso, El-Ansary and Haridi 2009, NATCracker). */
export interface Nat {
  readonly mapping: NatScope;
  readonly filtering: NatScope;
  readonly allocation: NatAllocation;
}

/** Where a host stands: behind a translator, or open to all. */
export type Access = Nat | 'open';

const scopes: readonly NatScope[] = ['endpoint', 'host', 'port'];
const allocations: readonly NatAllocation[] = ['preserving', 'contiguous', 'random'];

/** All 27 types: three ways of mapping, three of filtering, three of allocating ports. */
export const natTypes: readonly Nat[] = scopes.flatMap((mapping) =>
  scopes.flatMap((filtering) => allocations.map((allocation) => ({ mapping, filtering, allocation }))),
);

/**
 * How two hosts come to talk, over UDP and with somebody who tells each the other's outer address: `direct` where one is
 * open, `punched` where each sends to the other's address as it is known, `foretold` where a port must be guessed that a
 * translator will take, and not at all.
 */
export type Reach = 'direct' | 'punched' | 'foretold' | 'none';

/** The same for (a, b) and (b, a). A translator's mapping is known to outsiders only if it is endpoint-independent. */
export function reachBetween(a: Access, b: Access): Reach {
  if (a === 'open' || b === 'open') return 'direct';
  const [aIsKnown, bIsKnown] = [a.mapping === 'endpoint', b.mapping === 'endpoint'];
  if (aIsKnown && bIsKnown) return 'punched';
  if (aIsKnown) return reachKnown(a, b);
  if (bIsKnown) return reachKnown(b, a);
  return reachUnknown(a, b);
}

/** One address is known: the other host can send to it, and is let in unless its unknown port matters. */
function reachKnown(known: Nat, other: Nat): Reach {
  if (known.filtering !== 'port') return 'punched';
  return isForetold(other) ? 'foretold' : 'none';
}

/** Neither is known: what one side foretells of the other must be enough to be let in. */
function reachUnknown(a: Nat, b: Nat): Reach {
  if (isForetold(a) && isForetold(b)) return 'foretold';
  if (!isForetold(a) && !isForetold(b)) return 'none';
  const [foretold, random] = isForetold(a) ? [a, b] : [b, a];
  if (foretold.filtering === 'port') return 'none';
  return foretold.mapping === 'port' && random.filtering === 'port' ? 'none' : 'foretold';
}

function isForetold({ allocation }: Nat): boolean {
  return allocation !== 'random';
}
