import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkLinearizable } from '../../src/simulator/linearizability.ts';
import type { PeerProcess } from './peerProcess.ts';
import { Processes, portOf, run, until } from './processes.ts';
import { Swarm } from './swarm.ts';

const dist = join(import.meta.dirname, '../../dist');
const program = join(dist, 'cli/main.js');
const clients = 16;
/** Below the ports that the system gives to whoever asks for any, and those of seats 100 above are free too. */
const ports = { address: 24_100, redis: 25_100, http: 26_100 } as const;

let processes: Processes;

beforeAll(async () => {
  processes = await Processes.start(0, ['--seats', '2']);
  for (const [i, name] of ['a', 'b', 'c'].entries()) await processes.startPeer(name, addresses(i));
  await processes.untilWhole();
  await selfman('split', 'm');
  await selfman('split', 't');
  await untilApart();
});

afterAll(async () => {
  await processes?.stop();
});

function addresses(i: number) {
  const at = (port: number): string => `127.0.0.1:${port + i}`;
  return { address: at(ports.address), redis: at(ports.redis), http: at(ports.http) };
}

function selfman(...words: string[]): Promise<string> {
  return run('node', [program, ...words, '--data', processes.folder]);
}

/** Runs the program to its end, or until it is killed. */
function begin(...words: string[]): { child: ChildProcess; ended: Promise<{ code: number | null; said: string }> } {
  const child = spawn('node', [program, ...words]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, said }))) };
}

/** Where each peer, seats and all, serves Redis clients. */
async function redisOfAll(): Promise<string[]> {
  return (await processes.status())!.peers.map(({ redis }) => redis);
}

function portsOf(peer: PeerProcess): string[] {
  return [peer.redis, `127.0.0.1:${Number(portOf(peer.redis)) + 100}`];
}

/** Waits until every cell has three members in sound health, of three programs, all of which vote: who has just come to lead counts them as they answer. */
async function untilApart(): Promise<void> {
  await processes.untilWhole();
  await until('members in three programs', async () => {
    const { cells = [], peers = [] } = (await processes.status()) ?? {};
    const programs = new Map(peers.map(({ name, program }) => [name, program]));
    const isApart = cells.every(
      ({ members, survivesFailuresNow }) =>
        new Set(members.map((name) => programs.get(name))).size === 3 && survivesFailuresNow >= 1,
    );
    return isApart || undefined;
  });
}

async function judge(swarm: Swarm): Promise<void> {
  await swarm.stop();
  for (const redis of await redisOfAll()) expect(await swarm.readAll(redis)).toBeGreaterThan(0);
  expect(checkLinearizable(swarm.history)).toEqual([]);
}

async function untilWrites(swarm: Swarm, more: number): Promise<void> {
  const enough = swarm.writes + more;
  await until(`${more} more writes`, async () => swarm.writes >= enough || undefined);
}

