import { expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import type { Result } from '../base/index.ts';
import { attribute, type Change, component, event, type Packed, port, state, upgrade, wholeNumber } from './index.ts';

const Count = port('count', { requests: { add: event<number>() }, indications: { total: event<number>() } });
const shape = { provides: { count: Count }, attributes: { step: attribute(wholeNumber({ max: 9 }), 1) } };

const CounterV1 = component('counter', {
  ...shape,
  setup: ({ provides: { count }, attributes }) => {
    let total = 0;
    count.on.add((number) => count.emit.total((total += number * attributes.step)));
    return state({ dump: () => total, load: (kept) => void (total = kept) });
  },
});

const CounterV2 = component('counter', {
  version: 2,
  ...shape,
  upgrade: upgrade(CounterV1, (total) => ({ total })),
  setup: ({ provides: { count }, attributes }) => {
    let kept = { total: 0 };
    count.on.add((number) => {
      kept = { total: kept.total + number * attributes.step };
      count.emit.total(kept.total);
    });
    return state({ dump: () => kept, load: (from) => void (kept = from) });
  },
});

/** Stands where a component was that is somewhere else now, and hands on what is for it. */
const Envoy = component('envoy', {
  provides: { count: Count },
  setup: ({ provides: { count } }, send: (number: number) => void) => count.on.add(send),
});

/** A user and its counter in one system, and another system that has nothing yet. */
function make() {
  const here = new ComponentRig();
  const there = new ComponentRig();
  const totals: number[] = [];
  const User = component('user', {
    requires: { count: Count },
    setup: ({ requires: { count } }) => count.on.total((total) => totals.push(total)),
  });
  const { counter, add } = here.root((context) => {
    const counter = context.create(CounterV1);
    const user = context.create(User);
    context.connect(counter.provides.count, user.requires.count);
    return { counter, add: context.attach(counter.provides.count).emit.add };
  });
  there.root(() => {});
  const roots = [here, there].map(({ system }) => system.graph().roots[0]!.handle);
  const outcomes: Result<unknown, string>[] = [];
  const done = (outcome: Result<unknown, string>): void => void outcomes.push(outcome);
  return { here, there, counter, add, totals, roots, outcomes, done };
}

test('a component is packed at rest, sent as text, and goes on in another system in its next version', () => {
  const { here, there, counter, add, totals, roots, outcomes, done } = make();
  const sent: number[] = [];
  counter.attributes.step.set(3);
  add(1);
  let text = '';
  here.system.reconfigure(
    (tx) => {
      const envoy = tx.add(roots[0]!, Envoy, (number) => void sent.push(number));
      for (const channel of here.system.query('//counter/channel::*').all()) {
        if (channel.kind === 'channel') tx.plug(channel.channel, envoy.provides.count);
      }
      text = JSON.stringify(tx.pack(counter));
    },
    { drain: [counter], done },
  );
  add(2);
  here.system.run();
  here.system.run();
  expect([text, totals, sent, counter.state]).toEqual([
    '{"definition":"counter","version":"1","state":3,"attributes":{"step":3}}',
    [3],
    [2],
    'destroyed',
  ]);
  const heard: number[] = [];
  there.system.reconfigure(
    (tx) => tx.unpack(roots[1]!, CounterV2, JSON.parse(text) as Packed<number>, undefined, { name: 'moved' }),
    { done },
  );
  there.root(({ attach }) => {
    const { on, emit } = attach(there.system.query(CounterV2).first()!.provides.count);
    on.total((total) => heard.push(total));
    for (const number of sent) emit.add(number);
  });
  expect([heard, outcomes.map(({ ok }) => ok)]).toEqual([[9], [true, true]]);
  expect(there.system.chronicle[0]?.steps).toEqual(['add root/moved, counter 2', 'unpack counter 1 into root/moved']);
});

test('what cannot be packed or unpacked says why, and nothing is changed', () => {
  const { here, there, counter, roots, outcomes, done } = make();
  const packed: Packed<{ total: number }> = {
    ...{ definition: 'counter', version: '3', attributes: { step: 1, other: 2 }, state: { total: 1 } },
  };
  const unpackInto = (version: string, step: number): void =>
    there.system.reconfigure((tx) => tx.unpack(roots[1]!, CounterV2, { ...packed, version, attributes: { step } }), {
      done,
    });
  unpackInto('3', 1);
  unpackInto('2', 10);
  here.system.reconfigure((tx) => void tx.pack(here.system.query('//user').first()!.graph.roots[0]!.handle as never), {
    done,
  });
  const wrong = (tx: Change) =>
    // @ts-expect-error: a text is no state that a counter of version 2 takes up
    tx.unpack(roots[1]!, CounterV2, { ...packed, state: '' });
  expect(wrong).toBeTypeOf('function');
  expect(outcomes.map((outcome) => (outcome.ok ? '' : outcome.error))).toEqual([
    'no upgrade leads from counter 3 to counter 2',
    'root/counter@step: 10 is not a whole number up to 9',
    'root returned no state from its set-up: it cannot be packed',
  ]);
  expect([counter.state, there.system.graph().components.length]).toEqual(['active', 1]);
});
