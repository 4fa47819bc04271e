import { expect, test } from 'vitest';
import { component, type Ref } from '../component/index.ts';
import { Aggregates, Sampling } from '../gossip/index.ts';
import type { Contact } from '../ring/index.ts';
import { Links } from '../world/index.ts';
import { type SimulatedHost, Universe } from '../world/simulated/index.ts';
import { Balance, Balancer, Burden, balanceProtocol, type Vacancy } from './index.ts';

interface Carrier {
  readonly host: SimulatedHost;
  readonly self: Contact;
  load: number;
  /** Moves that it made, as text. */
  readonly moves: string[];
  /** Moves that go on in which it takes part. */
  open: number;
  find: Ref<(vacancy: Vacancy | undefined) => void> | undefined;
}

/** Peers on a ring, by their numbers, whose loads are numbers too: moved by a word. */
class Carriers {
  readonly universe: Universe;
  readonly all: Carrier[];
  mostOpen = 0;

  constructor(seed: number, loads: readonly number[], mean: number | undefined) {
    this.universe = new Universe({ seed });
    this.all = loads.map((load, i) => {
      const carrier: Carrier = {
        host: this.universe.addHost(`p${i}`, ({ system, platform }) => {
          const { world } = platform;
          const root = component('root', {
            setup: ({ create, connect }) => {
              const { provides: wire } = create(platform.transport({ balance: balanceProtocol }));
              const knowsMean = mean !== undefined;
              const balancer = create(Balancer, { world, self: carrier.self, everyMs: 1_000, knowsMean });
              const around = create(Surroundings, {
                carriers: this,
                carrier,
                mean,
                after: (ms: number, run: Ref<void>) => world.timer.after(ms, run),
              });
              connect(wire.balance, balancer.requires.network);
              connect(wire.links, around.requires.links);
              connect(around.provides.burden, balancer.requires.burden);
              connect(around.provides.sampling, balancer.requires.sampling);
              connect(around.provides.aggregates, balancer.requires.aggregates);
              connect(balancer.provides.balance, around.requires.balance);
            },
          });
          system.create(root).start();
        }),
        self: { id: String.fromCharCode(i), address: `p${i}:7000` },
        ...{ load, moves: [], open: 0, find: undefined },
      };
      return carrier;
    });
    for (const { host } of this.all) host.start();
  }

  behind(carrier: Carrier): Carrier {
    return this.all[(this.all.indexOf(carrier) + 1) % this.all.length]!;
  }

  begin(...two: readonly Carrier[]): void {
    for (const one of two) this.mostOpen = Math.max(this.mostOpen, ++one.open);
  }
}

interface SurroundingsInit {
  readonly carriers: Carriers;
  readonly carrier: Carrier;
  readonly mean: number | undefined;
  readonly after: (ms: number, run: Ref<void>) => unknown;
}

/** What stands around a balancer: the data, the sample of all others, and the mean. */
const Surroundings = component('surroundings', {
  provides: { burden: Burden, sampling: Sampling, aggregates: Aggregates },
  requires: { balance: Balance, links: Links },
  setup: ({ provides, requires, ref, onStart }, { carriers, carrier, mean, after }: SurroundingsInit) => {
    const { burden, sampling, aggregates } = provides;
    const say = (): void => burden.emit.carried({ load: carrier.load, behind: carriers.behind(carrier).self });
    const move = (text: string, giver: Carrier, taker: Carrier, amount: number): void => {
      carrier.moves.push(text);
      carriers.begin(giver, taker);
      const end = ref(() => {
        [giver.load, taker.load] = [giver.load - amount, taker.load + amount];
        giver.open--;
        taker.open--;
        burden.emit.moved({ isDone: true });
      });
      after(300, end);
    };
    const at = ({ address }: Contact): Carrier => carriers.all.find(({ self }) => self.address === address)!;
    burden.on.slide(({ to, amount }) => move(`slide to ${to.address}`, carrier, at(to), amount));
    burden.on.jump(({ from, amount }) => {
      const [heavy, behind] = [at(from), carriers.behind(carrier)];
      behind.load += carrier.load;
      carrier.load = 0;
      move(`jump before ${from.address}`, heavy, carrier, amount);
    });
    carrier.find = ref((done) => requires.balance.emit.findPlace({ peers: 9, reply: ref(done) }));
    const tick = ref(() => {
      say();
      after(100, tick);
    });
    onStart(() => {
      requires.links.emit.setSystem({ systemId: '00000000000000aa' });
      sampling.emit.sampled({ peers: carriers.all.filter((one) => one !== carrier).map(({ self }) => self) });
      const load = { mean: mean ?? 0, deviation: 0, least: 0, most: 0, histogram: [] };
      aggregates.emit.estimated({ epoch: 1, isSettled: true, peers: carriers.all.length, load });
      tick.tell();
    });
  },
});

test('loads come near to the mean, nothing is lost, and each peer takes part in one move at a time (BAL-1)', () => {
  for (const seed of [1, 2, 3]) {
    const carriers = new Carriers(seed, [1_000, 0, 0, 40, 10, 600, 0, 0, 20, 330], 200);
    carriers.universe.runFor(60_000);
    const loads = carriers.all.map(({ load }) => load);
    expect(loads.reduce((sum, one) => sum + one, 0)).toBe(2_000);
    expect(Math.max(...loads)).toBeLessThan(450);
    expect(carriers.mostOpen).toBe(1);
    expect(carriers.universe.faults).toEqual([]);
  }
});

test('without the mean the lighter takes half of the heavier, and a balanced system stays as it is', () => {
  const carriers = new Carriers(4, [800, 20, 100, 100], undefined);
  carriers.universe.runFor(20_000);
  expect(Math.max(...carriers.all.map(({ load }) => load))).toBeLessThan(450);

  const even = new Carriers(5, [100, 110, 90, 100], 100);
  even.universe.runFor(30_000);
  expect(even.all.flatMap(({ moves }) => moves)).toEqual([]);
});

test('a newcomer is sent to whoever carries most', () => {
  const carriers = new Carriers(6, [100, 100, 700, 100, 100], 220);
  carriers.universe.runFor(500);
  let found: Vacancy | undefined;
  carriers.all[0]!.find!.tell((vacancy) => {
    found = vacancy;
  });
  carriers.universe.runFor(600);
  expect(found).toEqual({ contact: carriers.all[2]!.self, amount: 220 });
});

test('a partner that dies in the middle of a move blocks nobody for ever', () => {
  const carriers = new Carriers(7, [1_000, 0, 0, 0], 250);
  for (let i = 0; i < 400 && carriers.mostOpen === 0; i++) carriers.universe.runFor(10);
  const busy = carriers.all.find(({ open, load }) => open > 0 && load < 500)!;
  busy.host.crash();
  carriers.universe.runFor(100_000);
  expect(carriers.all[0]!.load).toBeLessThan(760);
  expect(carriers.all.flatMap(({ moves }) => moves).length).toBeGreaterThan(1);
});
