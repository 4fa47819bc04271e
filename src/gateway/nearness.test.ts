import { describe, expect, test } from 'vitest';
import { TestGateway } from '../../test/testGateway.ts';

/** How the store is asked the last of some lines, and what all were answered. */
function told(...lines: string[]) {
  const gateway = new TestGateway();
  const client = gateway.connect();
  for (const line of lines) client.send(`${line}\r\n`);
  const { order, staleMs, isEventual } = gateway.calls.at(-1) ?? {};
  return { isOrdered: order !== 0, staleMs, isEventual, replies: client.replies() };
}

describe('reads of a connection', () => {
  test.each<[string[], number | undefined]>([
    [['GET k'], undefined],
    [['READONLY', 'GET k'], 1_000],
    [['READONLY', 'READWRITE', 'GET k'], undefined],
    [['SELFMAN STALE 250', 'MGET k l'], 250],
    [['SELFMAN STALE any', 'GET k'], Number.POSITIVE_INFINITY],
    [['SELFMAN STALE 250', 'SELFMAN STALE 0', 'GET k'], undefined],
    [['SELFMAN STALE 250', 'RESET', 'GET k'], undefined],
  ])('%j', (lines, staleMs) => {
    expect(told(...lines)).toMatchObject({ staleMs, isOrdered: staleMs === undefined });
  });

  test('what is watched is read as it is, and writes are exact', () => {
    expect(told('READONLY', 'WATCH k')).toMatchObject({ staleMs: undefined, isOrdered: true });
    expect(told('READONLY', 'SET k v')).toMatchObject({ staleMs: undefined, isOrdered: true, isEventual: false });
  });

  test('a client that may read what is old says so of itself', () => {
    expect(told('READONLY', 'CLIENT INFO').replies).toContain(' flags=r ');
  });
});

test('writes of a connection may be answered before they are done', () => {
  expect(told('SELFMAN EVENTUAL on', 'SET k v')).toMatchObject({ isEventual: true, isOrdered: true });
  expect(told('SELFMAN EVENTUAL on', 'SELFMAN EVENTUAL OFF', 'SET k v')).toMatchObject({ isEventual: false });
  expect(told('SELFMAN EVENTUAL on', 'RESET', 'SET k v')).toMatchObject({ isEventual: false });
});

test.each([
  ['SELFMAN STALE -1', 'ERR say SELFMAN STALE with milliseconds from 0 (off) to 86400000, or with ANY'],
  ['SELFMAN STALE soon', 'ERR say SELFMAN STALE with milliseconds from 0 (off) to 86400000, or with ANY'],
  ['SELFMAN EVENTUAL maybe', 'ERR say SELFMAN EVENTUAL with ON or with OFF'],
  ['SELFMAN EVENTUAL', "ERR wrong number of arguments for 'selfman|eventual' command"],
  ['READONLY now', "ERR wrong number of arguments for 'readonly' command"],
])('%s is refused in words', (line, error) => {
  expect(told(line).replies).toBe(`-${error}\r\n`);
});

test('a transaction is exact, and nobody changes that in the middle of it', () => {
  const { replies, isEventual } = told('MULTI', 'SELFMAN EVENTUAL on', 'SELFMAN STALE 5', 'SET k v', 'EXEC');
  expect(replies).toContain('-ERR SELFMAN EVENTUAL inside MULTI is not allowed');
  expect(replies).toContain('-ERR SELFMAN STALE inside MULTI is not allowed');
  expect(isEventual).toBe(false);
});
