import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import { type Channel, component, event, port } from './index.ts';
import { heldEventsMax } from './limits.ts';

const Count = port('count', {
  requests: { add: event<{ shard: number; number: number }>() },
  indications: { added: event<{ shard: number; number: number }>() },
});

const Counter = component('counter', {
  provides: { count: Count },
  setup: ({ provides: { count } }, seen: number[]) =>
    count.on.add((added) => {
      seen.push(added.number);
      count.emit.added(added);
    }),
});

const User = component('user', {
  requires: { count: Count },
  setup: ({ requires: { count }, ref }, hand: { add?: (shard: number, number: number) => void; heard: number[] }) => {
    count.on.added(({ number }) => hand.heard.push(number));
    const add = ref<{ shard: number; number: number }>((added) => count.emit.add(added));
    hand.add = (shard, number) => add.tell({ shard, number });
  },
});

/** A user and its counter, the channel between them, and what each heard. */
function pair() {
  const rig = new ComponentRig();
  const seen: number[] = [];
  const hand: { add?: (shard: number, number: number) => void; heard: number[] } = { heard: [] };
  const { channel, context, user } = rig.root((context) => {
    const counter = context.create(Counter, seen);
    const user = context.create(User, hand);
    return { channel: context.connect(counter.provides.count, user.requires.count), context, user };
  });
  const add = (number: number): void => {
    hand.add!(0, number);
    rig.system.run();
  };
  return { rig, channel, context, user, seen, heard: hand.heard, add };
}

describe('a channel', () => {
  test('keeps what comes while it is held, and lets it pass first when it is resumed', () => {
    const { channel, seen, heard, add, rig } = pair();
    add(1);
    channel.hold();
    channel.hold();
    add(2);
    add(3);
    expect([seen, channel.waiting, channel.state]).toEqual([[1], 2, 'held']);
    channel.resume();
    channel.resume();
    add(4);
    rig.system.run();
    expect([seen, heard, channel.state]).toEqual([[1, 2, 3, 4], [1, 2, 3, 4], 'open']);
  });

  test('serves another port when it is plugged in there, which hears what was sent meanwhile', () => {
    const { channel, context, seen, heard, add, rig } = pair();
    add(1);
    channel.unplug('provided');
    channel.unplug('provided');
    add(2);
    expect(channel.state).toBe('unplugged');
    expect(channel.path).toBe('nothing -> root/user.requires.count');
    const other: number[] = [];
    const counter = context.create(Counter, other, { name: 'other' });
    channel.plug(counter.provides.count);
    channel.plug(counter.provides.count);
    add(3);
    rig.system.run();
    expect([seen, other, heard]).toEqual([[1], [2, 3], [1, 2, 3]]);
  });

  test('that is held stays held when an end is plugged in, and has one place for each end', () => {
    const { channel, context, add, rig } = pair();
    channel.hold();
    channel.unplug('provided');
    add(1);
    const other: number[] = [];
    const counter = context.create(Counter, other, { name: 'other' });
    channel.plug(counter.provides.count);
    rig.system.run();
    expect([other, channel.state]).toEqual([[], 'held']);
    const third = context.create(Counter, [], { name: 'third' });
    expect(() => channel.plug(third.provides.count)).toThrow(
      'root/other.provides.count -> root/user.requires.count has no free end for root/third.provides.count',
    );
    channel.resume();
    rig.system.run();
    expect(other).toEqual([1]);
  });

  test('is gone once it is disconnected, however often', () => {
    const { channel, seen, add } = pair();
    add(1);
    channel.disconnect();
    channel.disconnect();
    channel.hold();
    channel.resume();
    add(2);
    expect([seen, channel.state]).toEqual([[1], 'gone']);
  });

  test('keeps no more than its limit: one more is a fault of the sender that names the channel', () => {
    const { channel, add, rig } = pair();
    channel.hold();
    for (let i = 0; i < heldEventsMax; i++) add(i);
    expect(rig.halts).toEqual([]);
    add(-1);
    expect(rig.halts[0]?.path).toBe('root/user');
    expect(String(rig.halts[0]?.error)).toContain(
      'root/counter.provides.count -> root/user.requires.count keeps 65536',
    );
  });

  test('loses nothing, doubles nothing and keeps the order, whatever is done to it', () => {
    const act = fc.constantFrom('hold', 'resume', 'unplug', 'plug', 'add', 'run', 'stop', 'start');
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const { rig, channel, context, user, seen, heard, add } = pair();
        const next = context.create(Counter, seen, { name: 'next' });
        let sent = 0;
        const steps: Record<(typeof acts)[number], () => void> = {
          hold: () => channel.hold(),
          resume: () => channel.resume(),
          // What was taken off has nobody to answer to: it is let finish first.
          unplug: () => {
            rig.system.run();
            channel.unplug('provided');
          },
          plug: () => channel.state === 'unplugged' && channel.plug(next.provides.count),
          add: () => add(sent++),
          run: () => rig.system.run(),
          stop: () => user.stop(),
          start: () => user.start(),
        };
        for (const name of acts) steps[name]();
        user.start();
        steps.plug();
        channel.resume();
        rig.system.run();
        const all = Array.from({ length: sent }, (_, i) => i);
        expect([seen, heard]).toEqual([all, all]);
      }),
    );
  });
});

