import { expect, test } from 'vitest';
import { type Bytes, bytesOfText, everything, record, textOfBytes, varint } from '../../base/index.ts';
import { component, type InsideRequired } from '../../component/index.ts';
import { Durability, Links, protocol } from '../index.ts';
import { type Life, type SimulatedHost, Universe } from './index.ts';

const ping = protocol('ping', 1, record({ number: varint }), { mayJoin: true });

/** A peer in the hands of a test. */
class Subject {
  readonly host: SimulatedHost;
  readonly told: string[] = [];
  readonly heard: { readonly from: string; readonly number: number }[] = [];
  network!: InsideRequired<typeof ping.port>;
  #act!: (action: () => void) => void;

  constructor(universe: Universe, name: string) {
    this.host = universe.addHost(name, (life) => this.#boot(life));
    this.host.start();
  }

  get storage() {
    return this.host.life!.platform.world.storage;
  }

  act(action: () => void): void {
    this.#act(action);
  }

  send(to: Subject, number: number): void {
    this.act(() => this.network.emit.send({ to: to.host.address, message: { number } }));
  }

  #boot({ system, platform }: Life): void {
    const subject = component('subject', {
      requires: { ping: ping.port, links: Links, durability: Durability },
      setup: (context) => {
        this.network = context.requires.ping;
        this.network.on.received(({ from, message }) => void this.heard.push({ from, number: message.number }));
        context.requires.links.on.down(({ address }) => void this.told.push(`down ${address}`));
        const { on } = context.requires.durability;
        on.durable(() => void this.told.push('durable'));
        on.committed(() => void this.told.push('committed'));
        on.full(() => void this.told.push('full'));
        on.resumed(() => void this.told.push('resumed'));
        on.failed(() => void this.told.push('failed'));
        const run = context.ref((action: () => void) => action());
        this.#act = (action) => run.tell(action);
      },
    });
    const root = component('root', {
      setup: (context) => {
        const transport = context.create(platform.transport({ ping })).provides;
        const needs = context.create(subject).requires;
        context.connect(transport.ping, needs.ping);
        context.connect(transport.links, needs.links);
        context.connect(context.create(platform.durability).provides.durability, needs.durability);
      },
    });
    system.create(root).start();
  }
}

const textsOf = (subject: Subject) => subject.storage.recover().records.map(({ bytes }) => textOfBytes(bytes));

test('loss and duplication come as often as they were asked for', () => {
  const universe = new Universe({ seed: 1, network: { lossProbability: 0.1, duplicateProbability: 0.2 } });
  const [a, b] = [new Subject(universe, 'a'), new Subject(universe, 'b')];
  for (let i = 0; i < 2000; i++) {
    a.send(b, i);
    universe.runFor(0.1);
  }
  universe.runFor(100);
  const different = new Set(b.heard.map(({ number }) => number)).size;
  expect(different).toBeGreaterThan(1700);
  expect(different).toBeLessThan(1900);
  expect(b.heard.length / different).toBeGreaterThan(1.15);
  expect(b.heard.length / different).toBeLessThan(1.25);
  const inOrder = b.heard.every(({ number }, i) => i === 0 || number >= b.heard[i - 1]!.number);
  expect(inOrder).toBe(false);
});

test('a bridge is the only one that both sides of a partition hear', () => {
  const universe = new Universe({ seed: 2 });
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => new Subject(universe, name));
  const hosts = all.map(({ host }) => host);
  universe.network.partitionWithBridge(hosts.slice(0, 3), hosts[2]!, hosts.slice(2));
  for (const from of all) for (const to of all) from.send(to, 1);
  universe.runFor(100);
  expect(all.map(({ heard }) => heard.length)).toEqual([3, 3, 5, 3, 3]);
  universe.runFor(5000);
  expect(all[0]!.told).toContain('down d:7000');
  universe.network.heal();
  for (const from of all) for (const to of all) from.send(to, 2);
  universe.runFor(100);
  expect(all.map(({ heard }) => heard.filter(({ number }) => number === 2).length)).toEqual([5, 5, 5, 5, 5]);
});

test('a peer that comes back is told of a path that is shut, whatever was found out while it was dead', () => {
  const universe = new Universe({ seed: 13, network: { apart: () => true } });
  const [a, b] = [new Subject(universe, 'a'), new Subject(universe, 'b')];
  a.send(b, 1);
  universe.runFor(100);
  a.host.crash();
  universe.runFor(5000);
  a.host.start();
  expect(a.told).toEqual([]);
  a.send(b, 2);
  universe.runFor(5000);
  expect(a.told).toEqual(['down b:7000']);
});

test('a clog delays one direction', () => {
  const universe = new Universe({ seed: 3 });
  const [a, b] = [new Subject(universe, 'a'), new Subject(universe, 'b')];
  universe.network.clog(a.host, b.host, 500);
  a.send(b, 1);
  b.send(a, 1);
  universe.runFor(100);
  expect([a.heard.length, b.heard.length]).toEqual([1, 0]);
  universe.runFor(500);
  expect(b.heard.length).toBe(1);
});

