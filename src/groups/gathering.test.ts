import { expect, test } from 'vitest';
import { keyAfter } from '../base/index.ts';
import { Gathering } from './gathering.ts';

const to = { id: 'm', address: 'm:1' };
const keys = [{ from: 'a', to: 'z' }];

test('what a peer was asked to see to counts only as far as it says that it was seen to', () => {
  const finished: Gathering[] = [];
  const gathering = new Gathering((one) => finished.push(one));
  gathering.expect(1, { to, keys, limit: 'z', isLimitTold: true });
  gathering.closeOwn([{ from: 'A', to: 'B' }], []);
  expect(finished).toEqual([]);
  gathering.close(1, [{ from: 'a', to: keyAfter('m') }], []);
  expect(finished).toEqual([gathering]);
  expect(gathering.covered).toEqual([
    { from: 'A', to: 'B' },
    { from: 'a', to: keyAfter('m') },
  ]);
});

test('at the end of patience what came so far is all, and it ends once', () => {
  let ends = 0;
  const gathering = new Gathering(() => ends++);
  gathering.expect(1, { to, keys, limit: undefined, isLimitTold: true });
  gathering.closeOwn([], []);
  gathering.end();
  gathering.close(1, keys, []);
  expect(ends).toBe(1);
});
