import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StatusReport } from '../../src/api/index.ts';
import { Processes, portOf, run } from './processes.ts';

let processes: Processes;

beforeAll(async () => {
  processes = await Processes.start(3);
});

afterAll(async () => {
  await processes?.stop();
});

function port(index: number): string {
  return portOf(processes.peers[index]!.redis);
}

describe('redis-cli', () => {
  test('what one peer is told another one knows', async () => {
    expect(await run('redis-cli', ['-p', port(0), 'SET', 'hello', 'world'])).toBe('OK\n');
    for (const i of [0, 1, 2]) expect(await run('redis-cli', ['-p', port(i), 'GET', 'hello'])).toBe('world\n');
  });

  test('it speaks RESP3, scans and shows figures', async () => {
    expect(await run('redis-cli', ['-3', '-p', port(1), 'CONFIG', 'GET', 'save'])).toContain('save');
    for (let i = 0; i < 30; i++) await run('redis-cli', ['-p', port(0), 'SET', `scanned:${i}`, 'x']);
    const scanned = await run('redis-cli', ['-p', port(2), '--scan', '--pattern', 'scanned:*']);
    expect(new Set(scanned.trim().split('\n')).size).toBe(30);
    expect(await run('redis-cli', ['-p', port(0), 'INFO', 'server'])).toContain('redis_version:7.2');
    expect(await run('redis-cli', ['-p', port(0), 'SELFMAN', 'STALE', 'any'])).toBe('OK\n');
    expect(await run('redis-cli', ['-p', port(0), 'SELFMAN', 'EVENTUAL', 'perhaps'])).toContain('with ON or with OFF');
    expect(await run('redis-cli', ['-p', port(0), 'XADD', 'l', '*', 'f', 'v'])).toContain('not there yet');
  });
});

describe('redis-benchmark', () => {
  test.each(['1', '16'])('its set, get, incr and mset run with -P %s and without an error', async (depth) => {
    const words = ['-p', port(0), '-t', 'set,get,incr,mset', '-n', '3000', '-c', '20', '-P', depth, '--csv'];
    const rows = (await run('redis-benchmark', words)).trim().split('\n');
    const names = rows.slice(1).map((row) => row.split(',')[0]);
    expect(names).toEqual(['"SET"', '"GET"', '"INCR"', '"MSET (10 keys)"']);
    for (const row of rows.slice(1)) expect(Number(row.split(',')[1]!.replaceAll('"', ''))).toBeGreaterThan(0);
  });
});

