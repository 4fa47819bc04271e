import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkLinearizable } from '../../src/simulator/linearizability.ts';
import type { PeerProcess } from './peerProcess.ts';
import { Processes, pause, until } from './processes.ts';
import { Swarm } from './swarm.ts';

const clients = 32;
/** What a system may take to write again after its leader is gone. */
const gapMsMax = 2_000;

let processes: Processes;

beforeAll(async () => {
  processes = await Processes.start(3);
  await processes.untilWhole();
});

afterAll(async () => {
  await processes?.stop();
});

function swarmOf(label: string): Swarm {
  const swarm = new Swarm(
    label,
    processes.peers.map(({ redis }) => redis),
  );
  swarm.start(clients);
  return swarm;
}

async function untilWrites(swarm: Swarm, more: number): Promise<void> {
  const enough = swarm.writes + more;
  await until(`${more} more writes`, async () => swarm.writes >= enough || undefined);
}

/** Stops the clients, reads all keys through each peer, and judges everything that was seen. */
async function judge(swarm: Swarm): Promise<void> {
  await swarm.stop();
  for (const { redis } of processes.peers) expect(await swarm.readAll(redis)).toBeGreaterThan(0);
  expect(checkLinearizable(swarm.history)).toEqual([]);
}

/** Does something to the leader, and answers how long no write was acknowledged after it. */
async function gapAfter(swarm: Swarm, act: (leader: PeerProcess) => Promise<void> | void): Promise<number> {
  const leader = await processes.leader();
  const startedMs = performance.now();
  await act(leader);
  // Answers that were on their way when the leader fell silent say nothing of the next one.
  await pause(300);
  await untilWrites(swarm, 20);
  return swarm.lastWriteMs - startedMs;
}

describe('32 clients through three peers, each a process', () => {
  test('the leader is killed: writes go on, nothing acknowledged is lost, it comes back and catches up', async () => {
    const swarm = swarmOf('kill');
    await untilWrites(swarm, 500);
    let killed: PeerProcess | undefined;
    const gapMs = await gapAfter(swarm, (leader) => {
      killed = leader;
      return leader.kill();
    });
    expect(gapMs).toBeLessThan(gapMsMax);
    await untilWrites(swarm, 500);
    await killed!.start();
    await untilWrites(swarm, 500);
    await processes.untilWhole();
    await judge(swarm);
  });

  test('the leader stands still for three seconds: the others go on without it, and it follows them when it wakes', async () => {
    const swarm = swarmOf('pause');
    await untilWrites(swarm, 500);
    let paused: PeerProcess | undefined;
    const gapMs = await gapAfter(swarm, (leader) => {
      paused = leader;
      leader.pause();
    });
    expect(gapMs).toBeLessThan(gapMsMax);
    await pause(Math.max(0, 3_000 - gapMs));
    paused!.resume();
    await untilWrites(swarm, 500);
    await processes.untilWhole();
    await judge(swarm);
  });

  test('all three are killed at once: everything acknowledged is there when they come back', async () => {
    const swarm = swarmOf('all');
    await untilWrites(swarm, 1_000);
    await Promise.all(processes.peers.map((peer) => peer.kill()));
    await Promise.all(processes.peers.map((peer) => peer.start()));
    await untilWrites(swarm, 500);
    await processes.untilWhole();
    await judge(swarm);
  });

  test('two of three stand still: errors, never nil and never a second history, and all is well when they wake', async () => {
    const swarm = swarmOf('majority');
    await untilWrites(swarm, 500);
    const alone = processes.peers.find((peer) => peer.isRunning)!;
    const [host, port] = alone.redis.split(':') as [string, string];
    const client = new Redis({ host, port: Number(port) });
    await client.set('majority', 'there');
    for (const peer of processes.peers) if (peer !== alone) peer.pause();
    // Leases run out and the silence is noticed: from then on nothing can be answered.
    await pause(1_000);
    await expect(client.set('majority', 'changed')).rejects.toThrow(/CLUSTERDOWN|UNKNOWN/);
    await expect(client.get('majority')).rejects.toThrow(/CLUSTERDOWN|UNKNOWN/);
    for (const peer of processes.peers) peer.resume();
    await untilWrites(swarm, 500);
    expect(['there', 'changed']).toContain(await client.get('majority'));
    client.disconnect();
    await processes.untilWhole();
    await judge(swarm);
  });
});
