import { expect, test } from 'vitest';
import { survives } from './survival.ts';

/** `a b/2` as ids, each with a disk of its own. */
function ids(text: string): string[] {
  return text.split(' ').map((name, i) => `${name}#${i}`);
}

test.each([
  ['a', 'a', 0],
  ['a b c', 'a b c', 1],
  ['a b c', 'a b', 0],
  ['a b c', 'a', -1],
  ['a b c d e', 'a b c d e', 2],
  // Seats of one program fail together.
  ['a b/2 c/3', 'a b/2 c/3', 1],
  ['a a/2 b', 'a a/2 b', 0],
  ['a a/2 a/3', 'a a/2 a/3', 0],
  ['a a/2 b b/2 c', 'a a/2 b b/2 c', 1],
  ['a a/2 b c d', 'a a/2 b c d', 1],
  ['a a/2 b c d', 'b c d', 0],
])('of members %s, while %s vote, %i programs may fail', (members, voting, failures) => {
  const config = { members: ids(members).map((id) => ({ id, address: '' })) };
  expect(survives(config, ids(voting))).toBe(failures);
});
