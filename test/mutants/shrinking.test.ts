import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutants } from './mutants.ts';
import { Workshop } from './workshop.ts';

const workshop = new Workshop();
beforeAll(() => workshop.open());
afterAll(() => workshop.close());

const stepsMax = 30;

/** One in the overlay, one in the log, one in the transactions. */
const planted = ['stay buried', 'accept an older ballot', 'transaction without checks'];

describe.concurrent('a planted bug is found, shrunk and replayed:', () => {
  test.each(planted)('%s', async (name) => {
    const mutant = mutants.find((one) => one.name === name)!;
    await workshop.make(mutant);
    const shrinking = await workshop.shrink(name, mutant.scenario, mutant.firstSeed, mutant.seeds);
    expect(shrinking.steps).toBeLessThan(stepsMax);
    expect(shrinking.violation).not.toBe('');
    const again = await workshop.replay(name, shrinking.file);
    expect(again).toMatchObject({ traceHash: shrinking.traceHash });
    expect(again.violations[0]).toBe(shrinking.violation);
    expect(await workshop.replay('unmutated', shrinking.file)).toMatchObject({ violations: [] });
  });
});