test('a full disk makes appends and commits wait until there is room', () => {
  const universe = new Universe({ seed: 4 });
  const a = new Subject(universe, 'a');
  a.host.disk.isFull = true;
  a.storage.append(bytesOfText('waits'));
  a.storage.commit({ clear: [], rows: [{ key: 'k', value: bytesOfText('v') }] });
  universe.runFor(1000);
  expect(a.told).toEqual(['full']);
  a.host.disk.heal();
  universe.runFor(1000);
  expect(a.told.toSorted()).toEqual(['committed', 'durable', 'full', 'resumed']);
  expect(textOfBytes(a.storage.get('k') as Bytes)).toBe('v');
});

test('a failed sync is final for the run, and the next run begins with what was safe', () => {
  const universe = new Universe({ seed: 5 });
  const a = new Subject(universe, 'a');
  a.storage.append(bytesOfText('safe'));
  universe.runFor(10);
  a.host.disk.doSyncsFail = true;
  a.storage.append(bytesOfText('lost'));
  universe.runFor(10);
  a.host.disk.heal();
  a.storage.append(bytesOfText('never written'));
  universe.runFor(100);
  expect(a.told).toEqual(['durable', 'failed']);
  a.host.restart();
  universe.runFor(1);
  expect(textsOf(a)[0]).toBe('safe');
  expect(textsOf(a)).not.toContain('never written');
});

test('corruption of a synced record is told as damage, and a damaged row as damaged until it is written anew', () => {
  const universe = new Universe({ seed: 6 });
  const a = new Subject(universe, 'a');
  expect(a.host.disk.corruptRecord()).toBe(false);
  for (let i = 0; i < 5; i++) a.storage.append(bytesOfText(`record ${i}`));
  a.storage.commit({ clear: [], rows: [{ key: 'k', value: bytesOfText('v') }] });
  universe.runFor(10);
  expect(a.host.disk.corruptRecord()).toBe(true);
  expect(a.host.disk.damageRow()).toBe(true);
  expect(a.storage.get('k')).toBe('damaged');
  expect(a.storage.scan(everything, { rowsMax: 9, bytesMax: 999 })).toBe('damaged');
  a.host.restart();
  universe.runFor(1);
  const { records, damagedUpTo } = a.storage.recover();
  expect(damagedUpTo).toBeGreaterThan(0);
  expect(records).toHaveLength(4);
  expect(textOfBytes(records.at(-1)!.bytes)).toBe('record 4');
  a.storage.commit({ clear: [], rows: [{ key: 'k', value: bytesOfText('new') }] });
  universe.runFor(10);
  expect(textOfBytes(a.storage.get('k') as Bytes)).toBe('new');
});

test('a crash keeps or loses a commit as a whole, and a wiped disk is another incarnation', () => {
  let kept = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const universe = new Universe({ seed });
    const a = new Subject(universe, 'a');
    const { incarnation } = a.host.disk;
    const rows = ['x', 'y', 'z'].map((key) => ({ key, value: bytesOfText('v') }));
    a.storage.commit({ clear: [], rows });
    universe.runFor(0.4);
    a.host.restart();
    universe.runFor(1);
    const found = rows.filter(({ key }) => a.storage.get(key) !== undefined).length;
    expect([0, 3]).toContain(found);
    kept += found === 3 ? 1 : 0;
    const { identity } = a.host.life!.platform;
    expect(identity.incarnation).toBe(incarnation);
    a.host.restart({ isWiped: true });
    universe.runFor(1);
    expect(a.host.life!.platform.identity.incarnation).not.toBe(incarnation);
    expect(a.storage.get('x')).toBeUndefined();
  }
  expect(kept).toBeGreaterThan(5);
  expect(kept).toBeLessThan(35);
});

test('clocks drift, jump, and stand still while the host sleeps; timers follow the monotonic one', () => {
  const universe = new Universe({ seed: 8 });
  const a = new Subject(universe, 'a');
  const { clock, timer } = a.host.life!.platform.world;
  const [wall, monotonic] = [clock.wallMs(), clock.monotonicMs()];
  a.host.clock.setDrift(100);
  universe.runFor(1000);
  expect(clock.monotonicMs() - monotonic).toBeCloseTo(1100, 3);
  a.host.clock.jump(-5000);
  expect(clock.wallMs() - wall).toBeCloseTo(1100 - 5000, -1);
  a.host.clock.setDrift(0);
  const fired: number[] = [];
  const root = component('sleeper', {
    setup: (context) => {
      timer.after(
        100,
        context.ref(() => void fired.push(universe.nowMs)),
      );
    },
  });
  a.host.life!.system.create(root).start();
  const before = clock.monotonicMs();
  a.host.stall(1000, { isAsleep: true });
  universe.runFor(1000);
  expect(clock.monotonicMs()).toBe(before);
  universe.runFor(200);
  expect(fired).toHaveLength(1);
  expect(fired[0]).toBeGreaterThanOrEqual(2100);
});

test('a bug that reaches the root ends the peer and is recorded', () => {
  const universe = new Universe({ seed: 9, trace: {} });
  const a = new Subject(universe, 'a');
  a.act(() => {
    throw new Error('a bug');
  });
  universe.runFor(1);
  expect(a.host.isRunning).toBe(false);
  expect(universe.faults.filter(({ isFatal }) => isFatal)).toHaveLength(1);
  expect(universe.trace.lines().some((line) => line.includes('a bug'))).toBe(true);
});
