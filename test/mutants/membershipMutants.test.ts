import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { membershipMutants } from './membershipMutants.ts';
import { Workshop } from './workshop.ts';

const workshop = new Workshop();
beforeAll(() => workshop.open());
afterAll(() => workshop.close());

const seedsMax = 3;

describe.concurrent('membership that is wrong is caught, and the right one is not:', () => {
  for (const mutant of membershipMutants) {
    const { name, story } = mutant;
    test(`${name} (${story})`, async () => {
      await workshop.make(mutant);
      const hunt = await workshop.tell(name, story, seedsMax);
      expect(hunt.violation, 'no seed caught it').toBeDefined();
      expect(await workshop.tell('unmutated', story, seedsMax)).toEqual({ seeds: seedsMax });
    });
  }
});
