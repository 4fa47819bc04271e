import { expect, test } from 'vitest';
import { RingTown } from '../../test/ringTown.ts';
import type { Arity, Found, Manner, RingMessage, Surroundings } from './index.ts';

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

const manners: readonly Manner[] = ['recursive', 'iterative', 'disjoint'];

test.each(manners)('a lookup that is %s finds the holder of every key', (manner) => {
  const town = new RingTown(7);
  town.grow(100);
  town.universe.runFor(20_000);
  expect(rightOf(town, 100, manner)).toBe(100);
});

test('on two ways a key is found though every tenth peer swallows what it is asked', () => {
  const town = grownWith(8, () => []);
  expect(rightOf(town, 100, 'disjoint')).toBeGreaterThan(97);
});

test('on two ways a key is found though every tenth peer says that it holds whatever it is asked for', () => {
  const lie = (town: RingTown) => {
    const right = rightOf(town, 200, 'iterative');
    return [right, rightOf(town, 200, 'disjoint')] as const;
  };
  const [alone, together] = lie(
    grownWith(9, (message) =>
      message.kind === 'askWay'
        ? [{ kind: 'way', token: message.token, holds: true, holder: undefined, nearest: [] }]
        : [],
    ),
  );
  expect(alone).toBeLessThan(180);
  expect(together).toBeGreaterThan(185);
});

test('an answer that cannot go straight comes back the way that the question went', () => {
  const town = new RingTown(10);
  town.grow(60);
  town.universe.runFor(20_000);
  const order = town.inOrder();
  const [asker, holder] = [order[5]!, order[40]!];
  town.universe.network.cut(asker.host, holder.host);
  let found: Found | undefined;
  town.find(asker, holder.self.id, (answer) => {
    found = answer;
  });
  town.universe.runFor(4_000);
  expect(found).toMatchObject({ kind: 'found', owner: holder.self });
});

test('whoever is asked on a way that it does not stand on says so', () => {
  const town = new RingTown(11);
  town.grow(30);
  town.universe.runFor(20_000);
  const order = town.inOrder();
  const [asker, liar] = [order[5]!, order[6]!];
  const heard: RingMessage[] = [];
  liar.lie = (message) => {
    heard.push(message);
    const { id } = order[10]!.self;
    // As if the asker stood between the eighth and the tenth.
    return message.kind === 'lookup' ? [{ ...message, key: id, before: order[8]!.self.id, isLast: 0 }] : [];
  };
  town.find(asker, liar.self.id, () => undefined);
  town.universe.runFor(100);
  expect(heard).toContainEqual(expect.objectContaining({ kind: 'badPointer', self: asker.self }));
});

test('where a pointer led to somebody else the question goes another way', () => {
  const town = new RingTown(11);
  town.grow(60);
  town.universe.runFor(20_000);
  const order = town.inOrder();
  const asker = order[0]!;
  const target = order[40]!.self;
  const wrong = order[32]!;
  wrong.lie = (message) =>
    message.kind === 'lookup'
      ? [{ ...message, kind: 'badPointer', self: { ...wrong.self, id: order[1]!.self.id } }]
      : undefined;
  let found: Found | undefined;
  town.find(asker, target.id, (answer) => {
    found = answer;
  });
  // At once: there is no need to ask a second time.
  town.universe.runFor(200);
  expect(found).toMatchObject({ kind: 'found', owner: target });
});

/** A settled ring in which every tenth peer lies from now on. */
function grownWith(seed: number, lie: NonNullable<RingTown['residents'][number]['lie']>): RingTown {
  const town = new RingTown(seed);
  town.grow(100);
  town.universe.runFor(20_000);
  for (const [i, resident] of town.residents.entries()) if (i % 10 === 9) resident.lie = lie;
  return town;
}

/** Looks up places of peers that do not lie, from such: how many are found at their holders. */
function rightOf(town: RingTown, count: number, manner: Manner): number {
  const honest = town.residents.filter(({ lie }) => lie === undefined);
  let right = 0;
  for (let i = 0; i < count; i++) {
    const { self } = town.universe.random.pick(honest);
    const done = (found: Found): void => {
      if (found.kind === 'found' && found.owner.id === self.id) right++;
    };
    town.find(town.universe.random.pick(honest), self.id, done, manner);
  }
  town.universe.runFor(3_000);
  return right;
}
