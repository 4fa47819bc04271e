import { expect, test } from 'vitest';
import { CellsRig, RigClient, type RigPeer } from '../../test/cellsRig.ts';
import { shelfKey } from './shelving.ts';

const upperShelf = { from: '~', to: '\x7f' };

/** Three members, one of which was away for so long that it needs a snapshot, and has just been given its rows. */
function inTheMiddleOfASnapshot(seed: number): { rig: CellsRig; late: RigPeer; client: RigClient; known: number } {
  const rig = new CellsRig(seed, { policy: { checkpointBytes: 100_000 } });
  rig.addAll('abc');
  const client = new RigClient(rig, 'client');
  rig.universe.runFor(1_000);
  const late = rig.peers.find((peer) => peer !== rig.leaderPeer)!;
  const known = late.state!.executed.size;
  late.host.crash();
  const { checkpoints } = rig.leader!.counters;
  rig.until(20_000, () => rig.leader !== undefined && rig.leader.counters.checkpoints >= checkpoints + 4);
  late.host.start();
  rig.universe.runFor(5_000, () => rowsOnUpperShelf(late) > 0);
  expect(rowsOnUpperShelf(late)).toBeGreaterThan(0);
  return { rig, late, client, known };
}

function rowsOnUpperShelf({ host }: RigPeer): number {
  const page = host.disk.engine.scan(upperShelf, { rowsMax: 100, bytesMax: 1_000_000 });
  return page === 'damaged' ? 0 : page.rows.length;
}

test.each([21, 22, 23])(
  'who was being given a snapshot has its own state still when all others are lost, seed %i',
  (seed) => {
    const { rig, late, known } = inTheMiddleOfASnapshot(seed);
    for (const { host } of rig.peers) host.crash();
    late.host.start();
    rig.universe.runFor(1_000);
    expect(late.report!.role).toBe('follower');
    expect(late.state!.executed.size).toBeGreaterThanOrEqual(known - 20);
    // They may have changed places in the last moment; half of a snapshot takes no room for ever.
    const { engine } = late.host.disk;
    const isUpper = engine.get(shelfKey('1')) !== undefined;
    expect(rowsOnUpperShelf(late)).toBe(isUpper ? 1 : 0);
    expect(engine.get('x1') === undefined).toBe(isUpper);
    expect(rig.problems).toEqual([]);
  },
);

test('it votes with its own state until the snapshot is whole, and then with that', () => {
  const { rig, late, client } = inTheMiddleOfASnapshot(24);
  expect(late.state!.isDamaged).toBe(false);
  rig.until(5_000, () => late.report?.counters.snapshotsInstalled === 1);
  const third = rig.peers.find((peer) => peer !== late && peer !== rig.leaderPeer)!;
  third.host.crash();
  const before = client.acknowledged.length;
  rig.until(3_000, () => client.acknowledged.length > before + 10);
  late.host.crash();
  late.host.start();
  rig.until(3_000, () => client.acknowledged.length > before + 20);
  expect(late.state!.executed.size).toBeGreaterThan(before);
  expect(rig.problems).toEqual([]);
});
