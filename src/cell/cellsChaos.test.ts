import { expect, test } from 'vitest';
import { CellsRig, RigClient, type RigPeer } from '../../test/cellsRig.ts';
import type { Random } from '../base/index.ts';

/** One fault, chosen by the seed; what it breaks heals by itself or at the next `heal`. */
function disturb(rig: CellsRig, random: Random): void {
  const { network } = rig.universe;
  const peer = random.pick(rig.peers);
  const other = random.pick(rig.peers.filter((one) => one !== peer));
  const acts: (() => void)[] = [
    () => peer.host.isRunning && restart(peer, random.below(3_000)),
    () => peer.host.isRunning && restart(peer, 0),
    () => peer.host.stall(random.between(100, 3_000), { isAsleep: random.chance(0.3) }),
    () => network.cut(peer.host, other.host),
    () => isolate(rig, peer),
    () => isolate(rig, rig.leaderPeer ?? peer),
    () => blackOut(rig, random),
    () => {
      peer.host.disk.slowness = random.between(1, 60);
    },
    () => network.cutOneWay(peer.host, other.host),
    () => network.setConditions({ lossProbability: 0.05, duplicateProbability: 0.1, tailMs: random.between(1, 30) }),
    () => peer.host.clock.jump(random.between(-3_000, 3_000)),
    () => peer.host.clock.setDrift(random.between(-20, 20)),
    () => corrupt(peer, random),
    () => wipe(peer, random),
    () => fill(rig, peer, random.between(100, 2_000)),
    () => heal(rig),
    () => heal(rig),
  ];
  random.pick(acts)();
}

/** No other peer reaches it any more, but callers do. */
function isolate(rig: CellsRig, peer: RigPeer): void {
  for (const one of rig.peers) if (one !== peer) rig.universe.network.cut(peer.host, one.host);
}

/** All lose power at once, while their disks are slow: what was not synced by then is gone everywhere. */
function blackOut(rig: CellsRig, random: Random): void {
  for (const { host } of rig.peers) host.disk.slowness = random.between(1, 60);
  rig.universe.runFor(300);
  for (const peer of rig.peers) if (peer.host.isRunning) restart(peer, random.below(50));
}

function restart(peer: RigPeer, afterMs: number): void {
  peer.host.restart({ afterMs });
}

/** Whether a fault that takes a copy away leaves a majority: at most one of them a run, while everybody is well. */
function maySpare(peer: RigPeer): boolean {
  const { rig } = peer;
  const isWell = rig.peers.every(({ host, report }) => host.isRunning && report?.role !== 'damaged');
  if (!isWell || rig.isSpent) return false;
  rig.isSpent = true;
  return true;
}

/** Loses a synced record of the journal. */
function corrupt(peer: RigPeer, random: Random): void {
  if (!maySpare(peer)) return;
  peer.host.crash();
  peer.host.disk.corruptRecord();
  peer.host.restart({ afterMs: random.below(1_000) });
}

/** Loses the disk: another peer comes back under the name. */
function wipe(peer: RigPeer, random: Random): void {
  if (maySpare(peer)) peer.host.restart({ afterMs: random.below(1_000), isWiped: true });
}

function fill(rig: CellsRig, peer: RigPeer, durationMs: number): void {
  peer.host.disk.isFull = true;
  rig.universe.after(durationMs, () => {
    peer.host.disk.isFull = false;
  });
}

function heal(rig: CellsRig): void {
  rig.universe.network.heal();
  rig.universe.network.setConditions({ lossProbability: 0, duplicateProbability: 0, tailMs: 0.2 });
}

/** The overlay of the rig notices who is down, with delay, and who is back. */
function observe(rig: CellsRig): void {
  for (const peer of rig.peers) peer.status = peer.host.isRunning ? 'alive' : 'dead';
  rig.tellView();
}

function run(seed: number): readonly string[] {
  const reads = seed % 3 === 0 ? 'quorum' : 'lease';
  const replicas = seed % 5 === 0 ? 5 : 3;
  const rig = new CellsRig(seed, { policy: { reads, memberDeadMs: 1_000, replicas } });
  rig.addAll(replicas === 5 ? 'abcde' : seed % 2 === 0 ? 'abc' : 'abcd');
  const clients = ['x', 'y', 'z'].map((name) => new RigClient(rig, name));
  const { random } = rig.universe;
  for (let i = 0; i < 30; i++) {
    disturb(rig, random);
    rig.universe.runFor(random.between(50, 1_000));
    observe(rig);
  }
  heal(rig);
  for (const { host } of rig.peers) {
    host.clock.setDrift(0);
    host.disk.slowness = 1;
    if (!host.isRunning) host.restart({ afterMs: 0 });
  }
  rig.universe.runFor(3_500);
  observe(rig);
  const before = clients.map(({ acknowledged }) => acknowledged.length);
  rig.until(15_000, () => clients.every(({ acknowledged }, i) => acknowledged.length > before[i]! + 5));
  const executed = rig.leaderPeer?.state?.executed ?? new Set();
  const lost = clients.flatMap(({ acknowledged }) => acknowledged).filter((name) => !executed.has(name));
  return [...rig.problems, ...lost.map((name) => `${name} was acknowledged and is gone`)];
}

const first = Number(process.env['SEED'] ?? 1);
const count = Number(process.env['SEEDS'] ?? 6);
const fresh = Array.from({ length: count }, (_, i) => first + i);

test.each(fresh)('nothing is lost and reads are current, seed %i', (seed) => {
  expect(run(seed)).toEqual([]);
});

test('a member that was late asks whoever has news, and not for ever one that is gone', () => {
  expect(run(1084)).toEqual([]);
});
