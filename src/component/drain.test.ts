import { describe, expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import type { Result } from '../base/index.ts';
import { attribute, type Channel, component, event, port, type Reconfigured, state, wholeNumber } from './index.ts';

const Work = port('work', { requests: { add: event<number>() }, indications: { sum: event<number>() } });

const Adder = component('adder', {
  provides: { work: Work },
  attributes: { factor: attribute(wholeNumber({ max: 9 }), 1) },
  setup: ({ provides: { work }, attributes, onStop, path }, stopped: string[]) => {
    let sum = 0;
    work.on.add((number) => {
      sum += number * attributes.factor;
      work.emit.sum(sum);
    });
    onStop(() => void stopped.push(path));
    return state({ dump: () => sum, load: (kept: number) => void (sum = kept) });
  },
});

/** Passes what comes through a child of its own, by a port that it attached and by channels to its inside. */
const Office = (version: number) =>
  component('office', {
    version,
    provides: { work: Work },
    setup: (context, stopped: string[]) => {
      const clerk = context.create(Adder, stopped, { name: `clerk${version}` });
      const back = context.attach(clerk.provides.work);
      let sum = 0;
      back.on.sum((value) => {
        sum = value;
      });
      context.export(clerk.provides.work, 'work');
      return state({
        dump: () => sum,
        load: (kept: number) => void back.emit.add(kept),
      });
    },
  });

function make() {
  const rig = new ComponentRig();
  const sums: number[] = [];
  const stopped: string[] = [];
  const outcomes: Result<Reconfigured, string>[] = [];
  const made = rig.root((context) => {
    const office = context.create(Office(1), stopped);
    const { on, emit } = context.attach(office.provides.work);
    on.sum((sum) => sums.push(sum));
    return { office, emit, context };
  });
  const done = (outcome: Result<Reconfigured, string>): void => void outcomes.push(outcome);
  const children = () =>
    rig.system
      .query('//office/child::*')
      .all()
      .map(({ name }) => name);
  const root = rig.system.graph().roots[0]!.handle;
  return { rig, root, sums, stopped, outcomes, done, children, ...made };
}

describe('a component that is drained', () => {
  test('can be replaced with all that it consists of: it handles what is on the way, and the rest waits for the new one', () => {
    const { rig, sums, stopped, outcomes, done, children, office, emit } = make();
    emit.add(1);
    emit.add(2);
    rig.system.reconfigure((tx) => tx.replace(office, Office(2), { init: stopped }), { drain: [office], done });
    emit.add(3);
    expect(outcomes).toEqual([]);
    rig.system.run();
    expect([sums, children(), stopped, outcomes[0]?.ok]).toEqual([[], ['clerk2'], ['root/office/clerk1'], true]);
    rig.system.run();
    expect(sums).toEqual([1, 3, 3, 6]);
    expect(rig.system.chronicle).toEqual([
      {
        ...{ number: 1, by: '', atMs: 0, outcome: 'done', reason: undefined, pauseMs: 0, drainedMs: 0 },
        ...{ steps: ['replace root/office, office 1, by office 2'], heldEvents: 3, carriedEvents: 0 },
      },
    ]);
  });

  test('stays as it was where the change is undone, and hears then what came meanwhile', () => {
    const { rig, sums, stopped, outcomes, done, children, office, emit } = make();
    emit.add(1);
    rig.system.reconfigure((tx) => tx.replace(office, Office(2), { init: stopped }), {
      ...{ drain: [office], by: 'a test', done },
      check: (planned) => {
        const [clerk] = planned.path("//office[version='2']/clerk*[count(channel::*) = 2]");
        return clerk === undefined ? undefined : `${clerk.path} is not wanted`;
      },
    });
    emit.add(2);
    rig.system.run();
    rig.system.run();
    expect(outcomes).toEqual([{ ok: false, error: 'root/office/clerk2 is not wanted' }]);
    expect([sums, stopped, children()]).toEqual([[1, 3], [], ['clerk1']]);
    expect(rig.system.chronicle[0]).toMatchObject({
      ...{ by: 'a test', outcome: 'refused', reason: 'root/office/clerk2 is not wanted', heldEvents: 2 },
    });
    rig.system.reconfigure((tx) => tx.replace(office, Office(3), { init: stopped }), { drain: [office], done });
    expect([outcomes[1]?.ok, children()]).toEqual([true, ['clerk3']]);
  });

  test('that takes too long keeps the change from being made, and says so', () => {
    const { rig, sums, stopped, outcomes, done, office, emit } = make();
    office.stop();
    emit.add(1);
    rig.system.reconfigure((tx) => tx.remove(office), { drain: [office], drainMs: 50, done });
    rig.advance(49);
    emit.add(2);
    expect(outcomes).toEqual([]);
    rig.advance(1);
    expect(outcomes).toEqual([{ ok: false, error: 'root/office did not come to rest in 50 ms: 1 events wait' }]);
    office.start();
    rig.system.run();
    expect([sums, stopped]).toEqual([[1, 3], ['root/office/clerk1']]);
  });
});

describe('a change', () => {
  test('adds, connects, sets and removes whole, and tells who watches when it is settled', () => {
    const { rig, root, office, context, stopped, outcomes, done } = make();
    const user = context.create(
      component('user', { requires: { work: Work }, setup: ({ requires }) => requires.work.on.sum(() => {}) }),
    );
    const told: number[] = [];
    rig.system.reconfigure(
      (tx) => {
        const adder = tx.add(root, Adder, stopped, { name: 'new' });
        tx.connect(adder.provides.work, user.requires.work);
        adder.attributes.factor.watch({ tell: (factor) => told.push(factor) });
        tx.set(adder.attributes.factor, 3);
        tx.remove(office);
        expect([adder.state, told, office.state]).toEqual(['passive', [], 'active']);
      },
      {
        done,
        check: (planned) =>
          planned.path('//adder[@factor=3]/provides::work/bound::*').length === 1 && planned.components.length === 3
            ? undefined
            : planned.components.map(({ path }) => path).join(),
      },
    );
    expect([outcomes[0]?.ok && outcomes[0].value.steps, told, stopped, office.state]).toEqual([
      [
        'add root/new, adder 1',
        'connect root/new.provides.work -> root/user.requires.work',
        'set root/new@factor',
        'remove root/office',
      ],
      [3],
      ['root/office/clerk1'],
      'destroyed',
    ]);
    expect(rig.system.query(Adder).first()!.state).toBe('active');
  });

  test('that is undone leaves what was there in its place, and nothing of what was new', () => {
    const { rig, root, office, context, stopped, sums, emit, outcomes, done } = make();
    context.create(Adder, stopped, { name: 'last' });
    const before = rig.system.graph().components.map(({ path }) => path);
    const Loud = component('loud', {
      setup: ({ ref, onStop }) => {
        ref(() => stopped.push('a word of what never was')).tell();
        onStop(() => stopped.push('a stop of what never ran'));
      },
    });
    rig.system.reconfigure(
      (tx) => {
        tx.add(root, Loud);
        tx.remove(office);
        tx.set(
          rig.system
            .query(Adder)
            .where(({ path }) => path.endsWith('last'))
            .first()!.attributes.factor,
          12,
        );
      },
      { done },
    );
    rig.system.run();
    emit.add(4);
    rig.system.run();
    expect(outcomes).toEqual([{ ok: false, error: 'root/last@factor: 12 is not a whole number up to 9' }]);
    expect([sums, stopped, rig.system.graph().components.map(({ path }) => path)]).toEqual([[4], [], before]);
  });

  test('that plugs a channel elsewhere and is undone leaves to the channel what it kept', () => {
    const { rig, root, outcomes, stopped, done } = make();
    const rest: number[] = [];
    const User = component('user', {
      requires: { work: Work },
      setup: ({ requires: { work }, onStart }) => {
        work.on.sum((sum) => rest.push(sum));
        onStart(() => work.emit.add(5));
      },
    });
    let channel: Channel<typeof Work> | undefined;
    const away = component('away', {
      setup: ({ create, connect }) => {
        const old = create(Adder, stopped);
        channel = connect(old.provides.work, create(User).requires.work);
        channel.unplug('provided');
      },
    });
    rig.system.create(away).start();
    const plugIn = (check: () => string | undefined): void =>
      rig.system.reconfigure((tx) => tx.plug(channel!, tx.add(root, Adder, stopped, { name: 'next' }).provides.work), {
        check,
        done,
      });
    plugIn(() => 'not yet');
    rig.system.run();
    expect([channel!.state, channel!.waiting, rest, outcomes[0]?.ok]).toEqual(['unplugged', 1, [], false]);
    plugIn(() => undefined);
    rig.system.run();
    expect([channel!.state, channel!.waiting, rest, outcomes[1]?.ok]).toEqual(['open', 0, [5], true]);
  });

  test('does not remove what events wait for', () => {
    const { rig, office, emit, outcomes, done } = make();
    emit.add(1);
    rig.system.reconfigure((tx) => tx.remove(office), { done });
    expect(outcomes).toEqual([
      { ok: false, error: '1 events wait for root/office: let it be drained before it is removed' },
    ]);
  });
});
