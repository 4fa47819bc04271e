import { expect, test } from 'vitest';
import { runSeed } from './run.ts';
import { type Scenario, scenarios } from './scenario.ts';

/** Seeds that once showed a bug, and what it was. A change of the simulator makes another story of them. */
const regressions = [
  [
    'eventual',
    519,
    'a write was kept from the cell that holds its key, because one that had gone into that had not held it',
  ],
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
  [
    'rings',
    447000004,
    'a message for keys that nobody held went round and round, doubled by the network, and time stood still',
  ],
  ['rings alone', 12, 'a list of those behind a peer led past that peer itself'],
  ['rings alone', 36, 'two peers without a successor waited for each other for ever'],
  ['rings alone', 27, 'two rings stayed apart because a peer of one was known, and so taken for one of the same'],
  ['rings alone', 8, 'a peer was followed that had come back at another place under the same address'],
  ['rings alone', 11, 'nobody held what a branch held whose last peer had crashed'],
  ['rings alone', 1187, 'a joiner that lost its successor before it had a predecessor had no place ever after'],
  ['rings alone', 1158, 'two peers that could not reach the holder of a key sent the question to and fro'],
  [
    'rings alone',
    20064,
    'a peer was vouched for to the root of a branch only, and not to the peer on it that held its keys',
  ],
  [
    'rings alone',
    900142,
    'what a dead peer was told of its links was not told again to the one that came back in its place',
  ],
  ['rings alone', 3200073, 'two neighbours took each other for the next, and never heard of the peer between them'],
  ['rings alone', 3200263, 'a joiner was merged, and held what the holder of its place held too'],
  [
    'rings',
    3400402,
    "a search for a place went to the same peer out of reach each time, and the keys before that place were nobody's",
  ],
  [
    'rings alone',
    3500053,
    'a lookup of a key that nobody held went around until 180,000 copies of it were on their way',
  ],
  [
    'rings alone',
    3500749,
    'of three peers in a row the middle one could reach neither other, and never heard of the first',
  ],
  ['rings alone', 3700037, 'a joiner drew places at random, and most were held by a peer out of its reach'],
  [
    'rings',
    426411028,
    'a pointer said long ago, in a ring of two, that it held nearly every key, and was believed ever after',
  ],
  [
    'rings',
    971978,
    'a peer that woke vouched for one long dead, and who was told so called itself solid until its next round',
  ],
  ['rings', 401, 'a question went to and fro between two peers of a branch with branches'],
  ['rings', 62000518, 'a peer took its own earlier life for its predecessor, and told itself of a neighbour for ever'],
  ['rings', 64004215, 'two peers of a branch told each other of a third for ever, and the network doubled it'],
  ['rings', 6500414, 'two seats that were cut off together knew nobody else but seats that had been given up'],
  ['gateway', 20000005, 'answers to the reads of a peer reached the one that came back under its address'],
  ['cells', 800004, 'a copy that was to go cleared what a snapshot had brought of the cell that it had gone into'],
  [
    'cells',
    5015,
    'power failed everywhere behind a merge, and nobody knew the cell any more that was asked for an outcome',
  ],
  ['mixture', 700055, 'a cell that was about to go was asked for an outcome again and again, and time stood still'],
] as const;

/** Rings with nothing beside them, as they were when their first seeds were kept: what came later would tell other stories. */
function ringsAlone(): Scenario {
  const scenario = scenarios.find(({ name }) => name === 'rings')!;
  return { ...scenario, name: 'rings alone', rings: { ...scenario.rings!, gossip: 0, groups: 0, seats: 0 } };
}

test.each(regressions)('%s %i holds: %s', (name, seed) => {
  const scenario = [...scenarios, ringsAlone()].find((one) => one.name === name);
  expect(runSeed(scenario!, seed).violations).toEqual([]);
});
