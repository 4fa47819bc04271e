import { expect, test } from 'vitest';
import { bytesOfText } from '../base/index.ts';
import { sessionIdleMsMin, sessionResultBytesMax, sessionResultsMax, sessionsMax } from './limits.ts';
import { Sessions } from './sessions.ts';

const result = bytesOfText('a result');

test('when there are too many sessions the one that was idle longest goes, if it was idle long enough', () => {
  const sessions = new Sessions();
  for (let i = 0; i < sessionsMax; i++) sessions.open(`s${i}`, i);
  expect(sessions.open('one too many', sessionsMax)).toBeUndefined();
  sessions.touch(sessions.get('s0')!, 5000);
  expect(sessions.open('later', 1 + sessionIdleMsMin)).toBeDefined();
  expect(sessions.get('s0')).toBeDefined();
  expect(sessions.get('s1')).toBeUndefined();
});

test('acknowledging forgets what is below, however far the mark jumps', () => {
  const sessions = new Sessions();
  const session = sessions.open('s', 0)!;
  for (const sequence of [3, 1, 7, 2]) sessions.keep(session, sequence, result);
  sessions.acknowledge(session, 3);
  expect([...session.results.keys()]).toEqual([3, 7]);
  sessions.acknowledge(session, 2 ** 50);
  expect(session.results.size).toBe(0);
  expect(session.resultBytes).toBe(0);
  sessions.acknowledge(session, 5);
  expect(session.floor).toBe(2 ** 50);
});

test('too many results, or too large ones, push the oldest out and raise the floor', () => {
  const sessions = new Sessions();
  const many = sessions.open('many', 0)!;
  for (let sequence = 0; sequence <= sessionResultsMax; sequence++) sessions.keep(many, sequence, result);
  expect(many.results.size).toBeLessThanOrEqual(sessionResultsMax / 2 + 1);
  expect(many.floor).toBe(Math.min(...many.results.keys()));
  const large = sessions.open('large', 0)!;
  sessions.keep(large, 1, result);
  sessions.keep(large, 2, new Uint8Array(sessionResultBytesMax + 1));
  expect([...large.results.keys()]).toEqual([2]);
  expect(large.floor).toBe(2);
});

test('a session comes back from its row as it was', () => {
  const sessions = new Sessions();
  const session = sessions.open('s', 7)!;
  sessions.keep(session, 9, result);
  sessions.acknowledge(session, 4);
  const rows: { key: string; value: Uint8Array | undefined }[] = [];
  sessions.freeze('p', rows);
  const restored = new Sessions();
  expect(rows.map(({ key }) => key)).toEqual(['ps']);
  expect(restored.restore('s', rows[0]!.value!)).toBe(true);
  expect(restored.get('s')).toEqual(session);
  expect(restored.restore('t', bytesOfText('no row'))).toBe(false);
});
