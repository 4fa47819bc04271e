import { expect, test } from 'vitest';
import type { CellConfig } from './cellConfig.ts';
import { hintVersion } from './cellHint.ts';

const members = ['a', 'b', 'c'].map((id) => ({ id, address: `${id}:1` }));
const config: CellConfig = { cell: '1', epoch: 2, from: '', to: undefined, members, degrees: [] };

test('a hint is newer by the epoch, then by the ballot, then by what one leader changes', () => {
  const versions = [
    hintVersion(config, { n: 7, member: 'c' }, 255),
    hintVersion(config, { n: 8, member: 'a' }, 0),
    hintVersion(config, { n: 8, member: 'a' }, 1),
    hintVersion(config, { n: 9, member: 'a' }, 0),
    hintVersion({ ...config, epoch: 3 }, { n: 1, member: 'a' }, 0),
  ];
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
});

test('two that led with ballots of one number one after the other are told apart, as their ballots are', () => {
  const first = hintVersion(config, { n: 8, member: 'a' }, 0);
  const second = hintVersion(config, { n: 8, member: 'c' }, 0);
  expect(second).toBeGreaterThan(first);
});

test('the same ballot in the next epoch is another hint to peers that compare 32 bits of it', () => {
  const seen = [2, 3, 4, 9, 15, 16].map(
    (epoch) => hintVersion({ ...config, epoch }, { n: 1, member: 'a' }, 0) % 2 ** 32,
  );
  expect(new Set(seen).size).toBe(seen.length);
  const last = hintVersion({ ...config, epoch: 15 }, { n: 2 ** 20, member: 'c' }, 1_000);
  expect(last).toBeLessThan(hintVersion({ ...config, epoch: 16 }, { n: 1, member: 'a' }, 0));
});
