import { expect, test } from 'vitest';
import type { PeerInfo } from './membership.ts';
import { PeerTable } from './peerTable.ts';
import { Sections } from './sections.ts';

function peer(name: string, change: Partial<PeerInfo> = {}): PeerInfo {
  const addresses = { address: `${name}:7000`, redis: '', http: '', zone: '', host: '' };
  return { id: name, name, ...addresses, seat: name, status: 'alive', statement: 1, life: 10, cut: 0, ...change };
}

function table(): PeerTable {
  const made = new PeerTable(peer('a', { life: 1 }), new Sections());
  made.accept(peer('b', { life: 2 }));
  made.accept(peer('c', { life: 3 }));
  return made;
}

test('MEM-3: a life that was cut out stays so, whatever it said meanwhile, in whatever order that is heard', () => {
  const cut = peer('b', { life: 2, status: 'dead', cut: 1 });
  const later = peer('b', { life: 2, statement: 5 });
  for (const order of [
    [cut, later],
    [later, cut],
  ]) {
    const made = table();
    for (const info of order) made.accept(info);
    expect(made.get('b')).toMatchObject({ status: 'dead', cut: 1, statement: 5 });
    expect(made.electors()).toEqual([1, 3]);
  }
});

test('a peer that was cut out is there again with another life, and is another elector', () => {
  const made = table();
  const before = made.electorate;
  made.cutOut([2], 1);
  const without = made.electorate;
  expect(made.accept(peer('b', { life: 7, statement: 2 }))).toBe(true);
  expect(made.get('b')).toMatchObject({ status: 'alive', cut: 0 });
  expect(made.electors()).toEqual([1, 3, 7]);
  expect(new Set([before, without, made.electorate].map(({ high }) => high)).size).toBe(3);
  expect(made.number).toBe(1);
});

test('who is buried shows as dead, votes still, and comes back by a word', () => {
  const made = table();
  made.bury(2, 0);
  expect(made.view('s').peers.map(({ status }) => status)).toEqual(['alive', 'dead', 'alive']);
  expect(made.electors()).toEqual([1, 2, 3]);
  made.accept(peer('b', { life: 2, statement: 2 }));
  expect(made.view('s').peers.every(({ status }) => status === 'alive')).toBe(true);
});

test('tables that heard the same have the same digests and electorate, in whatever order', () => {
  const infos = [peer('b', { life: 2 }), peer('c', { life: 3, statement: 4 }), peer('b', { life: 9, statement: 2 })];
  const [one, two] = [new Sections(), new Sections()];
  const [left, right] = [new PeerTable(peer('a', { life: 1 }), one), new PeerTable(peer('a', { life: 1 }), two)];
  for (const info of infos) left.accept(info);
  for (const info of infos.toReversed()) right.accept(info);
  expect(two.digests).toEqual(one.digests);
  expect(right.electorate).toEqual(left.electorate);
});
