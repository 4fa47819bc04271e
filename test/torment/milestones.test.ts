import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Milestone, milestones } from '../../src/cell/milestones.ts';
import { checkLinearizable } from '../../src/simulator/linearizability.ts';
import type { PeerProcess } from '../e2e/peerProcess.ts';
import { Processes, pause, portOf, run, until } from '../e2e/processes.ts';
import { Swarm } from '../e2e/swarm.ts';

const program = join(import.meta.dirname, '../../dist/cli/main.js');
const clients = 12;
const memberDeadMs = 1_500;
/** So that a second of writes makes checkpoints, and who was away for longer needs a snapshot. */
const checkpointBytes = 32 * 1024;
const reachedMsMax = 40_000;
const wholeMsMax = 60_000;
const replacedMsMax = 15_000;

/** Peers die at the milestone that this file names. */
const marks = join(mkdtempSync(join(tmpdir(), 'selfman-marks-')), 'milestone');
let processes: Processes;
let deeds = 0;

beforeAll(async () => {
  processes = await Processes.start(4, ['--member-dead-ms', String(memberDeadMs)], { SELFMAN_DIE_AT: marks });
  for (const peer of processes.peers) await setCheckpoints(peer);
  await processes.untilWhole(3);
  await ask('POST', '/split?key=m');
});

afterAll(async () => {
  await processes?.stop();
  rmSync(join(marks, '..'), { recursive: true });
});

async function ask(method: string, path: string, peer = running()[0]): Promise<boolean> {
  const response = await fetch(`http://${peer?.http}${path}`, { method }).catch(() => undefined);
  await response?.text();
  return response?.ok === true;
}

function running(): readonly PeerProcess[] {
  return processes.peers.filter((peer) => peer.isRunning);
}

function redis(...words: string[]): Promise<string> {
  return run('redis-cli', ['-p', portOf(running()[0]!.redis), ...words]).catch(String);
}

function setCheckpoints(peer: PeerProcess): Promise<boolean> {
  return ask('POST', `/components?path=//cells/@checkpointBytes&value=${checkpointBytes}`, peer);
}

async function start(peer: PeerProcess): Promise<void> {
  // It may reach the step while it starts.
  await peer.start().catch((error: Error) => {
    if (!error.message.includes('ended with SIGKILL')) throw error;
  });
  await setCheckpoints(peer);
}

/** Gives the members of the first cell something to do for which one of them is replaced; it comes back when it is. */
async function replaceMember(): Promise<void> {
  const members = (await processes.status())?.cells[0]?.members ?? [];
  const lost = running().find(({ name }) => members.includes(name));
  if (lost === undefined || running().length < processes.peers.length) return;
  await lost.kill();
  const isReplaced = performance.now() + replacedMsMax;
  while (performance.now() < isReplaced && running().length === processes.peers.length - 1) {
    if ((await processes.status())?.cells.every((cell) => !cell.members.includes(lost.name))) break;
    await pause(100);
  }
  await start(lost);
  await pause(1_000);
}

/** Splits a cell, and makes one of the two again. Who dies of it answers nobody. */
async function mergeAgain(): Promise<void> {
  await ask('POST', `/split?key=s${++deeds}`);
  await Promise.race([ask('POST', `/merge?key=s${deeds}`), pause(3_000)]);
}

/** Has another member of the first cell lead it. */
async function handOver(): Promise<void> {
  const { members, leader } = (await processes.status())?.cells[0] ?? { members: [], leader: '' };
  const heir = members.find((name) => name !== leader && running().some((peer) => peer.name === name));
  if (heir !== undefined) await Promise.race([ask('POST', `/lead?key=a&peer=${heir}`), pause(3_000)]);
}

/** What leads to each kind of step. */
const triggers: Readonly<Record<string, () => Promise<unknown>>> = {
  split: () => ask('POST', `/split?key=s${++deeds}`),
  merge: mergeAgain,
  members: replaceMember,
  lead: handOver,
  snapshot: replaceMember,
  commit: () => redis('MSET', `a${++deeds}`, 'both', `z${deeds}`, 'both'),
  checkpoint: () => pause(500),
  backup: () => run('node', [program, 'backup', backupFile(), '--data', processes.folder]).catch(String),
};

function backupFile(): string {
  return join(processes.folder, `${++deeds}.backup`);
}

/** Does what leads to the step until somebody has died there; all who get there die. How many did. */
async function dieAt(milestone: Milestone): Promise<number> {
  writeFileSync(marks, milestone);
  const trigger = triggers[milestone.split('/')[0]!]!;
  const isOver = performance.now() + reachedMsMax;
  let deaths = 0;
  while (deaths === 0 && performance.now() < isOver) {
    if (running().length > 0) await trigger();
    await pause(200);
    deaths = processes.peers.length - running().length;
  }
  writeFileSync(marks, '');
  return deaths;
}

async function untilWhole(): Promise<void> {
  await until(
    'all well again',
    async () => {
      await Promise.all(processes.peers.filter((peer) => !peer.isRunning).map(start));
      const reports = await Promise.all(processes.peers.map((peer) => peer.status()));
      const isWhole = reports.every((report) =>
        report?.cells.every(
          ({ members, leader, repairs }) => members.length === 3 && leader !== '' && repairs.length === 0,
        ),
      );
      return isWhole || undefined;
    },
    wholeMsMax,
  );
}

describe('every peer that reaches a step dies there', () => {
  test.each(milestones)(
    '%s: nothing acknowledged is lost, and all comes right',
    { timeout: 180_000 },
    async (milestone) => {
      const swarm = new Swarm(
        milestone.split(' ')[0]!,
        processes.peers.map(({ redis }) => redis),
      );
      swarm.start(clients);
      expect(await dieAt(milestone)).toBeGreaterThan(0);
      await untilWhole();
      const enough = swarm.writes + 50;
      await until('more writes', async () => swarm.writes >= enough || undefined);
      await swarm.stop();
      for (const peer of processes.peers) expect(await swarm.readAll(peer.redis)).toBeGreaterThan(0);
      expect(checkLinearizable(swarm.history)).toEqual([]);
      for (let n = 1; n <= deeds; n++) {
        // What was written to two cells at once is in both or in neither.
        const both = await redis('MGET', `a${n}`, `z${n}`);
        expect(['both\nboth\n', '\n\n']).toContain(both);
      }
    },
  );
});
