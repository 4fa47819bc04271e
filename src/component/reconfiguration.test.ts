import { describe, expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import type { Result } from '../base/index.ts';
import {
  component,
  type Definition,
  event,
  type Handle,
  port,
  type Reconfigured,
  state,
  type Upgrade,
  upgrade,
} from './index.ts';

const Flow = port('flow', { requests: { put: event<number>() }, indications: { took: event<number>() } });

/** Passes numbers on, counts them, and acknowledges each. Its second version knows its count by another name. */
const StageV1 = component('stage-v1', {
  provides: { before: Flow },
  requires: { after: Flow },
  setup: ({ provides: { before }, requires: { after } }) => {
    let count = 0;
    before.on.put((number) => {
      count++;
      after.emit.put(number);
    });
    after.on.took((number) => before.emit.took(number));
    return state({ dump: () => count, load: (kept) => void (count = kept) });
  },
});

const StageV2 = component('stage-v2', {
  provides: { before: Flow },
  requires: { after: Flow },
  setup: ({ provides: { before }, requires: { after } }) => {
    let passed = { count: 0 };
    before.on.put((number) => {
      passed.count++;
      after.emit.put(number);
    });
    after.on.took((number) => before.emit.took(number));
    return state({ dump: () => ({ ...passed }), load: (kept) => void (passed = { ...kept }) });
  },
});

const Broken = component('broken', {
  provides: { before: Flow },
  requires: { after: Flow },
  setup: ({ provides: { before } }) => {
    before.on.put(() => {});
    throw new Error('it cannot be set up');
  },
});

const Sink = component('sink', {
  provides: { flow: Flow },
  setup: ({ provides: { flow } }, seen: number[]) =>
    flow.on.put((number) => {
      seen.push(number);
      flow.emit.took(number);
    }),
});

type None = Record<never, never>;
type AnyCounter = Handle<None, None, number>;
type AnyVersion = Definition<None, None, void, number>;

/** Four stages in a row before a sink, and what came out at either end. */
function pipeline() {
  const rig = new ComponentRig();
  const seen: number[] = [];
  const took: number[] = [];
  const made = rig.root((context) => {
    const stages = [0, 1, 2, 3].map((i) => context.create(StageV1, undefined, { name: `stage${i}` }));
    for (const [i, stage] of stages.slice(1).entries()) {
      context.connect(stage.provides.before, stages[i]!.requires.after);
    }
    const sink = context.create(Sink, seen);
    const last = context.connect(sink.provides.flow, stages[3]!.requires.after);
    const { on, emit } = context.attach(stages[0]!.provides.before);
    on.took((number) => took.push(number));
    return { stages, sink, last, context, put: emit.put };
  });
  return { ...made, rig, seen, took };
}

describe('a reconfiguration', () => {
  test('is undone whole where one step fails, and says why', () => {
    const { rig, stages, put, seen, took, last } = pipeline();
    const outcomes: Result<Reconfigured, string>[] = [];
    put(1);
    rig.system.reconfigure(
      (tx) => {
        tx.replace(stages[0]!, StageV2, { migrate: (count) => ({ count }) });
        tx.disconnect(last);
        tx.replace(stages[1]!, Broken);
      },
      { done: (outcome) => outcomes.push(outcome) },
    );
    put(2);
    rig.system.run();
    expect(outcomes).toEqual([{ ok: false, error: 'it cannot be set up' }]);
    expect([seen, took, last.state]).toEqual([[1, 2], [1, 2], 'open']);
  });

  test('is undone where the check refuses it, and after a dry run, which tells what it would do', () => {
    const { rig, stages, sink, last, put, seen } = pipeline();
    const outcomes: Result<Reconfigured, string>[] = [];
    const done = (outcome: Result<Reconfigured, string>): void => void outcomes.push(outcome);
    rig.system.reconfigure((tx) => tx.disconnect(last), { check: () => `${last.state}: the sink hears nobody`, done });
    const move = (tx: Parameters<Parameters<typeof rig.system.reconfigure>[0]>[0]): void => {
      tx.disconnect(last);
      tx.connect(sink.provides.flow, stages[3]!.requires.after);
    };
    rig.system.reconfigure(move, { dryRun: true, done });
    const path = 'root/sink.provides.flow -> root/stage3.requires.after';
    expect(outcomes).toEqual([
      { ok: false, error: 'unplugged: the sink hears nobody' },
      { ok: true, value: { steps: [`disconnect ${path}`, `connect ${path}`], pauseMs: 0 } },
    ]);
    expect(last.state).toBe('open');
    rig.system.reconfigure(move);
    expect(last.state).toBe('gone');
    put(1);
    rig.system.run();
    expect(seen).toEqual([1]);
  });

  test('stops the old one and starts the new one, and what referred to the old one is stale', () => {
    const rig = new ComponentRig();
    const story: string[] = [];
    const refs: (() => void)[] = [];
    const One = (word: string) =>
      component(word, {
        setup: ({ onStart, onStop, ref }) => {
          const told = ref(() => void story.push(`${word} is told`));
          refs.push(() => told.tell());
          onStart(() => void story.push(`${word} starts`));
          onStop(() => void story.push(`${word} stops`));
        },
      });
    const one = rig.root(({ create }) => create(One('old')));
    rig.system.reconfigure((tx) => tx.replace(one, One('new')));
    for (const tell of refs) tell();
    rig.system.run();
    expect(story).toEqual(['old starts', 'old stops', 'new starts', 'new is told']);
    one.stop();
    rig.system.reconfigure((tx) => tx.replace(one, One('third')));
    expect([story.slice(4), one.state]).toEqual([['new stops'], 'passive']);
  });

  test('knows how the state of another version is taken up, up and down a chain of upgrades', () => {
    const rig = new ComponentRig();
    const loaded: unknown[] = [];
    const Version = <S>(version: number, first: S, up?: Upgrade<unknown, S>) =>
      component('counter', {
        version,
        ...(up === undefined ? {} : { upgrade: up }),
        setup: () => state<S>({ dump: () => first, load: (kept) => void loaded.push(kept) }),
      });
    const one = Version(1, 7);
    const two = Version(2, 'eight', upgrade(one, String, Number));
    const three = Version(
      3,
      { word: 'nine' },
      upgrade(
        two,
        (word) => ({ word }),
        ({ word }) => word,
      ),
    );
    const four = Version(
      4,
      [1],
      upgrade(three, ({ word }) => [word.length]),
    );
    const handle = rig.root(({ create }) => create(one)) as AnyCounter;
    for (const next of [three, one, four, three])
      rig.system.reconfigure((tx) => tx.replace(handle, next as AnyVersion));
    expect(loaded).toEqual([{ word: '7' }, Number.NaN, [1], [1]]);
  });

  test('refuses what would lose events, or has other ports', () => {
    const { rig, stages } = pipeline();
    const outcomes: unknown[] = [];
    const done = (outcome: unknown): void => void outcomes.push(outcome);
    const root = rig.system.create(component('holder', { setup: ({ create }) => void create(Sink, []) }));
    rig.system.reconfigure((tx) => tx.replace(root, component('empty', { setup: () => {} })), { done });
    // @ts-expect-error: the ports differ
    rig.system.reconfigure((tx) => tx.replace(stages[0]!, Sink, { init: [] }), { done });
    // @ts-expect-error: nobody says how a count becomes an object
    rig.system.reconfigure((tx) => tx.replace(stages[0]!, StageV2), { done, dryRun: true });
    expect(outcomes.slice(0, 2)).toEqual([
      { ok: false, error: 'holder has children: let it be drained before it is replaced' },
      { ok: false, error: 'sink cannot stand for root/stage0: they differ in what it provides as before' },
    ]);
  });
});
