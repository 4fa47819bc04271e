import { describe, expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import { component, event, type Fault, port, type Supervision, state, substitute } from './index.ts';

const Work = port('work', { requests: { add: event<number>() }, indications: { sum: event<string>() } });

/** Adds what it is told, and breaks at a negative number. Every number it keeps. */
const Adder = component('adder', {
  provides: { work: Work },
  setup: ({ provides: { work }, path, keepState }) => {
    let sum = 0;
    work.on.add((number) => {
      if (number < 0) throw new Error(`cannot add ${number}`);
      sum += number;
      keepState();
      work.emit.sum(`${path.split('/').at(-1)} ${sum}`);
    });
    return state({ dump: () => sum, load: (kept) => void (sum = kept) });
  },
});

/** Three adders side by side, each under the same rule, and what they say. */
function three(supervise: Supervision) {
  const rig = new ComponentRig();
  const said: string[] = [];
  const adders = rig.root((context) =>
    ['a', 'b', 'c'].map((name) => {
      const adder = context.create(Adder, undefined, { name, supervise });
      const { on, emit } = context.attach(adder.provides.work);
      on.sum((text) => said.push(text));
      return { emit, handle: adder };
    }),
  );
  const add = (index: number, ...numbers: number[]): void => {
    for (const number of numbers) adders[index]!.emit.add(number);
    rig.system.run();
  };
  return { rig, said, add, handles: adders.map(({ handle }) => handle) };
}

const often = { on: 'restart', restartsMax: 10, withinMs: 1000 } as const;

describe('a restart', () => {
  test('begins with nothing, or with what the component kept last', () => {
    const fresh = three(often);
    fresh.add(0, 5, -1, 2);
    expect(fresh.said).toEqual(['a 5', 'a 2']);
    const last = three({ ...often, state: 'last' });
    last.add(0, 5, -1, 2);
    expect(last.said).toEqual(['a 5', 'a 7']);
  });

  test('takes with it nobody, the younger siblings, or all', () => {
    const survivors = (scope: 'one-for-one' | 'rest-for-one' | 'one-for-all'): string[] => {
      const { said, add } = three({ ...often, scope });
      for (const index of [0, 1, 2]) add(index, 1);
      add(1, -1);
      said.length = 0;
      for (const index of [0, 1, 2]) add(index, 1);
      return said;
    };
    expect(survivors('one-for-one')).toEqual(['a 2', 'b 1', 'c 2']);
    expect(survivors('rest-for-one')).toEqual(['a 2', 'b 1', 'c 1']);
    expect(survivors('one-for-all')).toEqual(['a 1', 'b 1', 'c 1']);
  });

  test('waits longer each time, up to a limit, and what comes meanwhile waits too', () => {
    const { rig, said, add, handles } = three({ ...often, backoff: { firstMs: 10, factor: 3, waitMaxMs: 50 } });
    for (const waitMs of [10, 30, 50, 50]) {
      add(0, -1, 7);
      expect(handles[0]!.state).toBe('restarting');
      rig.advance(waitMs - 1);
      expect(said).toEqual([]);
      rig.advance(1);
      expect(said.splice(0)).toEqual(['a 7']);
    }
  });

  test('does not come for what was killed while it waited, nor start what was stopped', () => {
    const { rig, add, handles } = three({ ...often, backoff: { firstMs: 10, factor: 1, waitMaxMs: 10 } });
    add(0, -1);
    add(1, -1);
    handles[0]!.kill();
    handles[1]!.stop();
    handles[1]!.stop();
    rig.advance(10);
    expect(handles.map((handle) => handle.state)).toEqual(['destroyed', 'passive', 'active']);
    handles[1]!.start();
    expect(handles[1]!.state).toBe('active');
  });

  test('escalates when there are more in the window than may be, and is forgiven after it', () => {
    const { rig, add } = three({ on: 'restart', restartsMax: 2, withinMs: 100 });
    add(0, -1, -1);
    rig.advance(100);
    add(0, -1, -1);
    expect(rig.halts).toEqual([]);
    add(0, -1);
    expect(rig.halts).toHaveLength(1);
  });

  test('whose set-up fails escalates with the fault of the set-up', () => {
    const rig = new ComponentRig();
    let setUps = 0;
    const Once = component('once', {
      provides: { work: Work },
      setup: ({ provides: { work } }) => {
        if (++setUps > 1) throw new Error('only once');
        work.on.add(() => {
          throw new Error('broken');
        });
      },
    });
    const add = rig.root((context) => {
      const once = context.create(Once, undefined, { supervise: often });
      return context.attach(once.provides.work).emit.add;
    });
    add(1);
    rig.system.run();
    expect(rig.faults.map((fault) => `${fault.event}: ${String(fault.error)}`)).toEqual([
      'add: Error: broken',
      'setup: Error: only once',
    ]);
    expect(rig.system.halted?.event).toBe('setup');
  });
});

describe('a replacement by supervision', () => {
  const Careful = component('careful', {
    provides: { work: Work },
    setup: ({ provides: { work } }, word: string) => work.on.add((number) => work.emit.sum(`${word} ${number}`)),
  });

  test('puts a definition with the same ports in the place of what failed, and goes on with what waits', () => {
    const { said, add } = three({
      on: 'replace',
      with: substitute(Careful, 'careful'),
      restartsMax: 1,
      withinMs: 1000,
    });
    add(0, 5, -1, -2);
    expect(said).toEqual(['a 5', 'careful -2']);
  });

  test('by a definition with other ports fails, and says which', () => {
    const Other = component('other', { setup: () => {} });
    const { rig, add } = three({ on: 'replace', with: substitute(Other), restartsMax: 1, withinMs: 1000 });
    add(0, -1);
    expect(String(rig.halts[0]?.error)).toContain(
      'other cannot stand for root/a: they differ in what it provides as work',
    );
  });
});

describe('a fault', () => {
  test('keeps the event that failed, and ends the run as a value where nobody expected it', () => {
    const { rig, add, said } = three({ on: 'escalate' });
    add(0, 1, -5, 2);
    const { path, event: name, payload, error } = rig.system.halted as Fault;
    expect([path, name, payload, String(error)]).toEqual(['root/a', 'add', -5, 'Error: cannot add -5']);
    add(1, 1);
    // The run ended at once: not even the sum that was on its way arrived.
    expect([rig.halts, said]).toEqual([[rig.system.halted], []]);
  });

  test('that a composite passes over lets the child that escalated go on too', () => {
    const rig = new ComponentRig();
    const said: string[] = [];
    const Holder = component('holder', {
      provides: { work: Work },
      setup: (context) => void context.export(context.create(Adder).provides.work, 'work'),
    });
    const add = rig.root((context) => {
      const holder = context.create(Holder, undefined, { supervise: { on: 'resume' } });
      const { on, emit } = context.attach(holder.provides.work);
      on.sum((text) => said.push(text));
      return emit.add;
    });
    for (const number of [1, -1, 2]) add(number);
    rig.system.run();
    expect([said, rig.halts]).toEqual([['adder 1', 'adder 3'], []]);
  });
});
