import { describe, expect, test } from 'vitest';
import { OverlayTown as Town } from '../../test/overlayTown.ts';

const allAlive = ['a:alive', 'b:alive', 'c:alive'];

function three(seed: number): Town {
  const town = new Town(seed);
  town.add('a');
  town.add('b', ['a']);
  town.add('c', ['b', 'a']);
  town.universe.runFor(5_000);
  return town;
}

describe('joining', () => {
  test('three peers that start at once find each other through any of them', () => {
    const town = three(1);
    for (const host of ['a', 'b', 'c']) expect(town.opinion(host)).toEqual(allAlive);
    expect(new Set(['a', 'b', 'c'].map((host) => town.of(host).systemId)).size).toBe(1);
  });

  test('a peer whose contact is not there yet says so, never makes a system, and joins when it comes', () => {
    const town = new Town(2);
    town.add('b', ['a']);
    town.universe.runFor(20_000);
    expect(town.of('b').systemId).toBeUndefined();
    expect(town.of('b').trouble[0]?.reason).toContain('no peer answers at a:7000');
    town.add('a');
    town.universe.runFor(5_000);
    expect(town.opinion('b')).toEqual(['a:alive', 'b:alive']);
  });

  test('a second peer of the same name is refused for good, with a way out', () => {
    const town = three(3);
    town.add('d', ['a'], 'b');
    town.universe.runFor(3_000);
    expect(town.of('d').trouble).toEqual([{ reason: expect.stringContaining('choose another --name'), isFinal: true }]);
    expect(town.of('d').systemId).toBeUndefined();
  });

  test("a refusal of somebody who had the address before is nobody else's", () => {
    const town = three(12);
    const { systemId } = town.of('a');
    const before = town.of('c').view!.peers.find(({ name }) => name === 'c')!.id;
    town.of('c').leave!.tell();
    town.universe.runFor(1_000);
    town.host('c').restart({ isWiped: true });
    town.universe.runFor(5_000);
    const after = town.of('c').view!.peers.find(({ name, status }) => name === 'c' && status === 'alive')!.id;
    expect(after).not.toBe(before);
    const refusal = { kind: 'refuse', reason: 'you have left', isFinal: true } as const;
    for (const peer of [before, after]) town.say('c', systemId!, { ...refusal, peer });
    town.universe.runFor(1_000);
    expect(town.of('c').trouble).toEqual([expect.objectContaining({ peer: after, reason: 'you have left' })]);
    expect(town.opinion('a')).toEqual(['a:alive', 'b:alive', 'c:alive', 'c:left']);
  });

  test('SYS-1: two systems never mix, though one peer is told to join a member of the other after it made its own', () => {
    const town = three(4);
    const lone = town.add('d');
    town.universe.runFor(1_000);
    lone.kill();
    lone.start();
    town.universe.runFor(5_000);
    expect(town.of('d').systemId).not.toBe(town.of('a').systemId);
    expect(town.opinion('a')).toEqual(allAlive);
  });

  test('a known folder comes back into its system without being told where it is', () => {
    const town = three(5);
    const { systemId } = town.of('b');
    for (const host of town.universe.hosts.values()) host.crash();
    for (const host of town.universe.hosts.values()) host.start();
    town.universe.runFor(8_000);
    expect(town.of('b').systemId).toBe(systemId);
    for (const host of ['a', 'b', 'c']) expect(town.opinion(host)).toEqual(allAlive);
  });
});

describe('liveness', () => {
  test('a crashed peer is suspected, then dead, and alive again after its restart', () => {
    const town = three(6);
    const b = town.universe.hosts.get('b')!;
    b.crash();
    town.universe.runFor(10_000);
    expect(town.opinion('a')).toEqual(['a:alive', 'b:dead', 'c:alive']);
    b.start();
    town.universe.runFor(5_000);
    for (const host of ['a', 'b', 'c']) expect(town.opinion(host)).toEqual(allAlive);
  });

  test('a peer that stalls for two seconds is not cut out', () => {
    const town = three(7);
    town.universe.hosts.get('c')!.stall(2_000);
    for (let i = 0; i < 100; i++) {
      town.universe.runFor(100);
      expect(town.opinion('a')).not.toContain('c:dead');
    }
    expect(town.opinion('a')).toEqual(allAlive);
  });

  test('a link that is cut one way is seen around by asking others', () => {
    const town = three(8);
    const [a, b] = [town.universe.hosts.get('a')!, town.universe.hosts.get('b')!];
    town.universe.network.cutOneWay(a, b);
    town.universe.runFor(20_000);
    expect(town.opinion('c')).toEqual(allAlive);
    expect(town.opinion('a')).not.toContain('b:dead');
  });

  test('two sides of a partition bury each other and find each other again', () => {
    const town = three(9);
    const [a, b, c] = [...town.universe.hosts.values()];
    town.universe.network.partition([[a!], [b!, c!]]);
    town.universe.runFor(15_000);
    expect(town.opinion('a')).toEqual(['a:alive', 'b:dead', 'c:dead']);
    expect(town.opinion('b')).toEqual(['a:dead', 'b:alive', 'c:alive']);
    town.universe.network.heal();
    town.universe.runFor(15_000);
    for (const host of ['a', 'b', 'c']) expect(town.opinion(host)).toEqual(allAlive);
  });

  test('who leaves is gone for good, and everybody knows', () => {
    const town = three(10);
    town.of('c').leave!.tell();
    town.universe.runFor(1_000);
    expect(town.opinion('a')).toEqual(['a:alive', 'b:alive', 'c:left']);
    expect(town.opinion('b')).toEqual(['a:alive', 'b:alive', 'c:left']);
  });
});

test('a fact that one peer publishes reaches all, the newest version wins, and late comers learn it', () => {
  const town = three(11);
  town.of('a').publish!.tell({ topic: 'cell/1', version: 7 });
  town.of('b').publish!.tell({ topic: 'cell/1', version: 6 });
  town.universe.runFor(3_000);
  town.add('d', ['c']);
  town.universe.runFor(3_000);
  for (const host of ['a', 'b', 'c', 'd']) expect(town.of(host).hints.get('cell/1')).toBe(7);
});
