import { describe, expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import { ask, type Correlated, component, event, port, state, type Unanswered } from './index.ts';
import { check } from './testing/index.ts';

const Store = port('store', {
  requests: { get: event<{ key: string } & Correlated>() },
  indications: { value: event<{ value: string } & Correlated>() },
});

type Answering = 'at once' | 'never' | 'twice' | 'by hand';

/** A store that answers as it is told, and so many askers, each of which notes what it hears. */
function make(answering: Answering, { askers = 1 } = {}) {
  const rig = new ComponentRig();
  const heard: string[] = [];
  const answerAll: (() => void)[] = [];
  const Answerer = component('answerer', {
    provides: { store: Store },
    setup: ({ provides: { store } }) =>
      store.on.get(({ key, correlation }) => {
        const answer = (): void => store.emit.value({ correlation, value: `${key}!` });
        if (answering === 'by hand') answerAll.push(answer);
        for (let i = 0; i < { 'at once': 1, never: 0, twice: 2, 'by hand': 0 }[answering]; i++) answer();
      }),
  });
  const gets: ((key: string) => void)[] = [];
  const counts: { readonly open: number; readonly late: number }[] = [];
  const Asker = component('asker', {
    requires: { store: Store },
    setup: ({ requires: { store } }, index: number) => {
      const get = ask(store, 'get', 'value', { timeoutMs: 50 });
      counts[index] = get;
      gets[index] = (key) =>
        get({ key }, (outcome) => {
          if (key === 'break') throw new Error('broken');
          heard.push(`${index} ${key}: ${outcome.ok ? outcome.value.value : words(outcome.error)}`);
        });
    },
  });
  const handles = rig.root(({ create, connect }) => {
    const answerer = create(Answerer);
    return Array.from({ length: askers }, (_, i) => {
      const supervise = { on: 'restart', restartsMax: 9, withinMs: 1000 } as const;
      const asker = create(Asker, i, { name: `asker${i}`, supervise });
      connect(answerer.provides.store, asker.requires.store);
      return asker;
    });
  });
  const get = (...keys: string[]): void => {
    for (const key of keys) gets[0]!(key);
    rig.system.run();
  };
  const answer = (): void => {
    for (const one of answerAll.splice(0)) one();
    rig.system.run();
  };
  return { rig, heard, get, gets, counts, answer, handles };
}

const User = port('user', { requests: { ask: event<string>() }, indications: { heard: event<string>() } });

/** Asks what its user asks, and says what became of it. */
const Alone = component('alone', {
  provides: { user: User },
  requires: { store: Store },
  setup: ({ provides: { user }, requires: { store } }, init: { openMax?: number }) => {
    const get = ask(store, 'get', 'value', { timeoutMs: 50, ...init });
    user.on.ask((key) =>
      get({ key }, (outcome) => user.emit.heard(`${key}: ${outcome.ok ? outcome.value.value : words(outcome.error)}`)),
    );
    return state({ dump: () => ({ open: get.open, late: get.late }), load: () => {} });
  },
});

function words(error: Unanswered): string {
  return error.kind === 'timeout' ? `nothing in ${error.waitedMs} ms` : `refused behind ${error.open}`;
}

describe('asking', () => {
  test('whoever asked hears the answer, and nobody else, though all are told', () => {
    const { rig, heard, gets, counts } = make('at once', { askers: 3 });
    gets[2]!('a');
    gets[0]!('b');
    rig.system.run();
    expect(heard).toEqual(['2 a: a!', '0 b: b!']);
    expect(counts.map(({ open, late }) => [open, late])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  test('a question without an answer ends in its time, each in its own, and an answer after it is late', () => {
    check(Alone, { init: {} }, ({ provides: { user }, requires: { store }, wait, quiet, inspect }) => {
      const asked: Correlated[] = [];
      const note = (one: Correlated): boolean => asked.push(one) > 0;
      user.trigger.ask('a');
      store.expect.get(note);
      wait(30);
      user.trigger.ask('b');
      store.expect.get(note);
      quiet(19);
      wait(1);
      user.expect.heard('a: nothing in 50 ms');
      store.trigger.value(() => ({ ...asked[0]!, value: 'too late' }));
      store.trigger.value(() => ({ ...asked[1]!, value: 'b!' }));
      user.expect.heard('b: b!');
      inspect(({ open, late }) => open === 0 && late === 1);
      quiet(1000);
    });
  });

  test('the clock watches the next question too, once it has watched one', () => {
    check(Alone, { init: {} }, ({ provides: { user }, requires: { store }, quiet, within }) => {
      store.allow.get();
      for (const key of ['a', 'b']) {
        user.trigger.ask(key);
        within(50, () => user.expect.heard(`${key}: nothing in 50 ms`));
        quiet(100);
      }
    });
  });

  test('of two answers the first is heard and the second counted', () => {
    const { heard, get, counts } = make('twice');
    get('a');
    expect(heard).toEqual(['0 a: a!']);
    expect(counts[0]!.late).toBe(1);
  });

  test('where too many are open one more is refused, like any outcome, and asked nobody', () => {
    check(Alone, { init: { openMax: 2 } }, ({ provides: { user }, requires: { store }, repeat }) => {
      for (const key of ['a', 'b', 'c']) user.trigger.ask(key);
      repeat(2, () => store.expect.get(({ key }) => key !== 'c'));
      user.expect.heard('c: refused behind 2');
      user.expect.heard('a: nothing in 50 ms');
      user.expect.heard('b: nothing in 50 ms');
      user.trigger.ask('d');
      store.answer.get('value', ({ correlation }) => ({ correlation, value: 'd!' }));
      user.expect.heard('d: d!');
    });
  });
});

describe('an asker', () => {
  test('that was set up anew hears nothing of what it asked before, neither answers nor time-outs', () => {
    const { rig, heard, get, answer } = make('by hand');
    get('old', 'break');
    rig.advance(10);
    answer();
    expect(rig.faults.map(({ path, event: name }) => `${path} ${name}`)).toEqual(['root/asker0 value']);
    expect(heard).toEqual(['0 old: old!']);
    get('lost', 'break');
    rig.advance(50);
    expect(rig.faults).toHaveLength(2);
    get('new');
    answer();
    rig.advance(100);
    expect(heard).toEqual(['0 old: old!', '0 lost: nothing in 50 ms', '0 new: new!']);
  });

  test('that is stopped hears what became of its questions when it runs again', () => {
    const { rig, heard, get, handles } = make('never');
    get('a');
    handles[0]!.stop();
    rig.advance(100);
    expect(heard).toEqual([]);
    handles[0]!.start();
    rig.system.run();
    expect(heard).toEqual(['0 a: nothing in 50 ms']);
  });

  test('that was killed hears nothing', () => {
    const { rig, heard, get, handles, answer } = make('by hand');
    get('a');
    handles[0]!.kill();
    answer();
    rig.advance(100);
    expect([heard, rig.faults]).toEqual([[], []]);
  });
});
