import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mergeMutants } from './mergeMutants.ts';
import { mutants } from './mutants.ts';
import { placementMutants } from './placementMutants.ts';
import { ringMutants } from './ringMutants.ts';
import { transactionMutants } from './transactionMutants.ts';
import { mutate, Workshop } from './workshop.ts';

const workshop = new Workshop();
beforeAll(() => workshop.open());
afterAll(() => workshop.close());

describe.concurrent('a protocol that is wrong is caught, and the right one is not:', () => {
  for (const mutant of [...mutants, ...mergeMutants, ...placementMutants, ...transactionMutants, ...ringMutants]) {
    const { name, scenario, firstSeed, seeds } = mutant;
    test(`${name} (${scenario}, at most ${seeds} seeds)`, async () => {
      await workshop.make(mutant);
      const hunt = await workshop.hunt(name, scenario, firstSeed, seeds);
      expect(hunt.violation, `no seed from ${firstSeed} on caught it`).toBeDefined();
      expect(await workshop.huntUnmutated(scenario, firstSeed, hunt.seeds)).toBeUndefined();
    });
  }
});

test('a mutation must match exactly once', () => {
  const mutant = { ...mutants[0]!, name: 'twice', find: 'a', replace: 'b' };
  expect(() => mutate(mutant, 'a a')).toThrow('2 times');
  expect(() => mutate(mutant, 'c')).toThrow('0 times');
});
