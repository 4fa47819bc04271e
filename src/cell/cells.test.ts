import { expect, test } from 'vitest';
import { CellsRig, RigClient } from '../../test/cellsRig.ts';

test('one peer begins a system and serves alone', () => {
  const rig = new CellsRig(1);
  rig.addAll('a');
  const client = new RigClient(rig, 'client');
  rig.until(2_000, () => client.acknowledged.length >= 100 && client.reads >= 100);
  expect(rig.problems).toEqual([]);
});

test('of two peers one is a voter and one a learner', () => {
  const rig = new CellsRig(2);
  rig.addAll('ab');
  rig.until(5_000, () => rig.peer('b').report?.role === 'learner');
  expect(rig.leader?.learners).toHaveLength(1);
  expect(rig.problems).toEqual([]);
});

test('a cell grows to three members while it serves', () => {
  const rig = new CellsRig(3);
  rig.addAll('a');
  const client = new RigClient(rig, 'client');
  rig.universe.runFor(500);
  rig.add('b');
  rig.add('c');
  rig.until(10_000, () => rig.leader?.members.length === 3 && rig.leader.survivesFailures === 1);
  const before = client.acknowledged.length;
  rig.until(2_000, () => client.acknowledged.length > before + 50);
  expect(rig.problems).toEqual([]);
});

test('when the leader dies another goes on within two seconds, and it comes back', () => {
  const rig = new CellsRig(4);
  rig.addAll('abc');
  const client = new RigClient(rig, 'client');
  rig.universe.runFor(1_000);
  const old = rig.leaderPeer!;
  old.host.crash();
  const before = client.acknowledged.length;
  rig.until(2_000, () => client.acknowledged.length > before + 10);
  old.host.start();
  rig.until(5_000, () => old.report?.role === 'follower' && old.report.applied >= rig.leader!.applied - 20);
  expect(rig.problems).toEqual([]);
});

test('a leader that begins does not say that its cell is lost, because nobody has followed it yet', () => {
  const rig = new CellsRig(7);
  rig.addAll('abc');
  rig.universe.runFor(1_000);
  const old = rig.leaderPeer!;
  const said: (number | undefined)[] = [];
  rig.universe.network.setConditions({ latencyMs: 10 });
  old.host.crash();
  for (let look = 0; look < 3_000 && !said.includes(0); look++) {
    rig.universe.runFor(1);
    for (const { report } of rig.peers) if (report?.role === 'leader') said.push(report.survivesFailures);
  }
  expect(new Set(said)).toEqual(new Set([undefined, 0]));
  expect(rig.problems).toEqual([]);
});

test('a write whose caller waits no more has no place in the log', () => {
  const rig = new CellsRig(6);
  rig.addAll('abc');
  const client = new RigClient(rig, 'client');
  rig.universe.runFor(1_000);
  client.patienceMs = 0;
  rig.universe.runFor(500);
  const [before, applied] = [client.acknowledged.length, rig.leader!.applied];
  rig.universe.runFor(1_000);
  expect([client.acknowledged.length, rig.leader!.applied]).toEqual([before, applied]);
  client.patienceMs = 5_000;
  rig.until(2_000, () => client.acknowledged.length > before + 10);
  expect(rig.problems).toEqual([]);
});

test('a leader that is cut off stops serving before another begins', () => {
  const rig = new CellsRig(5);
  rig.addAll('abc');
  const client = new RigClient(rig, 'client');
  rig.universe.runFor(1_000);
  const old = rig.leaderPeer!;
  const others = rig.peers.filter((peer) => peer !== old).map(({ host }) => host);
  for (const other of others) rig.universe.network.cut(old.host, other);
  const before = client.acknowledged.length;
  rig.until(3_000, () => client.acknowledged.length > before + 10);
  rig.universe.network.heal();
  rig.until(3_000, () => old.report?.role === 'follower');
  expect(rig.problems).toEqual([]);
});

test('a member that stays dead is replaced, and its disk is not needed', () => {
  const rig = new CellsRig(6);
  rig.addAll('abcd');
  const client = new RigClient(rig, 'client');
  rig.universe.runFor(500);
  const outsider = rig.peers.find(({ report }) => report === undefined)!;
  const lost = rig.peers.find((peer) => peer !== rig.leaderPeer && peer !== outsider)!;
  lost.host.crash();
  rig.setStatus(lost.name, 'dead');
  rig.until(10_000, () => rig.leader?.members.some(({ id }) => id === outsider.id) === true);
  expect(rig.leader!.members).toHaveLength(3);
  lost.host.start();
  rig.setStatus(lost.name, 'alive');
  rig.until(5_000, () => lost.report === undefined);
  const before = client.acknowledged.length;
  rig.until(2_000, () => client.acknowledged.length > before + 10);
  expect(rig.problems).toEqual([]);
});

