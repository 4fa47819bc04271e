import { expect, test } from 'vitest';
import { runSeed } from './run.ts';
import { scenarios } from './scenario.ts';

/** Seeds that once showed a bug, and what it was. A change of the simulator makes another story of them. */
const regressions = [
  ['disk', 803, 'a state in which damage showed while the log of its ballot was being synced became a checkpoint'],
  ['disk', 3000, 'damage that lay before the trim mark of the journal was taken for damage at every start'],
  ['members', 910002, 'two new members had let their copies go, and nobody but a leader could have invited them'],
  ['members', 392280095, 'a member that left made the cell smaller while a peer that could take its place was away'],
  ['members', 20000515, 'a session was opened twice, and the opening that failed dropped the writes of the other'],
  ['members', 409673083, 'a peer that died between its goodbye and its end came back, and nobody ended it'],
  [
    'transfers',
    402431078,
    'a record of learned entries from before the checkpoint took votes away when it was replayed',
  ],
  [
    'restart-all',
    410819091,
    'a snapshot that was begun twice made a member forget where its journal begins, and its vote',
  ],
  ['gateway', 20000005, 'answers to the reads of a peer reached the one that came back under its address'],
] as const;

test.each(regressions)('%s %i holds: %s', (name, seed) => {
  const scenario = scenarios.find((one) => one.name === name);
  expect(runSeed(scenario!, seed).violations).toEqual([]);
});
