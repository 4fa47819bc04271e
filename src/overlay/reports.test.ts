import { expect, test } from 'vitest';
import { isGone, isSilent, isThere, Reports } from './reports.ts';
import { Sections } from './sections.ts';

const subject = 7;

function reports(): Reports {
  return new Reports(new Sections());
}

test('what was withdrawn stays so, in whatever order the reports come, and however often', () => {
  const observer = reports();
  const sent = ([isSilent, isGone, isThere] as const).map((finding) => {
    expect(observer.say(subject, 1, 3, finding)).toBe(true);
    return observer.report(subject)!;
  });
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0, 1, 0],
  ]) {
    const other = reports();
    for (const i of order) other.merge(sent[i]!);
    expect(other.finding(subject, 3)).toBe(isThere);
    expect(other.lives).toEqual([]);
    expect(other.report(subject)).toEqual(observer.report(subject));
  }
});

test('a report is news once', () => {
  const [observer, other] = [reports(), reports()];
  observer.say(subject, 1, 0, isGone);
  expect(other.merge(observer.report(subject)!)).toBe(true);
  expect(other.merge(observer.report(subject)!)).toBe(false);
});

test('two observers that report at once are both heard', () => {
  const [one, two] = [reports(), reports()];
  one.say(subject, 1, 0, isSilent);
  two.say(subject, 1, 1, isGone);
  one.merge(two.report(subject)!);
  two.merge(one.report(subject)!);
  expect([one.finding(subject, 0), one.finding(subject, 1)]).toEqual([isSilent, isGone]);
  expect(two.report(subject)).toEqual(one.report(subject));
});

test('when the subject says something new all begins anew, and old reports are not heard any more', () => {
  const observer = reports();
  observer.say(subject, 1, 0, isGone);
  const old = observer.report(subject)!;
  expect(observer.clearOlder(subject, 2)).toBe(true);
  observer.say(subject, 2, 1, isSilent);
  expect(observer.merge(old)).toBe(false);
  expect([observer.finding(subject, 0), observer.finding(subject, 1)]).toEqual([isThere, isSilent]);
});

test('MEM-7: who knows the same has the same digest, and who forgets it has none', () => {
  const [one, two] = [new Sections(), new Sections()];
  const [left, right] = [new Reports(one), new Reports(two)];
  left.say(subject, 1, 0, isSilent);
  left.say(subject, 1, 2, isGone);
  right.merge(left.report(subject)!);
  expect(two.digests).toEqual(one.digests);
  expect(one.different(two.digests)).toEqual([]);
  left.forget(subject);
  expect(one.digest).toBe(0);
});
