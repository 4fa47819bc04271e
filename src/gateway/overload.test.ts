import { expect, test } from 'vitest';
import { TestGateway } from '../../test/testGateway.ts';
import { admissionPolicy } from './limits.ts';

const busy = '-BUSY there is more to do than can be done in time: this was not done, try again later\r\n';

/** A gateway that lets in two commands at once. */
function openGateway(): TestGateway {
  const gateway = new TestGateway({ ...admissionPolicy, callsInitial: 2, callsMin: 2, callsMax: 2 });
  gateway.isHolding = true;
  return gateway;
}

test('what has waited for too long is refused in words, and the store never hears of it', () => {
  const gateway = openGateway();
  const clients = Array.from({ length: 5 }, () => gateway.connect());
  for (const [i, client] of clients.entries()) client.send(`SET key:${i} x\r\n`);
  expect(gateway.heldCalls).toBe(2);
  gateway.pass(admissionPolicy.standingMs);
  expect(clients.map((client) => client.replies())).toEqual(['', '', '', '', '']);
  gateway.pass(admissionPolicy.standingWaitMs);
  expect(clients.map((client) => client.replies())).toEqual(['', '', busy, busy, busy]);
  expect(gateway.figures.busy).toBe(3);
  gateway.isHolding = false;
  gateway.release(0);
  gateway.release(0);
  expect(clients.map((client) => client.replies())).toEqual(['+OK\r\n', '+OK\r\n', '', '', '']);
  clients[4]!.send('EXISTS key:0 key:1 key:2 key:3 key:4\r\n');
  expect(clients[4]!.replies()).toBe(':2\r\n');
});

test('in a burst commands wait, and are done in their order when there is room', () => {
  const gateway = openGateway();
  const [first, second] = [gateway.connect(), gateway.connect()];
  first.send('APPEND k a\r\nAPPEND k b\r\nAPPEND k c\r\nGET k\r\n');
  second.send('APPEND l x\r\nGET l\r\n');
  while (gateway.heldCalls > 0) gateway.release(0);
  expect(first.replies()).toBe(':1\r\n:2\r\n:3\r\n$3\r\nabc\r\n');
  expect(second.replies()).toBe(':1\r\n$1\r\nx\r\n');
});

test('a transaction that is refused has not happened, and its connection goes on', () => {
  const gateway = openGateway();
  const [first, second] = [gateway.connect(), gateway.connect()];
  first.send('GET a\r\nGET b\r\n');
  second.send('MULTI\r\nSET a 1\r\nSET b 2\r\nEXEC\r\nPING\r\n');
  gateway.pass(admissionPolicy.burstWaitMs + admissionPolicy.standingMs);
  expect(second.replies()).toBe(`+OK\r\n+QUEUED\r\n+QUEUED\r\n${busy}+PONG\r\n`);
  while (gateway.heldCalls > 0) gateway.release(0);
  second.send('EXISTS a b\r\n');
  gateway.release(0);
  expect(second.replies()).toBe(':0\r\n');
});

test('who goes away while it waits is forgotten', () => {
  const gateway = openGateway();
  const [first, gone, last] = [gateway.connect(), gateway.connect(), gateway.connect()];
  first.send('GET a\r\nGET b\r\n');
  gone.send('SET gone 1\r\n');
  last.send('SET last 1\r\n');
  gateway.hangUp(gone.connection);
  while (gateway.heldCalls > 0) gateway.release(0);
  expect(last.replies()).toBe('+OK\r\n');
  last.send('EXISTS gone last\r\n');
  gateway.release(0);
  expect(last.replies()).toBe(':1\r\n');
});
