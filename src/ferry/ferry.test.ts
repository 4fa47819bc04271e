import { describe, expect, test } from 'vitest';
import { record, text, varint } from '../base/index.ts';
import { component, event, port, type Supervision } from '../component/index.ts';
import { type Life, type SimulatedHost, Universe } from '../world/simulated/index.ts';
import { abroad, Ferry, ferryProtocol, offer } from './index.ts';

const Sums = port('sums', {
  requests: { add: event(varint) },
  indications: { total: event(record({ total: varint, by: text })) },
});

/** Adds what it is told, and says the total; it cannot bear 666. */
const Summer = component('summer', {
  provides: { sums: Sums },
  setup: ({ provides: { sums } }, { by }: { readonly by: string }) => {
    let total = 0;
    sums.on.add((number) => {
      if (number === 666) throw new Error('too much');
      total += number;
      sums.emit.total({ total, by });
    });
  },
});
const summerInit = record({ by: text });

const often: Supervision = { on: 'restart', restartsMax: 9, withinMs: 600_000 };

/** Peer a has a summer that lives on peer b, and hears what it says. */
class Strait {
  readonly universe: Universe;
  readonly a: SimulatedHost;
  readonly b: SimulatedHost;
  readonly totals: number[] = [];
  readonly speakers = new Set<string>();
  add!: (number: number) => void;
  summer!: { start(): void; stop(): void; kill(): void };

  constructor(seed: number, network = {}, offered = true, to = 'b:7000') {
    this.universe = new Universe({ seed, network });
    this.b = this.universe.addHost('b', (life) => this.#boot(life, offered ? [offer(Summer, summerInit)] : []));
    this.b.start();
    this.a = this.universe.addHost('a', (life) => this.#boot(life, offered ? [offer(Summer, summerInit)] : [], to));
    this.a.start();
  }

  faults(): readonly string[] {
    return this.universe.faults.map(({ host, fault }) => `${host}: ${(fault.error as Error).message}`);
  }

  #boot({ system, platform }: Life, offers: ReturnType<typeof offer>[], to?: string): void {
    const ferry = new Ferry(platform.world, offers);
    const root = component('root', {
      setup: (context) => {
        const transport = context.create(platform.transport({ ferry: ferryProtocol })).provides;
        context.attach(transport.links).emit.setSystem({ systemId: 'cafe'.repeat(4) });
        context.connect(transport.ferry, context.create(ferry.component).requires.network);
        if (to === undefined) return;
        const there = abroad(Summer, { ferry, to, init: summerInit });
        const summer = context.create(there, { by: 'b' }, { supervise: often });
        const { on, emit } = context.attach(summer.provides.sums);
        on.total(({ total, by }) => {
          this.totals.push(total);
          this.speakers.add(by);
        });
        const run = context.ref((number: number) => emit.add(number));
        this.add = (number) => run.tell(number);
        this.summer = summer;
      },
    });
    system.create(root).start();
  }
}

/** The totals of so many ones, added one after the other. */
const ones = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('a component on another peer', () => {
  test('is spoken to as if it were here', () => {
    const strait = new Strait(1);
    strait.universe.runFor(500);
    for (let i = 0; i < 100; i++) strait.add(1);
    strait.universe.runFor(500);
    expect(strait.totals).toEqual(ones(100));
    expect([...strait.speakers]).toEqual(['b']);
    expect(strait.faults()).toEqual([]);
  });

  test.each([1, 2, 3])('gets all, once and in order, over a network that loses and doubles (seed %i)', (seed) => {
    const bad = { lossProbability: 0.2, duplicateProbability: 0.2, latencyMs: 5, tailMs: 30 };
    const strait = new Strait(seed, bad);
    // More than may be on the way: the rest waits.
    for (let i = 0; i < 5000; i++) strait.add(1);
    strait.universe.runFor(120_000, () => strait.totals.length === 5000);
    expect(strait.totals).toEqual(ones(5000));
    expect(strait.faults()).toEqual([]);
  });

  test('waits behind a cut that is short, and loses nothing', () => {
    const strait = new Strait(4);
    strait.universe.runFor(500);
    strait.universe.network.cut(strait.a, strait.b);
    for (let i = 0; i < 10; i++) strait.add(1);
    strait.universe.runFor(5000);
    expect(strait.totals).toEqual([]);
    strait.universe.network.heal();
    strait.universe.runFor(1000);
    expect(strait.totals).toEqual(ones(10));
  });

  test('fails where it was placed when it fails there, and a restart asks for a new one', () => {
    const strait = new Strait(5);
    for (const number of [1, 1]) strait.add(number);
    strait.universe.runFor(500);
    strait.add(666);
    strait.universe.runFor(500);
    expect(strait.faults()).toEqual(['b: too much', 'a: root/summer on b:7000: it failed there']);
    strait.add(7);
    strait.universe.runFor(1000);
    expect(strait.totals).toEqual([1, 2, 7]);
  });

  test('fails when its peer is gone for long, or was started anew, and is asked for again', () => {
    const strait = new Strait(6);
    strait.add(1);
    strait.universe.runFor(1000);
    strait.b.kill();
    strait.b.start();
    strait.universe.runFor(3000);
    expect(strait.faults()).toEqual(['a: root/summer on b:7000: it is not there']);
    strait.add(2);
    strait.universe.runFor(1000);
    strait.b.kill();
    strait.universe.runFor(12_000);
    expect(strait.faults()[1]).toBe('a: root/summer on b:7000: nothing was heard of b:7000 for 10000 ms');
    strait.add(3);
    strait.b.start();
    strait.universe.runFor(3000);
    expect(strait.totals).toEqual([1, 2, 3]);
  });

  test('keeps its state while it is stopped for longer than anybody may be silent', () => {
    const strait = new Strait(7);
    strait.add(1);
    strait.universe.runFor(1000);
    strait.summer.stop();
    strait.add(2);
    strait.universe.runFor(60_000);
    expect(strait.totals).toEqual([1]);
    strait.summer.start();
    strait.universe.runFor(1000);
    expect(strait.totals).toEqual([1, 3]);
    expect(strait.faults()).toEqual([]);
  });

  test('may be placed on the very peer that it is placed from', () => {
    const strait = new Strait(10, {}, true, 'a:7000');
    for (let i = 0; i < 100; i++) strait.add(1);
    strait.universe.runFor(500);
    expect(strait.totals).toEqual(ones(100));
    expect(strait.faults()).toEqual([]);
  });

  test('that its peer does not offer fails and says so', () => {
    const strait = new Strait(8, {}, false);
    strait.universe.runFor(50);
    expect(strait.faults()[0]).toBe('a: root/summer on b:7000: summer is not offered there');
  });

  test('is gone there too when it was killed here', () => {
    const strait = new Strait(9);
    strait.add(1);
    strait.universe.runFor(1000);
    strait.summer.kill();
    strait.add(2);
    strait.universe.runFor(20_000);
    expect(strait.totals).toEqual([1]);
    expect(strait.faults()).toEqual([]);
  });
});
