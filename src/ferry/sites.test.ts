import { describe, expect, test } from 'vitest';
import { Archipelago, type Part } from '../../test/archipelago.ts';
import {
  component,
  event,
  type Graph,
  port,
  Rollout,
  type RolloutOutcome,
  Site,
  type Supervision,
  type System,
  state,
} from '../component/index.ts';
import { offerSite, siteAbroad } from './index.ts';

const Count = port('count', { requests: { add: event() }, indications: { total: event<number>() } });

/** Counts in steps of one, and from its second version on in steps of ten. */
function counter(version: number) {
  return component('counter', {
    version,
    provides: { count: Count },
    setup: ({ provides: { count } }) => {
      let total = 0;
      count.on.add(() => count.emit.total((total += version === 1 ? 1 : 10)));
      return state({ dump: () => total, load: (kept) => void (total = kept) });
    },
  });
}
const [Counter, TenCounter] = [counter(1), counter(2)];

const names = ['b', 'c', 'd'];
const often: Supervision = { on: 'restart', restartsMax: 1000, withinMs: 600_000 };

/** Peers b, c and d count, each for itself; peer a changes them. */
class Fleet {
  readonly peers: Archipelago;
  readonly systems = new Map<string, System>();
  readonly outcomes: RolloutOutcome[] = [];
  readonly totals = new Map<string, number>();
  readonly adds = new Map<string, () => void>();
  check: (peer: string, graph: Graph) => string | undefined = () => undefined;
  start: (number: number) => void = () => {};

  constructor(network = {}) {
    const parts = Object.fromEntries(names.map((name) => [name, this.#counting(name)]));
    this.peers = new Archipelago({ ...parts, a: this.#changing() }, network);
    this.peers.universe.runFor(500);
  }

  #counting(name: string): Part {
    return {
      offers: ({ context, system }) => {
        this.systems.set(name, system);
        const { on, emit } = context.attach(context.create(Counter).provides.count);
        on.total((total) => this.totals.set(name, total));
        this.adds.set(name, context.ref(() => emit.add()).tell);
        const check = (graph: Graph): string | undefined => this.check(name, graph);
        return [offerSite(context.create(Site, { name, catalogue: [Counter, TenCounter], check }))];
      },
    };
  }

  #changing(): Part {
    return {
      act: (context, ferry, { world }) => {
        const after = (delayMs: number, notify: Parameters<typeof world.timer.after>[1]) =>
          world.timer.after(delayMs, notify);
        const rollout = context.create(Rollout, { after });
        for (const name of names) {
          const site = context.create(siteAbroad(ferry, `${name}:7000`), undefined, { name, supervise: often });
          context.connect(site.provides.sites, rollout.requires.sites);
        }
        const { on, emit } = context.attach(rollout.provides.rollouts);
        on.ended((outcome) => this.outcomes.push(outcome));
        this.start = (number) =>
          emit.start({ number, definition: 'counter', from: '1', to: '2', sites: names, soakMs: 1000 });
      },
    };
  }

  add(): void {
    for (const add of this.adds.values()) add();
    this.peers.universe.runFor(50);
  }

  versions(): readonly string[] {
    return names.map((name) => {
      const found = this.systems.get(name)!.inventory();
      return found.find(({ definition }) => definition === 'counter')?.version ?? 'none';
    });
  }
}

describe('a rollout over running peers', () => {
  test('changes one after the other, with their state, while they work', () => {
    const fleet = new Fleet();
    fleet.add();
    fleet.start(1);
    fleet.peers.universe.runFor(1500);
    expect(fleet.versions()).toEqual(['2', '2', '1']);
    fleet.peers.universe.runFor(5000, () => fleet.outcomes.length > 0);
    fleet.add();
    expect(fleet.outcomes).toEqual([{ number: 1, outcome: 'done', reason: '', changed: names }]);
    expect(fleet.versions()).toEqual(['2', '2', '2']);
    expect([...fleet.totals.values()]).toEqual([11, 11, 11]);
  });

  test('is undone everywhere where one peer finds after a while that not all is well', () => {
    const fleet = new Fleet({ lossProbability: 0.1, duplicateProbability: 0.1, latencyMs: 5, tailMs: 20 });
    fleet.check = (peer, graph) =>
      peer === 'd' && graph.path("//counter[version='2']").length > 0 && fleet.versions()[2] === '2'
        ? 'too many at once'
        : undefined;
    fleet.add();
    fleet.start(1);
    fleet.peers.universe.runFor(30_000, () => fleet.outcomes.length > 0);
    fleet.add();
    expect(fleet.outcomes).toMatchObject([{ number: 1, outcome: 'undone', changed: [] }]);
    expect(fleet.outcomes[0]!.reason).toBe('d: too many at once');
    expect(fleet.versions()).toEqual(['1', '1', '1']);
    expect([...fleet.totals.values()]).toEqual([2, 2, 2]);
  });

  test('goes back where a peer is gone, and says which may still run the new version', () => {
    const fleet = new Fleet();
    fleet.start(1);
    fleet.peers.universe.runFor(1200);
    expect(fleet.versions()).toEqual(['2', '2', '1']);
    fleet.peers.hosts['c']!.kill();
    fleet.peers.universe.runFor(60_000, () => fleet.outcomes.length > 0);
    expect(fleet.outcomes).toEqual([{ number: 1, outcome: 'stuck', reason: 'c: it does not answer', changed: ['c'] }]);
    expect(fleet.versions()[0]).toBe('1');
  });

  test('waits where the way to a peer is cut for a moment, and is undone over it', () => {
    const fleet = new Fleet();
    fleet.check = (peer) => (peer === 'd' ? 'never here' : undefined);
    fleet.start(1);
    fleet.peers.universe.runFor(1200);
    const { a, b } = fleet.peers.hosts;
    fleet.peers.universe.network.cut(a!, b!);
    fleet.peers.universe.runFor(1500);
    expect(fleet.outcomes).toEqual([]);
    fleet.peers.universe.network.heal();
    fleet.peers.universe.runFor(60_000, () => fleet.outcomes.length > 0);
    expect(fleet.outcomes).toMatchObject([{ outcome: 'undone', reason: 'd: never here' }]);
    expect(fleet.versions()).toEqual(['1', '1', '1']);
  });

  test('that is asked for again, by a peer that was lost and came back, is not done a second time', () => {
    const fleet = new Fleet();
    fleet.start(1);
    fleet.peers.universe.runFor(5000, () => fleet.outcomes.length > 0);
    fleet.peers.hosts['a']!.kill();
    fleet.peers.universe.runFor(12_000);
    fleet.peers.hosts['a']!.start();
    fleet.peers.universe.runFor(1000);
    fleet.start(1);
    fleet.peers.universe.runFor(5000, () => fleet.outcomes.length > 1);
    expect(fleet.outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    expect(fleet.versions()).toEqual(['2', '2', '2']);
    expect(fleet.systems.get('b')!.chronicle.filter(({ by }) => by.startsWith('rollout'))).toHaveLength(1);
  });
});
