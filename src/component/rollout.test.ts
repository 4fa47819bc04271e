import { describe, expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import { record, type Schema, text, union, variant, varint, word } from '../base/index.ts';
import { protocol } from '../world/index.ts';
import { type Life, Universe } from '../world/simulated/index.ts';
import {
  component,
  event,
  type Graph,
  port,
  Rollout,
  type RolloutOutcome,
  Site,
  type SiteAnswer,
  type SiteRequest,
  Sites,
  type System,
  state,
  upgrade,
} from './index.ts';

const Count = port('count', { requests: { add: event() }, indications: { total: event<number>() } });
const provides = { count: Count };

const CounterV1 = component('counter', {
  provides,
  setup: ({ provides: { count } }) => {
    let total = 0;
    count.on.add(() => count.emit.total(++total));
    return state({ dump: () => total, load: (kept) => void (total = kept) });
  },
});

const CounterV2 = component('counter', {
  version: 2,
  provides,
  upgrade: upgrade(
    CounterV1,
    (total) => {
      if (total === 13) throw new Error('13 cannot be taken up');
      return { total };
    },
    ({ total }) => total,
  ),
  setup: ({ provides: { count } }) => {
    let kept = { total: 0 };
    count.on.add(() => {
      kept = { total: kept.total + 1 };
      count.emit.total(kept.total);
    });
    return state({ dump: () => kept, load: (from) => void (kept = from) });
  },
});

const request: Schema<SiteRequest> = record({
  kind: word(['change', 'look', 'undo']),
  ...{ site: text, number: varint, definition: text, from: text, to: text },
});
const answer: Schema<SiteAnswer> = record({
  kind: word(['change', 'look', 'undo']),
  ...{ site: text, number: varint, reason: text },
});
const letters = protocol(
  'rollout',
  9,
  union({ ask: variant(1, { request: record({ request }) }), answer: variant(2, { answer: record({ answer }) }) }),
  { mayJoin: true },
);

/** Carries what a rollout asks to other hosts, and what they answer back. */
const Post = component('post', {
  provides: { sites: Sites },
  requires: { letters: letters.port },
  setup: ({ provides: { sites }, requires: { letters } }) => {
    sites.on.ask((request) =>
      letters.emit.send({ to: `${request.site}:7000`, message: { kind: 'ask', request: { request } } }),
    );
    letters.on.received(({ message }) => {
      if (message.kind === 'answer') sites.emit.answered(message.answer.answer);
    });
  },
});

/** Asks the site of its own host what others ask, and answers them. */
const Desk = component('desk', {
  requires: { sites: Sites, letters: letters.port },
  setup: ({ requires: { sites, letters } }) => {
    letters.on.received(({ message }) => {
      if (message.kind === 'ask') sites.emit.ask(message.request.request);
    });
    sites.on.answered((answer) => letters.emit.send({ to: 'a:7000', message: { kind: 'answer', answer: { answer } } }));
  },
});

const names = ['a', 'b', 'c', 'd'];

/** Four hosts, each with a system of two counters at work, or at rest with a first total; the first can change them all. */
class Fleet {
  readonly universe: Universe;
  readonly systems = new Map<string, System>();
  readonly outcomes: RolloutOutcome[] = [];
  readonly totals = new Map<string, number>();
  start: (number: number) => void = () => {};
  #check: (host: string, graph: Graph) => string | undefined = () => undefined;

  constructor(seed: number, lossProbability: number, firstTotals: Readonly<Record<string, number>> = {}) {
    const network = { latencyMs: 5, tailMs: 20, lossProbability, duplicateProbability: lossProbability };
    this.universe = new Universe({ seed, network });
    for (const name of names) {
      this.totals.set(name, 0);
      this.universe.addHost(name, (life) => this.#boot(name, life, firstTotals[name] ?? 0)).start();
    }
  }

  set check(check: (host: string, graph: Graph) => string | undefined) {
    this.#check = check;
  }

  #boot(name: string, { system, platform }: Life, firstTotal: number): void {
    this.systems.set(name, system);
    const root = component('root', {
      setup: (context) => {
        const transport = context.create(platform.transport({ letters }));
        const site = context.create(Site, {
          ...{ name, system, catalogue: [CounterV1, CounterV2] },
          check: (graph) => this.#check(name, graph),
        });
        const desk = context.create(Desk);
        context.connect(site.provides.sites, desk.requires.sites);
        context.connect(transport.provides.letters, desk.requires.letters);
        for (const counter of ['left', 'right']) {
          const { on, emit } = context.attach(context.create(CounterV1, undefined, { name: counter }).provides.count);
          on.total((total) => this.totals.set(name, total));
          for (let i = 0; i < firstTotal; i++) emit.add();
          const work = context.ref(() => {
            emit.add();
            platform.world.timer.after(100, work);
          });
          if (firstTotal === 0) platform.world.timer.after(100, work);
        }
        if (name !== 'a') return;
        const post = context.create(Post);
        const rollout = context.create(Rollout, { after: (ms, notify) => platform.world.timer.after(ms, notify) });
        context.connect(transport.provides.letters, post.requires.letters);
        context.connect(post.provides.sites, rollout.requires.sites);
        const { on, emit } = context.attach(rollout.provides.rollouts);
        on.ended((outcome) => this.outcomes.push(outcome));
        this.start = (number) =>
          emit.start({ number, definition: 'counter', from: '1', to: '2', sites: names, soakMs: 1000 });
      },
    });
    system.create(root).start();
  }

  /** The versions that run on each host. */
  get versions(): readonly string[] {
    return [...this.systems.values()].map((system) =>
      system
        .inventory()
        .filter(({ definition }) => definition === 'counter')
        .map(({ version, count }) => `${count} of ${version}`)
        .join(),
    );
  }
}

describe('a rollout', () => {
  test.each([0, 0.3])(
    'changes one system after the other while they work, also when messages are lost (%s)',
    (loss) => {
      const fleet = new Fleet(7, loss);
      fleet.start(1);
      fleet.universe.run(1500);
      expect(new Set(fleet.versions)).toEqual(new Set(['2 of 1', '2 of 2']));
      fleet.universe.run(60_000);
      expect(fleet.outcomes).toEqual([{ number: 1, outcome: 'done', reason: '', changed: names }]);
      expect(fleet.versions).toEqual(names.map(() => '2 of 2'));
      expect([...fleet.totals.values()]).toEqual(names.map(() => 60_000 / 100));
    },
  );

  test.each([0, 0.3])('is undone everywhere when one system finds later that all is not well (loss %s)', (loss) => {
    const fleet = new Fleet(8, loss);
    fleet.check = (host) => (host === 'c' && (fleet.totals.get('c') ?? 0) > 20 ? 'it counts too much' : undefined);
    fleet.start(1);
    fleet.universe.run(60_000);
    expect(fleet.outcomes).toEqual([{ number: 1, outcome: 'undone', reason: 'c: it counts too much', changed: [] }]);
    expect(fleet.versions).toEqual(names.map(() => '2 of 1'));
    expect([...fleet.totals.values()]).toEqual(names.map(() => 60_000 / 100));
    expect(fleet.universe.faults).toEqual([]);
  });

  test('is undone where the state of one cannot be taken up, and can be tried again', () => {
    const fleet = new Fleet(9, 0, { d: 13 });
    fleet.start(1);
    fleet.start(2);
    fleet.universe.run(60_000);
    const reason = 'd: 13 cannot be taken up';
    expect(fleet.outcomes).toEqual([1, 2].map((number) => ({ number, outcome: 'undone', reason, changed: [] })));
    expect(fleet.versions).toEqual(names.map(() => '2 of 1'));
  });

  test('is undone where one is silent, and says who may still run the new version', () => {
    const fleet = new Fleet(10, 0);
    fleet.universe.run(100);
    fleet.universe.hosts.get('c')!.crash();
    fleet.start(3);
    fleet.universe.run(60_000);
    expect(fleet.outcomes).toEqual([{ number: 3, outcome: 'stuck', reason: 'c: it does not answer', changed: ['c'] }]);
    expect(fleet.versions.slice(0, 2)).toEqual(['2 of 1', '2 of 1']);
  });
});

describe('a site', () => {
  test('does not make a change that was undone before it came', () => {
    const rig = new ComponentRig();
    const told: SiteAnswer[] = [];
    const { emit } = rig.root((context) => {
      context.create(CounterV1);
      const site = context.create(Site, {
        ...{ name: 'a', system: rig.system, catalogue: [CounterV1], check: () => undefined },
      });
      const attached = context.attach(site.provides.sites);
      attached.on.answered((answer) => told.push(answer));
      return attached;
    });
    const asks = { site: 'a', number: 5, definition: 'counter', from: '1', to: '2' };
    for (const kind of ['undo', 'change', 'look'] as const) emit.ask({ ...asks, kind });
    emit.ask({ ...asks, kind: 'change', number: 4 });
    emit.ask({ ...asks, kind: 'change', number: 6 });
    emit.ask({ ...asks, kind: 'change', number: 7, site: 'b' });
    rig.system.run();
    expect(told.map(({ kind, number, reason }) => [kind, number, reason])).toEqual([
      ['undo', 5, ''],
      ['change', 5, 'it was undone'],
      ['look', 5, ''],
      ['change', 6, 'version 2 of counter is not known here'],
    ]);
    expect(rig.system.chronicle).toMatchObject([{ by: 'rollout 6 at root/site', outcome: 'refused' }]);
  });
});

test('a system answers what it runs in which version, and who speaks to whom through composites', () => {
  const rig = new ComponentRig();
  const User = component('user', { requires: provides, setup: ({ requires: { count } }) => count.on.total(() => {}) });
  const Shop = component('shop', {
    provides,
    setup: (context) => void context.export(context.create(CounterV2).provides.count, 'count'),
  });
  rig.root(({ create, connect }) => {
    const shop = create(Shop);
    for (const name of ['one', 'two']) connect(shop.provides.count, create(User, undefined, { name }).requires.count);
  });
  const [counter, , , user] = rig.system.inventory();
  expect(rig.system.inventory().map(({ definition, version, count }) => [definition, version, count])).toEqual([
    ['counter', '2', 1],
    ['root', '1', 1],
    ['shop', '1', 1],
    ['user', '1', 2],
  ]);
  expect(counter!.speaksWith).toEqual([{ port: 'count', type: 'count', definition: 'user', version: '1' }]);
  expect(user!.speaksWith).toEqual([{ port: 'count', type: 'count', definition: 'counter', version: '2' }]);
});