test('a leader that leaves hands over and is let go', () => {
  const rig = new CellsRig(7);
  rig.addAll('abc');
  const client = new RigClient(rig, 'client');
  rig.universe.runFor(500);
  const leaving = rig.leaderPeer!;
  rig.setStatus(leaving.name, 'leaving');
  rig.until(10_000, () => leaving.hasVacated);
  expect(rig.leader!.members).toHaveLength(1);
  leaving.host.crash();
  const before = client.acknowledged.length;
  rig.until(2_000, () => client.acknowledged.length > before + 10);
  expect(rig.problems).toEqual([]);
});

test('who leaves while a copy comes in, from a peer that then has none, is let go', () => {
  const rig = new CellsRig(12, { policy: { checkpointBytes: 2_000 } });
  rig.addAll('abc');
  const client = new RigClient(rig, 'client');
  rig.universe.runFor(3_000);
  const source = rig.leaderPeer!;
  const lost = rig.peers.find((peer) => peer !== source)!;
  lost.host.crash();
  const newcomer = rig.add('d');
  rig.setStatus(lost.name, 'dead');
  while (newcomer.report === undefined) rig.universe.runFor(0.5);
  // The snapshot was offered, and no row of it has come.
  rig.universe.runFor(1);
  source.host.restart({ isWiped: true });
  lost.host.start();
  rig.setStatus(source.name, 'left');
  rig.setStatus(lost.name, 'alive');
  rig.setStatus(newcomer.name, 'leaving');
  rig.until(60_000, () => newcomer.hasVacated);
  const before = client.acknowledged.length;
  rig.until(5_000, () => client.acknowledged.length > before + 10);
  expect(rig.problems).toEqual([]);
});

test('a learner that is wanted no more is let go, though whoever fed it leads no more', () => {
  const rig = new CellsRig(13);
  rig.addAll('abc');
  const client = new RigClient(rig, 'client');
  rig.universe.runFor(1_000);
  const old = rig.leaderPeer!;
  const lost = rig.peers.find((peer) => peer !== old)!;
  lost.host.crash();
  const learner = rig.add('d');
  rig.setStatus(lost.name, 'dead');
  while (learner.report === undefined) rig.universe.runFor(0.5);
  lost.host.start();
  for (const { host } of rig.peers) {
    if (host !== old.host && host !== learner.host) rig.universe.network.cut(old.host, host);
  }
  // Whoever leads next finds that the lost one is there again, before it has asked the learner for anything.
  while (rig.leaderPeer === undefined || rig.leaderPeer === old) rig.universe.runFor(0.5);
  rig.setStatus(lost.name, 'alive');
  rig.universe.network.heal();
  rig.until(5_000, () => old.report?.role === 'follower');
  expect(learner.report?.role).toBe('learner');
  rig.until(5_000, () => learner.report === undefined);
  const before = client.acknowledged.length;
  rig.until(2_000, () => client.acknowledged.length > before + 10);
  expect(rig.problems).toEqual([]);
});

test('all peers lose power at once and come back with everything that was acknowledged', () => {
  const rig = new CellsRig(8);
  rig.addAll('abc');
  const client = new RigClient(rig, 'client');
  rig.universe.runFor(1_000);
  for (const { host } of rig.peers) host.crash();
  for (const { host } of rig.peers) host.start();
  const acknowledged = client.acknowledged.slice();
  rig.until(5_000, () => client.acknowledged.length > acknowledged.length + 10);
  for (const name of acknowledged) expect(rig.leaderPeer!.state!.executed.has(name)).toBe(true);
  expect(rig.problems).toEqual([]);
});

test('a replica with a damaged journal fetches everything again before it votes', () => {
  const rig = new CellsRig(9);
  rig.addAll('abc');
  const client = new RigClient(rig, 'client');
  rig.universe.runFor(1_000);
  const hurt = rig.peers.find((peer) => peer !== rig.leaderPeer)!;
  hurt.host.crash();
  expect(hurt.host.disk.corruptRecord()).toBe(true);
  hurt.host.start();
  rig.until(5_000, () => hurt.report?.role === 'follower' && hurt.report.durable > rig.leader!.durable - 50);
  expect(hurt.report!.counters.snapshotsInstalled).toBe(1);
  client.isStopped = true;
  expect(rig.problems).toEqual([]);
});

test('with quorum reads a leader asks the others before it answers', () => {
  const rig = new CellsRig(10, { policy: { reads: 'quorum' } });
  rig.addAll('abc');
  const client = new RigClient(rig, 'client');
  rig.until(2_000, () => client.reads > 100);
  expect(rig.leader!.counters.readsByLease).toBe(0);
  expect(rig.problems).toEqual([]);
});
