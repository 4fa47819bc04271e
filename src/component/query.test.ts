import { describe, expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import { attribute, component, event, type Found, type GraphNode, port, truth, wholeNumber } from './index.ts';

const Work = port('work', { requests: { add: event<number>() }, indications: { sum: event<number>() } });

const Adder = component('adder', {
  provides: { work: Work },
  attributes: { isBusy: attribute(truth, false), share: attribute(wholeNumber({ max: 9 }), 1) },
  setup: ({ provides: { work }, onStop }) => {
    let sum = 0;
    work.on.add((number) => {
      sum += number;
      work.emit.sum(sum);
    });
    onStop(() => {});
  },
});

const User = component('user', { requires: { work: Work }, setup: ({ requires }) => requires.work.on.sum(() => {}) });

/** Two adders, each with a user, and what the first is asked by. */
function make() {
  const rig = new ComponentRig();
  const made = rig.root((context) => {
    const pairs = ['a', 'b'].map((name) => {
      const adder = context.create(Adder, undefined, { name });
      const user = context.create(User, undefined, { name: `user of ${name}` });
      return { adder, user, channel: context.connect(adder.provides.work, user.requires.work) };
    });
    return { pairs, context, emit: context.attach(pairs[0]!.adder.provides.work).emit };
  });
  return { rig, ...made };
}

/** What a continuous query told, each as the paths that came and those that went. */
function story() {
  const told: string[][] = [];
  const tell = ({ added, removed }: Found<{ readonly path: string }>): void =>
    void told.push([...added.map(({ path }) => `+${path}`), ...removed.map(({ path }) => `-${path}`)]);
  return { told, hearer: { tell } };
}

describe('the graph', () => {
  test('shows components, ports, channels and attributes as they are now', () => {
    const { rig, pairs, emit } = make();
    pairs[0]!.channel.hold();
    emit.add(1);
    rig.system.run();
    pairs[1]!.adder.stop();
    emit.add(2);
    emit.add(3);
    const { components } = rig.system.graph();
    expect(
      components.map(({ path, definition, version, state, queued }) => [path, definition, version, state, queued]),
    ).toEqual([
      ['root', 'root', '1', 'active', 0],
      ['root/a', 'adder', '1', 'active', 2],
      ['root/user of a', 'user', '1', 'active', 0],
      ['root/b', 'adder', '1', 'passive', 0],
      ['root/user of b', 'user', '1', 'active', 0],
    ]);
    const [, a] = components;
    expect(a!.owners.map(({ path }) => path)).toEqual(['root']);
    expect(a!.attributes.map(({ name, value, type }) => [name, value, type])).toEqual([
      ['isBusy', false, 'true or false'],
      ['share', 1, 'a whole number up to 9'],
    ]);
    const [work] = a!.ports;
    expect([work!.name, work!.type, work!.direction, work!.isConnected]).toEqual(['work', 'work', 'provides', true]);
    expect(work!.channels.map(({ state, waiting }) => [state, waiting])).toEqual([
      ['held', 1],
      ['open', 0],
    ]);
    a!.handle.kill();
    expect(rig.system.graph().components).toHaveLength(4);
  });

  test('knows rates while somebody observes, and nothing before or after', () => {
    const { rig, emit } = make();
    const rate = () => rig.system.graph().components[1]!.eventsPerSecond;
    expect(rate()).toBeUndefined();
    const ends = [rig.system.observe(), rig.system.observe()];
    expect(rate()).toBe(0);
    for (let i = 0; i < 600; i++) emit.add(i);
    rig.system.run();
    rig.nowMs += 2000;
    expect(rate()).toBe(300);
    expect(rig.system.graph().path('//adder[eventsPerSecond > 100]')).toHaveLength(1);
    ends[0]!();
    ends[0]!();
    expect(rate()).toBe(300);
    ends[1]!();
    expect(rate()).toBeUndefined();
    const before = rig.system.eventsHandled;
    emit.add(1);
    rig.system.run();
    expect(rig.system.eventsHandled - before).toBe(2);
  });

  test('while rates are observed a reconfiguration still happens between two events', () => {
    const { rig, pairs, emit } = make();
    rig.system.observe();
    const Asker = component('asker', {
      setup: ({ ref }) => ref(() => rig.system.reconfigure((tx) => tx.disconnect(pairs[0]!.channel))).tell(undefined),
    });
    rig.system.create(Asker).start();
    emit.add(1);
    rig.system.run();
    expect(pairs[0]!.channel.state).toBe('gone');
    expect(rig.system.graph().components[2]!.eventsPerSecond).toBe(0);
  });
});

describe('a query', () => {
  test('gives typed handles of a definition', () => {
    const { rig, pairs } = make();
    pairs[1]!.adder.attributes.share.set(3);
    const great = rig.system.query(Adder).where(({ attributes }) => attributes.share.get() > 2);
    expect([...great].map(({ path }) => path)).toEqual(['root/b']);
    expect(great.first()!.attributes.isBusy.get()).toBe(false);
    pairs[1]!.adder.kill();
    expect(great.all()).toEqual([]);
    // @ts-expect-error: an adder has no such attribute
    expect(rig.system.query(Adder).where(({ attributes }) => attributes.none === undefined)).toBeDefined();
  });

  test('gives nodes by a path, and sets the attributes that one leads to, all or none', () => {
    const { rig } = make();
    const isActive = (node: GraphNode) => node.kind === 'component' && node.state === 'active';
    expect(rig.system.query('//user').where(isActive).all()).toHaveLength(2);
    expect(rig.system.set('//adder/@share', 5)).toEqual({ ok: true, value: 2 });
    expect(rig.system.set('//adder/@share', 10)).toEqual({
      ok: false,
      error: 'root/a@share: 10 is not a whole number up to 9',
    });
    expect(rig.system.query('//adder[@share=5]').all()).toHaveLength(2);
    expect(rig.system.set('//user/@share', 5)).toEqual({ ok: false, error: '//user/@share leads to no attribute' });
    expect(rig.system.set('//user@share', 5)).toMatchObject({ ok: false });
  });
});

describe('a continuous query', () => {
  test('tells what is there, then what is added and removed, once a turn', () => {
    const { rig, pairs, context } = make();
    const { told, hearer } = story();
    const end = rig.system.query('//adder[@isBusy]').watch(hearer);
    rig.system.run();
    expect(told).toEqual([]);
    for (const { adder } of pairs) adder.attributes.isBusy.set(true);
    rig.system.run();
    rig.system.run();
    pairs[0]!.adder.attributes.isBusy.set(false);
    context.create(Adder, undefined, { name: 'c' }).attributes.isBusy.set(true);
    rig.system.run();
    pairs[1]!.adder.kill();
    rig.system.run();
    expect(told).toEqual([['+root/a', '+root/b'], ['+root/c', '-root/a'], ['-root/b']]);
    end();
    end();
    pairs[0]!.adder.attributes.isBusy.set(true);
    rig.system.run();
    expect(told).toHaveLength(3);
  });

  test('hears of channels and states, and tells a component as an event of the same run', () => {
    const { rig, pairs } = make();
    const heard: number[] = [];
    const Watcher = component('watcher', {
      setup: ({ ref }) =>
        void rig.system
          .query(Adder)
          .where(({ state }) => state === 'active')
          .watch(ref(({ added, removed }) => void heard.push(added.length - removed.length))),
    });
    rig.system.create(Watcher).start();
    const open = story();
    rig.system.query('//channel::*[state="open"]').watch(open.hearer);
    rig.system.run();
    rig.system.run();
    pairs[0]!.adder.stop();
    pairs[0]!.channel.hold();
    rig.system.run();
    rig.system.run();
    pairs[0]!.channel.resume();
    pairs[1]!.channel.unplug('provided');
    rig.system.run();
    expect(heard).toEqual([2, -1]);
    expect(open.told.map((one) => one.map((text) => text[0]).join(''))).toEqual(['+++', '-', '+-']);
  });

  test('wakes a system that stands still, and tells each attribute apart', () => {
    const { rig, pairs } = make();
    const { told, hearer } = story();
    rig.system.query('//a/attribute::*[value=true or value=4]').watch(hearer);
    rig.system.run();
    const wakes = rig.wakes;
    pairs[0]!.adder.attributes.share.set(4);
    pairs[0]!.adder.attributes.isBusy.set(true);
    expect(rig.wakes - wakes).toBe(1);
    rig.system.run();
    expect(told).toEqual([['+root/a@isBusy', '+root/a@share']]);
  });
});
