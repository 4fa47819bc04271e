import { describe, expect, test } from 'vitest';
import { ComponentRig } from '../../../test/componentRig.ts';
import { type Context, component, event, port, type Supervision } from '../index.ts';
import { parkedEventsMax } from '../limits.ts';
import { exclusive, interleaved, type Undertaking } from './index.ts';

const Work = port('work', {
  requests: { fetch: event<string>(), look: event<string>() },
  indications: { fetched: event<string>(), looked: event<string>() },
});

interface Pending {
  readonly word: string;
  readonly undertaking: Undertaking | undefined;
  readonly resolve: (result: string) => void;
  readonly reject: (error: Error) => void;
}

type MakeHandler = (
  context: Context<{ readonly work: typeof Work }, Record<never, never>>,
  fetch: (word: string, undertaking?: Undertaking) => Promise<string>,
) => (word: string) => void;

const alone: MakeHandler = (context, fetch) =>
  exclusive(context, fetch, (result, word) => context.provides.work.emit.fetched(`${word}: ${result}`));

/** A worker whose promises the test settles, and what is heard of it. */
function make(makeHandler: MakeHandler = alone, supervise: Supervision = { on: 'resume' }) {
  const rig = new ComponentRig();
  const heard: string[] = [];
  const pending: Pending[] = [];
  const fetch = (word: string, undertaking?: Undertaking): Promise<string> => {
    if (word === 'throw') throw new Error('no promise at all');
    return new Promise((resolve, reject) => pending.push({ word, undertaking, resolve, reject }));
  };
  const Worker = component('worker', {
    provides: { work: Work },
    setup: (context) => {
      const { work } = context.provides;
      work.on.fetch(makeHandler(context, fetch));
      work.on.look((word) => {
        work.emit.looked(word);
        context.atTurnEnd(() => heard.push('turn end'));
      });
    },
  });
  const { handle, emit } = rig.root((context) => {
    const worker = context.create(Worker, undefined, { supervise });
    const attached = context.attach(worker.provides.work);
    attached.on.fetched((text) => heard.push(text));
    attached.on.looked((text) => heard.push(`looked ${text}`));
    return { handle: worker, emit: attached.emit };
  });
  /** Lets promises settle, and the system handle what they lead to. */
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 4; i++) {
      await Promise.resolve();
      rig.system.run();
    }
  };
  return { rig, heard, pending, handle, emit, settle };
}

const restarts = { on: 'restart', restartsMax: 9, withinMs: 1000 } as const;

describe('an exclusive handler', () => {
  test('lets all other events wait for its promise, and then come in their order', async () => {
    const { rig, heard, pending, emit, settle } = make();
    emit.fetch('a');
    emit.look('1');
    emit.fetch('b');
    rig.system.run();
    emit.look('2');
    await settle();
    expect([heard, pending.length]).toEqual([[], 1]);
    pending[0]!.resolve('done');
    await settle();
    expect([heard, pending.length]).toEqual([['a: done', 'looked 1'], 2]);
    pending[1]!.resolve('done');
    await settle();
    expect(heard.filter((text) => text !== 'turn end')).toEqual(['a: done', 'looked 1', 'b: done', 'looked 2']);
    expect(heard).toHaveLength(6);
  });

  test('whose promise is rejected, or that never made one, is a fault at its event', async () => {
    const { rig, heard, pending, emit, settle } = make();
    emit.fetch('a');
    emit.fetch('throw');
    emit.look('1');
    rig.system.run();
    pending[0]!.reject(new Error('refused'));
    await settle();
    expect(rig.faults.map(({ path, payload, error }) => `${path} ${payload} ${(error as Error).message}`)).toEqual([
      'root/worker a refused',
      'root/worker throw no promise at all',
    ]);
    expect(heard[0]).toBe('looked 1');
  });

  test('that takes too long is a fault, and its result is dropped', async () => {
    const slow: MakeHandler = (context, fetch) =>
      exclusive(context, fetch, (result) => context.provides.work.emit.fetched(result), { withinMs: 50 });
    const { rig, heard, pending, emit, settle } = make(slow);
    emit.fetch('a');
    emit.look('1');
    rig.system.run();
    rig.advance(50);
    expect(String(rig.faults[0]?.error)).toContain('root/worker is with fetch for more than 50 ms');
    pending[0]!.resolve('late');
    await settle();
    expect(heard).toEqual(['looked 1', 'turn end']);
  });

  test('of a component that is restarted meanwhile is told so, and its result dropped', async () => {
    const { rig, heard, pending, emit, settle } = make(alone, restarts);
    const dismissed: string[] = [];
    emit.fetch('old');
    rig.system.run();
    pending[0]!.undertaking!.onDismissed(() => dismissed.push('old'));
    // Too much waits: that is a fault, and the restart goes on with what waits.
    for (let i = 0; i <= parkedEventsMax; i++) emit.look('x');
    rig.system.run();
    expect(String(rig.faults[0]?.error)).toContain(`${parkedEventsMax} events wait for it already`);
    expect([dismissed, pending[0]!.undertaking!.isOver]).toEqual([['old'], true]);
    pending[0]!.resolve('stale');
    await settle();
    expect(heard.filter((text) => text === 'looked x')).toHaveLength(parkedEventsMax);
    expect(heard).not.toContain('old: stale');
  });

  test('of a component that is stopped ends when it runs again; of one that was killed never', async () => {
    const { rig, heard, pending, emit, settle, handle } = make();
    emit.fetch('a');
    emit.look('1');
    rig.system.run();
    handle.stop();
    pending[0]!.resolve('done');
    await settle();
    expect(heard).toEqual([]);
    handle.start();
    await settle();
    expect(heard).toEqual(['a: done', 'looked 1', 'turn end']);
    emit.fetch('b');
    rig.system.run();
    handle.kill();
    pending[1]!.resolve('done');
    await settle();
    expect(heard).toHaveLength(3);
    expect(rig.faults).toEqual([]);
  });
});

describe('an interleaved handler', () => {
  const both: MakeHandler = (context, fetch) =>
    interleaved(context, fetch, (result, word) => context.provides.work.emit.fetched(`${word}: ${result}`), {
      underWayMax: 2,
    });

  test('lets others be handled, and hears results as they come', async () => {
    const { rig, heard, pending, emit, settle } = make(both);
    emit.fetch('a');
    emit.look('1');
    await settle();
    expect(heard).toEqual(['looked 1', 'turn end']);
    emit.fetch('b');
    await settle();
    emit.look('2');
    emit.fetch('c');
    await settle();
    expect([heard.length, pending.length]).toEqual([2, 2]);
    pending[1]!.resolve('second');
    await settle();
    pending[0]!.reject(new Error('refused'));
    await settle();
    expect(heard.slice(2)).toEqual(['looked 2', 'turn end', 'b: second']);
    expect(rig.faults.map(({ error }) => String(error))).toEqual(['Error: refused']);
    expect(pending).toHaveLength(3);
  });
});

test('what waited for a component is handled before what came after it was started', () => {
  const { rig, heard, emit, handle } = make();
  handle.stop();
  emit.look('1');
  rig.system.run();
  emit.look('2');
  handle.start();
  emit.look('3');
  rig.system.run();
  expect(heard.filter((text) => text !== 'turn end')).toEqual(['looked 1', 'looked 2', 'looked 3']);
});
