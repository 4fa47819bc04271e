import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TestClient, TestGateway } from '../../test/testGateway.ts';
import { outputBytesMax, pauseBytes, requestsMax } from './limits.ts';

function open(): { gateway: TestGateway; client: TestClient } {
  const gateway = new TestGateway();
  return { gateway, client: gateway.connect() };
}

test('consecutive writes are with the store together, and a read behind them waits', () => {
  const { gateway, client } = open();
  gateway.isHolding = true;
  client.send('SET a 1\r\nINCR a\r\nGET a\r\nGET b\r\nSET b 2\r\n');
  expect(gateway.heldCalls).toBe(2);
  gateway.release(0);
  expect(client.replies()).toBe('+OK\r\n');
  expect(gateway.heldCalls).toBe(1);
  gateway.release(0);
  expect(gateway.heldCalls).toBe(2);
  gateway.release(1);
  expect(client.replies()).toBe(':2\r\n');
  gateway.release(0);
  expect(client.replies()).toBe('$1\r\n2\r\n$-1\r\n');
  gateway.release(0);
  expect(client.replies()).toBe('+OK\r\n');
});

test('answers that come in any order are said in the order of the requests', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { maxLength: 30 }), (picks) => {
      const { gateway, client } = open();
      client.send('MSET k0 0 k1 1 k2 2 k3 3 k4 4 k5 5 k6 6 k7 7 k8 8 k9 9\r\n');
      client.replies();
      gateway.isHolding = true;
      client.send(picks.map((pick) => `GET k${pick}\r\n`).join(''));
      for (const pick of picks) gateway.release(pick % Math.max(1, gateway.heldCalls));
      expect(client.replies()).toBe(picks.map((pick) => `$1\r\n${pick}\r\n`).join(''));
    }),
  );
});

test('HELLO waits for the replies before it and holds up those behind it', () => {
  const { gateway, client } = open();
  gateway.isHolding = true;
  client.send('GET a\r\nHELLO 3\r\nGET a\r\n');
  expect(gateway.heldCalls).toBe(1);
  gateway.release(0);
  expect(client.replies()).toMatch(/^\$-1\r\n%8\r\n/);
  gateway.release(0);
  expect(client.replies()).toBe('_\r\n');
});

test('WATCH is done before what follows it begins', () => {
  const { gateway, client } = open();
  gateway.isHolding = true;
  client.send('WATCH k\r\nGET k\r\n');
  expect(gateway.heldCalls).toBe(1);
  gateway.release(0);
  gateway.release(0);
  expect(client.replies()).toBe('+OK\r\n$-1\r\n');
});

test('a flood is taken up to a bound, the rest waits, and nothing is lost', () => {
  const { gateway, client } = open();
  client.send('INCR other\r\n'.repeat(requestsMax));
  client.replies();
  gateway.isHolding = true;
  const count = 20_000;
  client.send('INCR counter\r\n'.repeat(count));
  expect(gateway.heldCalls).toBe(requestsMax);
  expect(client.isPaused).toBe('INCR counter\r\n'.length * (count - requestsMax) > pauseBytes);
  gateway.isHolding = false;
  while (gateway.heldCalls > 0) gateway.release(0);
  expect(client.isPaused).toBe(false);
  const replies = client.replies().split('\r\n');
  expect(replies.length).toBe(count + 1);
  expect(replies.at(-2)).toBe(`:${count}`);
});

test('a client that reads too slowly is cut off, and one that catches up gets everything', () => {
  const { gateway, client } = open();
  client.send('SET k v\r\n');
  gateway.congest(client.connection, 2_000_000);
  client.send('GET k\r\nGET k\r\n');
  expect(client.replies()).toBe('+OK\r\n');
  gateway.drain(client.connection);
  expect(client.replies()).toBe('$1\r\nv\r\n$1\r\nv\r\n');
  gateway.congest(client.connection, outputBytesMax + 1);
  expect(client.isClosed).toBe(true);
  expect(gateway.figures.clientsCut).toBe(1);
});

test('large replies are asked for a few at a time', () => {
  const { gateway, client } = open();
  client.send('SETRANGE k 3999999 x\r\n');
  client.send('GET k\r\n'.repeat(10));
  client.replyBytes();
  gateway.isHolding = true;
  client.send('GET k\r\n'.repeat(20));
  expect(gateway.heldCalls).toBe(4);
  gateway.isHolding = false;
  while (gateway.heldCalls > 0) gateway.release(0);
  expect(client.replyBytes().length).toBeGreaterThan(20 * 4_000_000);
});

test('a client that goes while its commands are with the store is forgotten quietly', () => {
  const { gateway, client } = open();
  const other = gateway.connect();
  gateway.isHolding = true;
  client.send('SET k v\r\n');
  other.send(`CLIENT KILL ID ${client.connection}\r\n`);
  expect(client.isClosed).toBe(true);
  gateway.release(0);
  expect(other.replies()).toBe(':1\r\n');
  expect(gateway.figures.clients).toBe(1);
});

test('a request that comes a byte at a time is understood as it would be whole', () => {
  const { client } = open();
  const request = '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$12\r\nhello\r\nworld\r\n*2\r\n$3\r\nget\r\n$1\r\nk\r\n';
  for (const byte of request) client.send(byte);
  expect(client.replies()).toBe('+OK\r\n$12\r\nhello\r\nworld\r\n');
});

test('a large value takes memory as it comes, and one beyond the limit is refused by name', () => {
  const { client } = open();
  client.send('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$9000000\r\n');
  for (let sent = 0; sent < 9_000_000; sent += 60_000) client.send('x'.repeat(60_000));
  client.send('\r\nPING\r\n');
  expect(client.replies()).toBe('-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n+PONG\r\n');
  client.send('*1\r\n$17000000\r\n');
  expect(client.replies()).toBe('-ERR Protocol error: invalid bulk length\r\n');
});
