import { expect, test } from 'vitest';
import { CellsRig, RigClient, type RigPeer } from '../../test/cellsRig.ts';

/** What comes of a wish. */
function wish(rig: CellsRig, peer: RigPeer, consent?: string) {
  peer.rescue(consent);
  rig.universe.runFor(10);
  return peer.losses.at(-1)!;
}

/** Three members of which one is left, and knows that the others are dead. */
function ruin(seed: number): { readonly rig: CellsRig; readonly client: RigClient; readonly left: RigPeer } {
  const rig = new CellsRig(seed);
  rig.addAll('abc');
  const client = new RigClient(rig, 'client');
  rig.universe.runFor(1_000);
  const left = rig.peers.find((peer) => peer !== rig.leaderPeer)!;
  for (const peer of rig.peers) {
    if (peer === left) continue;
    peer.host.crash();
    rig.setStatus(peer.name, 'dead');
  }
  return { rig, client, left };
}

test('while a majority is there nobody goes on alone, whatever is said', () => {
  const rig = new CellsRig(1);
  rig.addAll('abc');
  const peer = rig.peer('b');
  expect(wish(rig, peer)).toMatchObject({ ok: false, error: expect.stringContaining('is not lost') });
  rig.peer('c').host.crash();
  rig.setStatus('c', 'dead');
  expect(wish(rig, peer, 'I give up everything')).toMatchObject({ ok: false });
  expect(rig.problems).toEqual([]);
});

test.each([1, 2])(
  'the last of three goes on where the loss is spelled out, and others become members again (seed %i)',
  (seed) => {
    const { rig, client, left } = ruin(seed);
    rig.universe.runFor(3_000);
    const before = client.acknowledged.length;
    const told = wish(rig, left);
    const sentence = told.ok ? told.value.sentence : '';
    const lost = rig.peers.filter((peer) => peer !== left).map(({ id }) => id);
    for (const id of lost) expect(sentence).toContain(id);
    wish(rig, left, `${sentence}.`);
    rig.universe.runFor(3_000);
    expect(client.acknowledged.length).toBe(before);
    wish(rig, left, sentence);
    rig.until(5_000, () => client.acknowledged.length > before + 20);
    expect(left.report).toMatchObject({ role: 'leader', members: [{ id: left.id }] });
    left.host.crash();
    left.host.start();
    rig.add('d');
    rig.add('e');
    rig.tellView();
    rig.until(20_000, () => rig.leader?.members.length === 3);
    const then = client.acknowledged.length;
    rig.until(5_000, () => client.acknowledged.length > then + 20);
    expect(rig.problems).toEqual([]);
  },
);
