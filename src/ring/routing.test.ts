import { expect, test } from 'vitest';
import { RingTown } from '../../test/ringTown.ts';
import type { Arity, Surroundings } from './index.ts';

test('peers of different arity have pointers that lead as far as they should, and change it while they run', () => {
  const town = new RingTown(6);
  town.grow(70);
  const arities: readonly Arity[] = [2, 4, 8, 16];
  for (const [i, { setArity }] of town.residents.entries()) setArity!(arities[i % 4]!);
  town.universe.runFor(60_000);
  expect(distancesOf(town, 0)).toEqual([2, 4, 8, 16, 32, 64]);
  expect(distancesOf(town, 1)).toEqual([2, 3, 4, 8, 12, 16, 32, 48, 64]);
  expect(distancesOf(town, 2)).toEqual([2, 3, 4, 5, 6, 7, 8, 16, 24, 32, 40, 48, 56, 64]);
  expect(distancesOf(town, 3)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 32, 48, 64]);
  town.residents[1]!.setArity!(2);
  // What the new arity needs is known already.
  expect(distancesOf(town, 1)).toEqual([2, 4, 8, 16, 32, 64]);
});

/** How many places away the pointers of a peer lead. */
function distancesOf(town: RingTown, index: number): number[] {
  const order = town.inOrder().map(({ self }) => self.id);
  let found: Surroundings | undefined;
  const resident = town.residents[index]!;
  resident.survey!.tell((surroundings) => {
    found = surroundings;
  });
  town.universe.runFor(1);
  const at = order.indexOf(resident.self.id);
  return found!.pointers.map(({ id }) => (order.indexOf(id) - at + order.length) % order.length);
}
