import { expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import {
  attribute,
  component,
  oneOf,
  realNumber,
  shortText,
  substitute,
  truth,
  valueType,
  wholeNumber,
} from './index.ts';

const Store = component('store', {
  attributes: { max: attribute(wholeNumber({ min: 1, max: 100 }), 10), mode: attribute(oneOf('slow', 'fast'), 'slow') },
  setup: ({ attributes, onAttribute, ref }, story: unknown[]) => {
    onAttribute('max', (max) => {
      if (max === 13) throw new Error('13 is too much');
      story.push(max);
    });
    const hurry = ref(() => {
      attributes.mode = 'fast';
      story.push(attributes.max + 1);
    });
    story.push(hurry);
  },
});

/** A store, and what it said after the reference that makes it hurry. */
function make() {
  const rig = new ComponentRig();
  const story: unknown[] = [];
  const store = rig.root(({ create }) =>
    create(Store, story, { supervise: { on: 'restart', restartsMax: 1, withinMs: 1 } }),
  );
  const [hurry] = story.splice(0) as { tell: () => void }[];
  return { rig, story, store, hurry: hurry! };
}

test('an attribute is read and set from outside, and the component hears of it when its turn comes', () => {
  const { rig, story, store } = make();
  const { max } = store.attributes;
  expect([max.path, max.get()]).toEqual(['root/store@max', 10]);
  expect(max.set(20)).toEqual({ ok: true, value: 20 });
  expect([max.get(), story]).toEqual([20, []]);
  max.set(20);
  rig.system.run();
  expect(story).toEqual([20]);
});

test('a value that the type does not have is refused in words, and nothing changes', () => {
  const { store } = make();
  const { max, mode } = store.attributes;
  expect(max.set(101)).toEqual({ ok: false, error: 'root/store@max: 101 is not a whole number from 1 to 100' });
  // @ts-expect-error: there is no such word
  expect(mode.set('asleep')).toEqual({ ok: false, error: "root/store@mode: 'asleep' is not one of slow, fast" });
  expect([max.get(), mode.get()]).toEqual([10, 'slow']);
  store.kill();
  expect(max.set(11)).toEqual({ ok: false, error: 'root/store@max is of a component that was killed' });
});

test('the component assigns its own, and whoever watches is told each other value', () => {
  const { rig, store, story, hurry } = make();
  const told: unknown[] = [];
  const end = store.attributes.mode.watch({ tell: (mode) => told.push(mode) });
  hurry.tell();
  rig.system.run();
  hurry.tell();
  rig.system.run();
  end();
  store.attributes.mode.set('slow');
  expect([told, story]).toEqual([['fast'], [11, 11]]);
});

test('what it assigns wrongly is its own fault', () => {
  const rig = new ComponentRig();
  const Wrong = component('wrong', {
    attributes: { share: attribute(realNumber({ max: 1 }), 0.5) },
    setup: ({ attributes, onStart }) =>
      onStart(() => {
        attributes.share = 2;
      }),
  });
  rig.root(({ create }) => create(Wrong));
  expect(String(rig.halts[0]?.error)).toContain('root/wrong@share: 2 is not a number up to 1');
});

test('a restart keeps what was set and who watches from outside; a substitute keeps what it accepts', () => {
  const { rig, store, story } = make();
  const told: unknown[] = [];
  store.attributes.max.watch({ tell: (max) => told.push(max) });
  store.attributes.max.set(13);
  rig.system.run();
  expect(rig.faults.map(({ path, event, payload }) => [path, event, payload])).toEqual([['root/store', 'ref', 13]]);
  story.length = 0;
  store.attributes.max.set(14);
  rig.system.run();
  expect([store.attributes.max.get(), told, story]).toEqual([14, [13, 14], [14]]);

  const other = new ComponentRig();
  const Small = component('small', {
    attributes: { max: attribute(wholeNumber({ max: 5 }), 1), mode: attribute(shortText(9), 'new') },
    setup: ({ attributes, onStart }) => onStart(() => story.push({ ...[attributes.max, attributes.mode] })),
  });
  const Breaks = component('breaks', {
    attributes: Store.attributes,
    setup: ({ onAttribute }) =>
      onAttribute('mode', () => {
        throw new Error('broken');
      }),
  });
  story.length = 0;
  const one = other.root(({ create }) =>
    create(Breaks, undefined, {
      supervise: { on: 'replace', with: substitute(Small), restartsMax: 1, withinMs: 1 },
    }),
  );
  one.attributes.max.set(50);
  one.attributes.mode.set('fast');
  other.system.run();
  expect(story).toEqual([{ 0: 1, 1: 'fast' }]);
});

test('an attribute cannot begin with a value that it may not have, and types can be declared by a test', () => {
  const even = valueType('an even number', (value): value is number => Number(value) % 2 === 0);
  expect(attribute(even, 2).type.accept({})).toEqual({ ok: false, error: 'an object is not an even number' });
  expect(() => attribute(even, 3)).toThrow('no attribute begins so: 3 is not an even number');
  // @ts-expect-error: a truth value is no number
  expect(() => attribute(truth, 1)).toThrow('1 is not true or false');
  expect(shortText(3).accept('four')).toEqual({ ok: false, error: "'four' is not a text of at most 3 characters" });
  expect(wholeNumber().accept(1.5)).toEqual({ ok: false, error: '1.5 is not a whole number' });
});