describe('three programs of two seats each', () => {
  test('each seat is a peer of its own, status says of which program, and all failures are of programs', async () => {
    const report = (await processes.status())!;
    const seats = report.peers.map(({ name, program: of, status }) => `${name} of ${of} ${status}`).sort();
    expect(seats).toEqual(
      ['a of a', 'a/2 of a', 'b of b', 'b/2 of b', 'c of c', 'c/2 of c'].map((text) => `${text} alive`),
    );
    expect(report.cells.map(({ survivesFailuresNow }) => survivesFailuresNow)).toEqual([1, 1, 1]);
    expect(await selfman('status')).toMatch(/^a\/2 +a +alive/m);
    const metrics = await (await fetch(`http://${processes.peers[0]!.http}/metrics`)).text();
    expect(metrics).toContain('selfman_program_seats{status="alive"} 2');
    const copies = report.cells.filter(({ copy }) => copy !== undefined);
    for (const { cell, copy } of copies)
      expect(metrics).toContain(`selfman_copy_leads{cell="${cell}"} ${copy!.role === 'leader' ? 1 : 0}`);
    const proposed = [...metrics.matchAll(/^selfman_copy_entries_total{cell="[^"]+"} (\d+)$/gm)];
    expect(proposed).toHaveLength(copies.length);
  });

  test('what is written through one seat is read through every other', async () => {
    const all = await redisOfAll();
    expect(all).toHaveLength(6);
    for (const [i, redis] of all.entries()) {
      for (const key of [`early:${i}`, `some:${i}`, `upper:${i}`]) {
        await run('redis-cli', ['-p', portOf(redis), 'SET', key, String(i)]);
        for (const other of all) expect(await run('redis-cli', ['-p', portOf(other), 'GET', key])).toBe(`${i}\n`);
      }
    }
  });

  test('a cell is moved to another seat of a program, which leads it, and is saved and looked at there', async () => {
    const cell = (await processes.status())!.cells[1]!;
    const from = cell.members.find((name) => name.startsWith('a'))!;
    const to = from === 'a' ? 'a/2' : 'a';
    await selfman('move', 'some', '--from', from, '--to', to);
    await selfman('lead', 'some', to);
    await until(`${to} as leader`, async () => (await processes.status())?.cells[1]?.leader === to || undefined);
    await selfman('backup', join(processes.folder, 'seats.backup'));
    expect(existsSync(join(processes.folder, 'seats.backup'))).toBe(true);
    expect(await selfman('components', '//cells')).toContain('cells');
    await untilApart();
  });

  test('a program is killed under writes: its seats go at once, nothing acknowledged is lost, and both come back', async () => {
    const swarm = new Swarm('some', await redisOfAll());
    swarm.start(clients);
    await untilWrites(swarm, 500);
    const name = (await processes.status())!.cells[1]!.leader.split('/')[0];
    const victim = processes.peers.find((peer) => peer.name === name)!;
    await victim.kill();
    await untilWrites(swarm, 500);
    await victim.start();
    await untilWrites(swarm, 200);
    await untilApart();
    await judge(swarm);
  });

  test('all are stopped, gracefully, the doctor finds each seat sound, and all is there after the next start', async () => {
    const swarm = new Swarm('upper', await redisOfAll());
    swarm.start(clients);
    await untilWrites(swarm, 500);
    await swarm.stop();
    await Promise.all(processes.peers.map((peer) => peer.stop()));
    for (const { data, said } of processes.peers) {
      expect(said).toContain('stops; its data stays in');
      for (const folder of [data, join(data, 'seats/2')]) expect(existsSync(join(folder, 'lock'))).toBe(false);
    }
    const { ended } = begin('doctor', processes.peers[0]!.data);
    const { code, said } = await ended;
    expect(said.match(/What is here is sound/g)).toHaveLength(2);
    expect(said).toMatch(/peer a\/2 \(disk/);
    expect(code).toBe(0);
    await Promise.all(processes.peers.map((peer) => peer.start()));
    await untilApart();
    await judge(swarm);
  });

  test('a seat whose disk fails is told of, its program ends with it, and comes back whole', async () => {
    const victim = processes.peers[2]!;
    const held = (await processes.status())!.cells[1]!.members.find((name) => name.startsWith('c'))!;
    if (held === 'c') await selfman('move', 'some', '--from', 'c', '--to', 'c/2');
    rmSync(join(victim.data, 'seats/2/journal'), { recursive: true });
    const client = new Redis({ port: Number(portOf(processes.peers[0]!.redis)) });
    // No segment can be begun once this one is full.
    for (let i = 0; i < 40 && victim.isRunning; i++) await client.set('some:large', Buffer.alloc(512 * 1024, i));
    await until('the end of the program', async () => !victim.isRunning || undefined);
    client.disconnect();
    expect(victim.said).toMatch(/Seat c\/2 has failed, and its program stops: /);
    rmSync(join(victim.data, 'seats/2'), { recursive: true });
    await victim.start();
    await until('the seat as a newcomer', async () => {
      const seats = (await victim.status())?.peers.filter(({ name, status }) => name === 'c/2' && status === 'alive');
      return seats?.length === 1 || undefined;
    });
  });
});

describe('seats inside of somebody’s program', () => {
  test('the store is there when all seats serve, and stopping it stops all', async () => {
    const { Peer } = (await import(join(dist, 'machine/index.js'))) as typeof import('../../src/machine/index.ts');
    const data = join(processes.folder, 'embedded');
    const said: string[] = [];
    const peer = await Peer.start({ name: 'e', data, seats: 3 }, (text) => said.push(text));
    expect(said.filter((text) => text.startsWith('Seat ')).sort()).toEqual([
      expect.stringMatching(/^Seat e\/2 is ready: peers 127/),
      expect.stringMatching(/^Seat e\/3 is ready: peers 127/),
    ]);
    expect(await peer.store.put('here', 1)).toMatchObject({ ok: true });
    expect((await peer.status()).peers.map(({ program: of }) => of)).toEqual(['e', 'e', 'e']);
    await peer.stop();
    for (const folder of [data, join(data, 'seats/2'), join(data, 'seats/3')])
      expect(existsSync(join(folder, 'lock'))).toBe(false);
    const again = await Peer.start({ name: 'e', data, seats: 3 });
    expect(await again.store.get('here')).toMatchObject({ ok: true, value: { value: 1 } });
    await again.stop();
  });

  test('a thread that dies of a bug is told of with its error', async () => {
    const door = join(dist, 'machine/furtherSeat.js');
    const { FurtherSeat } = (await import(door)) as typeof import('../../src/machine/furtherSeat.ts');
    const broken = { name: 'x/2' } as ConstructorParameters<typeof FurtherSeat>[0];
    const ended = await new FurtherSeat(broken, () => {}).ended;
    expect(ended).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/^its thread died: /) });
  });
});

