import { expect, test } from 'vitest';
import { run } from './processes.ts';

test('the cities of the world are all there, although the leader was killed while they were loaded', async () => {
  const said = await run('node', ['examples/cities/main.mjs', '--cities', '2000', '--kill'], 110_000);
  expect(said.match(/was killed with kill -9 and started again/g)).toHaveLength(2);
  expect(said.match(/All 2,000 acknowledged cities are there, and right/g)).toHaveLength(2);
});
