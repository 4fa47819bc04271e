import { type ChildProcess, spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CollectionScript, collectionScripts } from './collectionScripts.ts';
import { moveScripts } from './moveScripts.ts';
import { Processes, portOf, until } from './processes.ts';
import { sortedSetScripts } from './sortedSetScripts.ts';

let processes: Processes;
let server: ChildProcess;
let ours: Redis;
let theirs: Redis;

beforeAll(async () => {
  processes = await Processes.start(3);
  const port = await freePort();
  server = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  theirs = new Redis({ port, lazyConnect: true });
  theirs.on('error', () => {});
  await until('Redis itself', async () => (await theirs.ping().catch(() => undefined)) ?? undefined);
  ours = new Redis({ port: Number(portOf(processes.peers[1]!.redis)) });
});

afterAll(async () => {
  ours?.disconnect();
  theirs?.disconnect();
  server?.kill();
  await processes?.stop();
});

const scripts = [...collectionScripts, ...sortedSetScripts, ...moveScripts].map(
  (script) => [script.name, script] as const,
);

test.each(scripts)('every answer about %s is that of Redis', (_name, script) => compare(script));

test('cells begin between the keys', async () => {
  for (const key of ['i', 'o', 't']) {
    const answer = await fetch(`http://${processes.peers[0]!.http}/split?key=${key}`, { method: 'POST' });
    expect(answer.status).toBe(200);
  }
});

test.each(scripts)('every answer about %s in several cells is that of Redis', (_name, script) => compare(script));

async function compare({ lines, unordered }: CollectionScript): Promise<void> {
  await Promise.all([ours.flushall(), theirs.flushall()]);
  const [told, expected]: [string[], string[]] = [[], []];
  for (const line of lines) {
    const words = line.split(' ').map((word) => (word === "''" ? '' : word));
    const [mine, other] = await Promise.all([reply(ours, words), reply(theirs, words)]);
    const sorts = unordered.includes(words[0]!.toLowerCase());
    told.push(`${line}: ${spelled(mine, sorts)}`);
    expected.push(`${line}: ${spelled(other, sorts)}`);
  }
  expect(told).toEqual(expected);
}

async function reply(client: Redis, [name, ...words]: readonly string[]): Promise<unknown> {
  return client.call(name!, ...words).catch((error: Error) => `-${error.message}`);
}

/** Where Redis promises no order, lists are compared without. */
function spelled(answer: unknown, sorts: boolean): string {
  if (!Array.isArray(answer)) return JSON.stringify(answer);
  const parts = answer.map((one) => spelled(one, sorts));
  return `[${(sorts ? parts.sort() : parts).join()}]`;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