describe('a channel that selects', () => {
  test('passes one value of a field one way, and everything the other way', () => {
    const rig = new ComponentRig();
    const seen: number[][] = [[], [], []];
    const hand: { add?: (shard: number, number: number) => void; heard: number[] } = { heard: [] };
    const channels = rig.root(({ create, connect }) => {
      const user = create(User, hand);
      return seen.map((numbers, shard): Channel<typeof Count> => {
        const counter = create(Counter, numbers, { name: `counter${shard}` });
        return connect(counter.provides.count, user.requires.count, {
          select: { event: 'add', field: 'shard', value: shard },
        });
      });
    });
    const add = (shard: number, number: number): void => {
      hand.add!(shard, number);
      rig.system.run();
    };
    for (const [shard, number] of [
      [2, 10],
      [0, 20],
      [7, 30],
      [2, 40],
    ] as const) {
      add(shard, number);
    }
    expect([seen, hand.heard]).toEqual([
      [[20], [], [10, 40]],
      [10, 20, 40],
    ]);
    channels[2]!.hold();
    add(2, 50);
    add(1, 60);
    expect(seen).toEqual([[20], [60], [10, 40]]);
    channels[2]!.resume();
    rig.system.run();
    expect(seen[2]).toEqual([10, 40, 50]);
  });
});

describe('composites', () => {
  test('export the ports of their children as their own, both kinds', () => {
    const rig = new ComponentRig();
    const seen: number[] = [];
    const hand: { add?: (shard: number, number: number) => void; heard: number[] } = { heard: [] };
    const Server = component('server', {
      provides: { count: Count },
      setup: (context) => void context.export(context.create(Counter, seen).provides.count, 'count'),
    });
    const Client = component('client', {
      requires: { count: Count },
      setup: (context) => void context.export(context.create(User, hand).requires.count, 'count'),
    });
    rig.root(({ create, connect }) => connect(create(Server).provides.count, create(Client).requires.count));
    hand.add!(0, 5);
    rig.system.run();
    expect([seen, hand.heard]).toEqual([[5], [5]]);
  });

  test('share a component, which runs while one of them does and goes with the last', () => {
    const rig = new ComponentRig();
    const { one, two, pool } = rig.root(({ create }) => {
      const pool = create(Counter, []);
      const Sharing = component('sharing', { setup: ({ share }) => share(pool) });
      return {
        one: create(Sharing, undefined, { name: 'one' }),
        two: create(Sharing, undefined, { name: 'two' }),
        pool,
      };
    });
    expect(pool.path).toBe('root/counter');
    for (const owner of [one, two]) owner.kill();
    expect(pool.state).toBe('active');

    const other = new ComponentRig();
    const lone = other.system.create(Counter, []);
    const [left, right] = other.root(({ create }) =>
      ['left', 'right'].map((name) =>
        create(component('sharing', { setup: ({ share }) => share(lone) }), undefined, { name }),
      ),
    );
    expect([lone.state, lone.path]).toEqual(['active', 'counter']);
    left!.stop();
    expect(lone.state).toBe('active');
    left!.kill();
    expect([lone.state, lone.path]).toEqual(['active', 'root/right/counter']);
    right!.kill();
    expect(lone.state).toBe('destroyed');
  });
});
