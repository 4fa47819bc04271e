import { expect, test } from 'vitest';
import { TestGateway } from '../../test/testGateway.ts';
import { lookAgainMs, waitersMax } from './limits.ts';

/** So long, that whoever can be served has been. */
const whileMs = 3 * lookAgainMs;
const taken = (key: string, value: string): string =>
  `*2\r\n$${key.length}\r\n${key}\r\n$${value.length}\r\n${value}\r\n`;
/** What a client is answered that just came. */
function answer(gateway: TestGateway, line: string): string {
  const client = gateway.connect();
  client.send(`${line}\r\n`);
  return client.replies();
}
const nothing = '*-1\r\n';

test('who waits longest is served first, and each element goes to one', () => {
  const gateway = new TestGateway();
  const [first, second, third, giver] = [gateway.connect(), gateway.connect(), gateway.connect(), gateway.connect()];
  for (const client of [first, second, third]) client.send('BLPOP queue 0\r\n');
  gateway.pass(whileMs);
  giver.send('RPUSH queue a b\r\n');
  gateway.pass(whileMs);
  expect([first, second, third].map((client) => client.replies())).toEqual([
    taken('queue', 'a'),
    taken('queue', 'b'),
    '',
  ]);
  giver.send('RPUSH queue c\r\nLLEN queue\r\n');
  gateway.pass(whileMs);
  expect(third.replies()).toBe(taken('queue', 'c'));
});

test('who has waited for long enough is told so, and what it sent meanwhile is done then', () => {
  const gateway = new TestGateway();
  const client = gateway.connect();
  client.send('BLPOP queue 1\r\nSET k v\r\nGET k\r\n');
  gateway.pass(900);
  expect(client.replies()).toBe('');
  expect(answer(gateway, 'EXISTS k')).toBe(':0\r\n');
  gateway.pass(200);
  expect(client.replies()).toBe(`${nothing}+OK\r\n$1\r\nv\r\n`);
});

test('who is gone is passed over, and takes nothing', () => {
  const gateway = new TestGateway();
  const [gone, stays] = [gateway.connect(), gateway.connect()];
  gone.send('BLPOP queue 0\r\n');
  stays.send('BLPOP queue 0\r\n');
  gateway.pass(whileMs);
  gateway.hangUp(1);
  gateway.connect().send('RPUSH queue a\r\n');
  gateway.pass(whileMs);
  expect(stays.replies()).toBe(taken('queue', 'a'));
});

test('who waits for several keys takes from whichever has something, once', () => {
  const gateway = new TestGateway();
  const [client, giver] = [gateway.connect(), gateway.connect()];
  client.send('BLPOP a b 0\r\n');
  gateway.pass(whileMs);
  giver.send('MULTI\r\nRPUSH b 1\r\nRPUSH a 2\r\nEXEC\r\n');
  gateway.pass(whileMs);
  expect(client.replies()).toBe(taken('a', '2'));
  expect(answer(gateway, 'LRANGE b 0 -1')).toBe('*1\r\n$1\r\n1\r\n');
});

test('what is of another kind is nothing to who waits already', () => {
  const gateway = new TestGateway();
  const [client, giver] = [gateway.connect(), gateway.connect()];
  client.send('BZPOPMIN k 0\r\n');
  gateway.pass(whileMs);
  giver.send('SET k text\r\n');
  gateway.pass(whileMs);
  giver.send('DEL k\r\nZADD k 1.5 m\r\n');
  gateway.pass(whileMs);
  expect(client.replies()).toBe('*3\r\n$1\r\nk\r\n$1\r\nm\r\n$3\r\n1.5\r\n');
});

test('what cannot be moved is told to who waited, and is left to who waits behind', () => {
  const gateway = new TestGateway();
  const [mover, taker] = [gateway.connect(), gateway.connect()];
  answer(gateway, 'SET text x');
  mover.send('BLMOVE queue text LEFT LEFT 0\r\n');
  taker.send('BLPOP text queue 0\r\nBLPOP other queue 0\r\n');
  gateway.pass(whileMs);
  answer(gateway, 'SET other x');
  answer(gateway, 'RPUSH queue a');
  gateway.pass(whileMs);
  const wrong = '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n';
  expect(mover.replies()).toBe(wrong);
  expect(taker.replies()).toBe(wrong + taken('queue', 'a'));
});

test('an element moves to where somebody waits for it, from hand to hand', () => {
  const gateway = new TestGateway();
  const [mover, taker] = [gateway.connect(), gateway.connect()];
  mover.send('BLMOVE from to LEFT LEFT 0\r\n');
  taker.send('BRPOP to 0\r\n');
  gateway.pass(whileMs);
  gateway.connect().send('RPUSH from x\r\n');
  gateway.pass(2 * whileMs);
  expect(mover.replies()).toBe('$1\r\nx\r\n');
  expect(taker.replies()).toBe(taken('to', 'x'));
});

test('a peer keeps so many who wait and no more, and says so', () => {
  const gateway = new TestGateway();
  for (let i = 0; i < waitersMax; i++) gateway.connect().send('BLPOP queue 0\r\n');
  expect(answer(gateway, 'BLPOP queue 0')).toBe('-ERR too many clients of this peer wait already\r\n');
});
