/** The keys behind one place up to another, as whole numbers below the size of the space. The same twice: all keys. */
export interface Holding {
  readonly behind: number;
  readonly upTo: number;
}

/** Which part of the key space, from 0 to 1, a holding is. */
export function shareOf({ behind, upTo }: Holding, size: number): number {
  const keys = (upTo - behind + size) % size;
  return (keys === 0 ? size : keys) / size;
}

/** Which parts of the key space, from 0 to 1, several hold at the same time, and nobody holds. */
export function coverageOf(
  holdings: readonly Holding[],
  size: number,
): { readonly twice: number; readonly never: number } {
  const ends = [...new Set(holdings.flatMap(({ behind, upTo }) => [behind, upTo]))].sort((a, b) => a - b);
  if (ends.length === 0) return { twice: 0, never: 1 };
  let [twice, never] = [0, 0];
  for (const [i, end] of ends.entries()) {
    const before = ends[i - 1] ?? ends.at(-1)!;
    const holders = holdings.filter((one) => isWithin(one, end)).length;
    const share = shareOf({ behind: before, upTo: end }, size);
    if (holders > 1) twice += share;
    if (holders === 0) never += share;
  }
  return { twice, never };
}

function isWithin({ behind, upTo }: Holding, key: number): boolean {
  if (behind === upTo) return true;
  return behind < upTo ? behind < key && key <= upTo : behind < key || key <= upTo;
}