describe('numbers of seats', () => {
  test.each([
    ['0', /The option seats is wrong: use at least 1/],
    ['9', /The option seats is wrong: use at most 8/],
    ['two', /two is not a whole number/],
  ])('%s is refused in words', async (number, words) => {
    const { code, said } = await begin('start', '--name', 'x', '--data', join(processes.folder, 'x'), '--seats', number)
      .ended;
    expect(said).toMatch(words);
    expect(said).not.toMatch(/^\s+at /m);
    expect(code).toBeGreaterThan(0);
  });

  test('a port that a seat would need is taken: nothing is started', async () => {
    const { address, redis, http } = addresses(50);
    const neighbour: Server = createServer();
    await new Promise<void>((resolve) => neighbour.listen(Number(portOf(redis)) + 100, '127.0.0.1', resolve));
    const words = ['--listen', address, '--redis', redis, '--http', http, '--seats', '2'];
    const { code, said } = await begin('start', '--name', 'x', '--data', join(processes.folder, 'y'), ...words).ended;
    neighbour.close();
    expect(said).toMatch(/Seat x\/2 has failed, and its program stops: .* is in use by another program/);
    expect(code).toBe(1);
  });

  test('fewer than there are is refused, until a seat has left', async () => {
    const leaving = processes.peers[1]!;
    await leaving.stop();
    const { said } = await begin('start', '--name', 'b', '--data', leaving.data).ended;
    expect(said).toMatch(/holds 2 seats, and seats 1 would leave out b\/2: .*selfman leave --name b\/2/);
    await leaving.start();
    expect(await run('node', [program, 'leave', '--data', processes.folder, '--name', 'b/2'], 90_000)).toContain(
      'left',
    );
    await until('word of it', async () => leaving.said.includes('Seat b/2 has left the system') || undefined);
    await leaving.stop();
    const { child, ended } = begin('start', '--name', 'b', '--data', leaving.data, ...wordsOf(leaving));
    await until('an answer of the one seat', async () => {
      const answer = await fetch(`http://${leaving.http}/ready`).catch(() => undefined);
      return answer?.ok || undefined;
    });
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    await leaving.start();
    // A seat that is new has taken the next number.
    await until('the seat b/3', async () => {
      return (
        (await leaving.status())?.peers.some(({ name, status }) => name === 'b/3' && status === 'alive') || undefined
      );
    });
  });

  test('a program that leaves has all its seats leave first', async () => {
    const leaving = processes.peers[1]!;
    await run('node', [program, 'leave', '--data', processes.folder, '--name', 'b'], 110_000);
    await until('the end of the program', async () => !leaving.isRunning || undefined);
    const { peers } = (await processes.status())!;
    expect(peers.filter(({ name, status }) => name.startsWith('b') && status === 'alive')).toEqual([]);
    for (const redis of portsOf(processes.peers[0]!))
      expect(await run('redis-cli', ['-p', portOf(redis), 'GET', 'early:0'])).toBe('0\n');
  });
});

function wordsOf({ address, redis, http }: PeerProcess): string[] {
  return ['--listen', address, '--redis', redis, '--http', http];
}
