import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Sandbox } from './sandbox.ts';
import { storyMutants } from './storyMutants.ts';

const sandbox = new Sandbox();
beforeAll(() => sandbox.open());
afterAll(() => sandbox.close());

describe('a state that is wrong is caught by its tests, and the right one is not:', () => {
  for (const mutant of storyMutants) {
    test(`${mutant.name} (${mutant.story})`, async () => {
      expect(await sandbox.holds(mutant.story)).toBe(true);
      expect(await sandbox.holds(mutant.story, mutant), 'no test caught it').toBe(false);
    });
  }
});
