import { expect, test } from 'vitest';
import { GroupTown, type Inhabitant } from '../../test/groupTown.ts';
import { bytesOfText, everything, type Key, keyAfter, textOfBytes } from '../base/index.ts';
import { arc, type Gathered, type KeySet, keySetOf } from './index.ts';

const hello = bytesOfText('hello');
const keyOnly = (key: Key) => ({ from: key, to: keyAfter(key) });
const namesOf = (inhabitants: readonly Inhabitant[]) => inhabitants.map(({ host }) => host.name).sort();

/** Passes a message on, and says how many messages between peers that took. */
function tell(town: GroupTown, from: Inhabitant, keys: KeySet): number {
  const spreads = () => town.inhabitants.reduce((sum, one) => sum + one.spreads, 0);
  const before = spreads();
  from.tell!.tell({ topic: 'test', keys, payload: hello });
  town.universe.runFor(500);
  return spreads() - before;
}

function ask(town: GroupTown, from: Inhabitant, keys: KeySet, runMs = 30_000): Gathered {
  let gathered: Gathered | undefined;
  from.ask!.tell({
    topic: 'test',
    keys,
    payload: hello,
    done: (found) => {
      gathered = found;
    },
  });
  town.universe.runFor(runMs, () => gathered !== undefined);
  if (gathered === undefined) throw new Error('nothing was gathered');
  return gathered;
}

const answered = ({ answers }: Gathered) => answers.map(({ value }) => textOfBytes(value)).sort();

test('a broadcast comes to every peer exactly once, over few messages in a row', () => {
  const town = new GroupTown(1);
  town.grow(100);
  const messages = tell(town, town.inhabitants[17]!, [everything]);
  expect(messages).toBe(99);
  for (const { delivered } of town.inhabitants) expect(delivered).toHaveLength(1);
  const deepest = Math.max(...town.inhabitants.map(({ delivered }) => delivered[0]!.depth));
  expect(deepest).toBeLessThanOrEqual(Math.log2(100));
});

test('a message for a range comes to those that hold a part of it, and to nobody else', () => {
  const town = new GroupTown(2);
  town.grow(60);
  const order = town.inOrder();
  for (const from of [order[0]!, order[12]!, order[30]!, order[59]!]) {
    for (const one of order) one.delivered.length = 0;
    const messages = tell(town, from, arc(order[10]!.self.id, order[20]!.self.id));
    // Ten for those that it is for, and a few on the way to them.
    expect(messages).toBeLessThanOrEqual(10 + Math.ceil(Math.log2(60)));
    expect(namesOf(order.filter(({ delivered }) => delivered.length === 1))).toEqual(namesOf(order.slice(11, 21)));
    expect(order.every(({ delivered }) => delivered.length < 2)).toBe(true);
  }
});

test('a message for some keys comes to their holders once each, also where one peer holds several', () => {
  const town = new GroupTown(3);
  town.grow(60);
  const order = town.inOrder();
  const holders = [3, 4, 20, 41, 59];
  const keys = holders.flatMap((i) => [order[i]!.self.id, keyAfter(order[i - 1]!.self.id)]);
  tell(town, order[7]!, keySetOf(keys.map(keyOnly)));
  const reached = order.filter(({ delivered }) => delivered.length > 0);
  expect(reached).toEqual(holders.map((i) => order[i]!));
  for (const { delivered } of reached) expect(delivered).toHaveLength(1);
});

test('a question comes back with one answer of each peer, and nothing is missing', () => {
  const town = new GroupTown(4);
  town.grow(80);
  const gathered = ask(town, town.inhabitants[5]!, [everything]);
  expect(gathered.missing).toEqual([]);
  expect(answered(gathered)).toEqual(namesOf(town.inhabitants));
});

test('peers that crash while a question is on its way do not keep it from those behind them', () => {
  const town = new GroupTown(5);
  town.grow(80);
  const asker = town.inhabitants[0];
  const order = town.inOrder();
  // Among them those that the asker passes long stretches to: 16, 32 and 48 places away.
  const victims = [3, 16, 19, 32, 40, 48, 61, 70].map((i) => order[(order.indexOf(asker!) + i) % order.length]!);
  town.universe.after(0.1, () => {
    for (const { host } of victims) host.crash();
  });
  let heardEarly = 0;
  town.universe.after(200, () => {
    heardEarly = town.alive.filter(({ delivered }) => delivered.length > 0).length;
  });
  const gathered = ask(town, asker!, [everything], 60_000);
  // Whoever passed it to one that is gone went around it at once.
  expect(heardEarly).toBe(town.alive.length);
  expect(gathered.missing).toEqual([]);
  expect(answered(gathered)).toEqual(expect.arrayContaining(namesOf(town.alive)));
  for (const { delivered } of town.alive) expect(delivered).toHaveLength(1);
});

test('where one pair in ten cannot talk, whoever hangs on a branch is reached too', () => {
  const town = new GroupTown(6);
  const { network, random } = town.universe;
  town.grow(1);
  town.grow(70, ({ host, self }, contact) => {
    const others = town.inOrder().filter((other) => other.host !== host);
    const successor = others.find((other) => other.self.id > self.id) ?? others[0];
    for (const other of others) {
      if (other !== successor && other !== contact && random.chance(0.1)) network.cut(host, other.host);
    }
  });
  const gathered = ask(town, town.inhabitants[0]!, [everything], 60_000);
  for (const { delivered } of town.inhabitants) expect(delivered.length).toBeLessThan(2);
  expect(answered(gathered)).toEqual(namesOf(town.inhabitants));
  expect(gathered.missing).toEqual([]);
});
