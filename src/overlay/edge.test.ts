import { expect, test } from 'vitest';
import { Edge } from './edge.ts';
import { patienceMsMax, patienceMsMin } from './limits.ts';
import { isGone, isSilent, isThere } from './reports.ts';

const healthy = 12;

/** An edge whose subject has answered for a while, so late each time. */
function edge(answerMs = 1): Edge {
  const made = new Edge(7, [0]);
  for (let i = 0; i < healthy; i++) made.answered(answerMs);
  return made;
}

function miss(subject: Edge, times: number): void {
  for (let i = 0; i < times; i++) {
    subject.missed();
    for (let helper = 0; helper < 3; helper++) subject.helped(false);
    subject.silent(1_000);
  }
}

test('patience follows what was measured, within its bounds', () => {
  expect(new Edge(7, []).patienceMs).toBe(patienceMsMin * 2);
  expect(edge(1).patienceMs).toBe(patienceMsMin);
  expect(edge(400).patienceMs).toBeGreaterThan(400);
  expect(edge(60_000).patienceMs).toBe(patienceMsMax);
});

test('one that is silent is there again with its first answer, however long it stood still', () => {
  const subject = edge();
  miss(subject, 11);
  expect(subject.finding).toBe(isSilent);
  subject.end();
  expect(subject.finding).toBe(isGone);
  subject.answered(1);
  subject.judgeLosses();
  expect(subject.finding).toBe(isThere);
});

test('one that answers now and then counts as gone, also right after an answer, until it answers again and again', () => {
  const subject = edge();
  for (const misses of [5, 5]) {
    miss(subject, misses);
    subject.answered(1);
  }
  subject.judgeLosses();
  expect(subject.finding).toBe(isGone);
  for (let i = 0; i < healthy; i++) subject.answered(1);
  subject.judgeLosses();
  expect(subject.finding).toBe(isThere);
});

test('where helpers reach it the link is to blame', () => {
  const subject = edge();
  for (let i = 0; i < 10; i++) {
    subject.missed();
    subject.helped(true);
    if (i === 4) subject.answered(1);
  }
  subject.judgeLosses();
  expect(subject.finding).toBe(isThere);
});