describe('ioredis', () => {
  test('strings, pipelines, transactions and watches', async () => {
    const client = new Redis({ host: '127.0.0.1', port: Number(port(1)) });
    const other = client.duplicate();
    try {
      expect(await client.set('io', 'one', 'EX', 100, 'NX')).toBe('OK');
      expect(await client.getBuffer('io')).toEqual(Buffer.from('one'));
      expect(await client.ttl('io')).toBeGreaterThan(90);
      expect(await client.pipeline().set('p', '1').incr('p').get('p').del('p').get('p').exec()).toEqual([
        [null, 'OK'],
        [null, 2],
        [null, '2'],
        [null, 1],
        [null, null],
      ]);
      expect(await client.multi().set('m', '1').incr('m').exec()).toEqual([
        [null, 'OK'],
        [null, 2],
      ]);
      await client.watch('m');
      await other.set('m', 'changed');
      expect(await client.multi().set('m', 'mine').exec()).toBeNull();
      const binary = Buffer.from([0, 13, 10, 255, 0]);
      await client.set(binary, binary);
      expect(await client.getBuffer(binary)).toEqual(binary);
      await expect(client.xadd('stream', '*', 'f', 'v')).rejects.toThrow('not there yet');
    } finally {
      client.disconnect();
      other.disconnect();
    }
  });

  test('a connection that may read what is old, and writes that are answered at once', async () => {
    const at = (i: number, readOnly: boolean) => new Redis({ host: '127.0.0.1', port: Number(port(i)), readOnly });
    const clients = [0, 1, 2].map((i) => at(i, true));
    const writer = at(1, false);
    try {
      await writer.set('near', 'one');
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      for (const client of clients) expect(await client.get('near')).toBe('one');
      expect(await clients[0]!.call('SELFMAN', 'STALE', 'ANY')).toBe('OK');
      expect(await clients[0]!.get('near')).toBe('one');
      expect(await clients[0]!.readwrite()).toBe('OK');
      expect(await writer.call('SELFMAN', 'EVENTUAL', 'ON')).toBe('OK');
      const written = Array.from({ length: 2_000 }, (_, i) => writer.set('near', String(i)));
      expect(new Set(await Promise.all(written))).toEqual(new Set(['OK']));
      expect(await writer.get('near')).toBe('1999');
      for (const client of clients) {
        await client.readwrite();
        expect(await client.get('near')).toBe('1999');
      }
      const report = (await (await fetch(`http://${processes.peers[1]!.http}/status`)).json()) as StatusReport;
      expect(report.figures).toMatchObject({ eventualOwed: 0, eventualLost: 0 });
      expect(report.figures.eventualTaken).toBeGreaterThan(0);
    } finally {
      for (const client of [...clients, writer]) client.disconnect();
    }
  });

  test('large values that do not fit one message together are read together', async () => {
    const clients = [0, 1].map((i) => new Redis({ host: '127.0.0.1', port: Number(port(i)) }));
    const value = Buffer.alloc(3 * 1024 * 1024, 'x');
    const numbers = [0, 1, 2, 3, 4, 5];
    try {
      for (const i of numbers) expect(await clients[i % 2]!.set(`large:${i}`, value)).toBe('OK');
      for (const client of clients) {
        const replies = await Promise.all(numbers.map((i) => client.getBuffer(`large:${i}`)));
        for (const reply of replies) expect(reply?.equals(value)).toBe(true);
      }
      const tooLarge = Buffer.alloc(8 * 1024 * 1024 + 1);
      await expect(clients[0]!.set('larger', tooLarge)).rejects.toThrow('string exceeds maximum');
    } finally {
      for (const client of clients) client.disconnect();
    }
  });

  test('commands at once from many clients are all counted', async () => {
    const clients = [0, 1, 2].map((i) => new Redis({ host: '127.0.0.1', port: Number(port(i)) }));
    try {
      await Promise.all(clients.flatMap((client) => Array.from({ length: 300 }, () => client.incr('counted'))));
      for (const client of clients) expect(await client.get('counted')).toBe('900');
    } finally {
      for (const client of clients) client.disconnect();
    }
  });
});

describe('node-redis', () => {
  test('RESP3 from the first word: strings, transactions, scans and our own commands', async () => {
    const client = createClient({ url: `redis://${processes.peers[2]!.redis}` });
    await client.connect();
    try {
      expect(await client.set('node', 'a', { expiration: { type: 'PX', value: 100_000 } })).toBe('OK');
      expect(await client.set('node', 'b', { GET: true })).toBe('a');
      expect(await client.mGet(['node', 'nowhere'])).toEqual(['b', null]);
      expect(await client.multi().set('n', '1').incr('n').get('n').exec()).toEqual(['OK', 2, '2']);
      expect(await client.expire('n', 100, 'NX')).toBe(1);
      for (let i = 0; i < 25; i++) await client.set(`walk:${i}`, String(i));
      const found = new Set<string>();
      for await (const keys of client.scanIterator({ MATCH: 'walk:*', COUNT: 10 }))
        for (const key of keys) found.add(key);
      expect(found.size).toBe(25);
      expect(await client.sendCommand(['SELFMAN', 'RANGE', 'walk:1', 'walk:2', 'LIMIT', '2'])).toEqual([
        'walk:1',
        '1',
        'walk:10',
        '10',
      ]);
      expect(await client.info('server')).toContain('redis_version:7.2');
    } finally {
      client.destroy();
    }
  });
});

test('a peer that is stopped hands on first what it has answered', async () => {
  const [stopped, other] = [processes.peers[1]!, processes.peers[2]!];
  const client = new Redis({ host: '127.0.0.1', port: Number(portOf(stopped.redis)), retryStrategy: () => null });
  client.on('error', () => {});
  await client.call('SELFMAN', 'EVENTUAL', 'ON');
  await Promise.all(Array.from({ length: 900 }, (_, i) => client.set(`owed:${i}`, 'x')));
  await stopped.stop();
  const listed = await run('redis-cli', ['-p', portOf(other.redis), 'SELFMAN', 'RANGE', 'owed:', 'owed;']);
  expect(listed.split('\n').filter((line) => line.startsWith('owed:'))).toHaveLength(900);
});
