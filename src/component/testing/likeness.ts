/** True where two payloads say the same: data is compared by what it holds, everything else by what it is. */
export function isLike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Set) return isLike([...a], [...(b as Set<unknown>)]);
  if (a instanceof Map) return isLike([...a], [...(b as Map<unknown, unknown>)]);
  const [mine, others] = [Object.entries(a), b as Readonly<Record<string, unknown>>];
  const isSameSize = mine.length === Object.keys(b).length;
  return isSameSize && mine.every(([key, value]) => Object.hasOwn(b, key) && isLike(value, others[key]));
}
