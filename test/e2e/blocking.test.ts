import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Processes, pause, portOf, until } from './processes.ts';

let processes: Processes;
const clients: Redis[] = [];

beforeAll(async () => {
  processes = await Processes.start(3);
  await processes.untilWhole();
});

afterAll(async () => {
  for (const client of clients) client.disconnect();
  await processes?.stop();
});

function connect(peer: number): Redis {
  const client = new Redis({ port: Number(portOf(processes.peers[peer]!.redis)), maxRetriesPerRequest: null });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

test('who waits at one peer is woken by what another one is given, soon', async () => {
  const [taker, giver] = [connect(0), connect(2)];
  const waitsMs: number[] = [];
  for (let i = 0; i < 20; i++) {
    const taken = taker.blpop('queue', 0);
    await pause(50);
    const begunMs = performance.now();
    await giver.rpush('queue', `element ${i}`);
    expect(await taken).toEqual(['queue', `element ${i}`]);
    waitsMs.push(performance.now() - begunMs);
  }
  expect(waitsMs.sort((a, b) => a - b)[10]).toBeLessThan(1_000);
});

test('over the death of the leader and a split each element goes to one who waits, and none is lost', async () => {
  const leader = await processes.leader();
  const [one, two] = [0, 1, 2].filter((peer) => processes.peers[peer] !== leader) as [number, number];
  const seen: string[] = [];
  const unknown: string[] = [];
  let isOver = false;
  const take = async (taker: Redis): Promise<void> => {
    while (!isOver) {
      const taken = await taker.blpop('aim', 'zone', 1).catch((error: Error) => void unknown.push(error.message));
      if (taken) seen.push(taken[1]);
    }
  };
  const takers = [one, two, one, two].map((peer) => take(connect(peer)));
  const giver = connect(one);
  const given: string[] = [];
  for (let i = 0; i < 60; i++) {
    if (i === 20) await leader.kill();
    if (i === 40) await fetch(`http://${processes.peers[one]!.http}/split?key=m`, { method: 'POST' });
    const key = i % 2 === 0 ? 'aim' : 'zone';
    // What has an unknown outcome may be there or not: it is not counted.
    const done = await giver.rpush(key, `${i}`).catch(() => undefined);
    if (done !== undefined) given.push(`${i}`);
    await pause(20);
  }
  const missing = (): string[] => given.filter((element) => !seen.includes(element));
  await until('all is taken', async () => missing().length <= unknown.length || undefined);
  isOver = true;
  await Promise.all(takers);
  expect(new Set(seen).size).toBe(seen.length);
  // Whoever was told that an outcome is unknown may have taken one.
  expect(missing().length).toBeLessThanOrEqual(unknown.length);
  expect(await giver.llen('aim')).toBe(0);
  expect(await giver.llen('zone')).toBe(0);
});
