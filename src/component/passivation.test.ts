import { describe, expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import { type Bytes, encode, Random, type Result, record, varint } from '../base/index.ts';
import {
  awakened,
  type Context,
  component,
  type Dormant,
  event,
  type Handle,
  type Outside,
  passivate,
  port,
  state,
} from './index.ts';

const Work = port('work', { requests: { add: event<number>() }, indications: { sum: event<number>() } });

const Adder = component('adder', {
  provides: { work: Work },
  setup: ({ provides: { work }, onStart }, started: string[]) => {
    let sum = 0;
    onStart(() => started.push(`started with ${sum}`));
    work.on.add((number) => {
      if (number < 0) throw new Error('negative');
      work.emit.sum((sum += number));
    });
    return state({ dump: () => ({ sum }), load: (kept) => void ({ sum } = kept) });
  },
});

const Source = component('source', {
  requires: { work: Work },
  setup: ({ requires: { work } }, tell: (add: (number: number) => void, heard: number[]) => void) => {
    const heard: number[] = [];
    work.on.sum((sum) => heard.push(sum));
    tell(work.emit.add, heard);
  },
});

const preserved = { schema: record({ sum: varint }), version: 3 };
type Outcome = Result<Dormant<{ readonly work: typeof Work }, Record<never, never>>, string>;

/** An adder and whoever speaks to it; `put` makes an adder anew from its bytes, in this system. */
function make() {
  const rig = new ComponentRig();
  const started: string[] = [];
  const outcomes: Outcome[] = [];
  const made: { adder: Handle<{ work: typeof Work }, object & Record<never, never>, { sum: number }> }[] = [];
  let add = (_number: number): void => {};
  let heard: number[] = [];
  const context: Context<Record<never, never>, Record<never, never>> = rig.root((here) => {
    const adder = here.create(Adder, started, { supervise: { on: 'restart', restartsMax: 9, withinMs: 1000 } });
    const source = here.create(Source, (itsAdd, itsHeard) => {
      add = itsAdd;
      heard = itsHeard;
    });
    here.connect(adder.provides.work, source.requires.work);
    made.push({ adder });
    return here;
  });
  const { adder } = made[0]!;
  const rest = (): void => passivate(adder, preserved, (outcome) => outcomes.push(outcome));
  const put = (packet: Bytes, name = 'again') => {
    const definition = awakened(Adder, packet, preserved);
    if (!definition.ok) throw new Error(definition.error);
    return context.create(definition.value, started, { name });
  };
  return { rig, started, outcomes, adder, add, heard, rest, put };
}

function dormant(outcome: Outcome | undefined) {
  if (outcome?.ok !== true) throw new Error(outcome?.error ?? 'nothing came of it');
  return outcome.value;
}

describe('a component that is brought to rest', () => {
  test('handles what is on the way, and goes on with its state and with what came meanwhile', () => {
    const { rig, started, outcomes, adder, add, heard, rest, put } = make();
    add(1);
    rest();
    add(2);
    rig.system.run();
    expect([adder.state, outcomes.length]).toEqual(['destroyed', 1]);
    add(3);
    rig.system.run();
    expect(heard).toEqual([]);
    const { bytes, moor } = dormant(outcomes[0]);
    moor(put(bytes));
    add(4);
    rig.system.run();
    expect(started).toEqual(['started with 0', 'started with 1']);
    expect(heard).toEqual([1, 3, 6, 10]);
    expect(rig.faults).toEqual([]);
  });

  test('and awakened 300 times under load loses nothing, doubles nothing and keeps the order', () => {
    const { rig, adder, add, heard, put } = make();
    const random = new Random(7);
    let [now, added] = [adder, 0];
    for (let i = 0; i < 300; i++) {
      const outcomes: Outcome[] = [];
      const load = (): void => {
        for (let n = random.below(4); n > 0; n--) add(++added);
      };
      load();
      passivate(now, preserved, (outcome) => outcomes.push(outcome));
      load();
      rig.system.run();
      load();
      const { bytes, moor } = dormant(outcomes[0]);
      now = put(bytes, `again${i}`);
      moor(now);
      load();
      if (random.below(2) === 0) rig.system.run();
    }
    rig.system.run();
    expect(added).toBeGreaterThan(1000);
    expect(heard).toEqual(Array.from({ length: added }, (_, i) => ((i + 1) * (i + 2)) / 2));
  });

  test('goes on in another system, as its bytes alone', () => {
    const one = make();
    one.add(5);
    one.rest();
    one.rig.system.run();
    const { bytes } = dormant(one.outcomes[0]);
    const other = make();
    const heard: number[] = [];
    const again = awakened(Adder, bytes, preserved);
    if (!again.ok) throw new Error(again.error);
    const add = other.rig.root((context) => {
      const { on, emit } = context.attach(context.create(again.value, []).provides.work as Outside<typeof Work, '+'>);
      on.sum((sum) => heard.push(sum));
      return emit.add;
    });
    add(1);
    other.rig.system.run();
    expect(heard).toEqual([6]);
  });

  test('begins afresh if it is restarted after it was awakened', () => {
    const { rig, outcomes, add, heard, rest, started } = make();
    add(7);
    rest();
    rig.system.run();
    const { bytes, moor } = dormant(outcomes[0]);
    const again = awakened(Adder, bytes, preserved);
    if (!again.ok) throw new Error(again.error);
    const supervise = { on: 'restart', restartsMax: 9, withinMs: 1000 } as const;
    rig.root((context) => moor(context.create(again.value, started, { supervise })));
    for (const number of [-1, 2]) add(number);
    rig.system.run();
    expect(heard).toEqual([7, 2]);
  });

  test('goes on as if nothing had been where it fails before it came to rest', () => {
    const { rig, outcomes, add, heard, rest } = make();
    add(1);
    add(-1);
    rest();
    add(2);
    rig.system.run();
    expect(outcomes).toEqual([{ ok: false, error: 'root/adder was restarted or killed before it came to rest' }]);
    rig.system.run();
    expect(heard).toEqual([1, 2]);
  });
});

describe('cannot be', () => {
  const rig = new ComponentRig();
  const Stateless = component('stateless', { setup: () => {} });
  const Owner = component('owner', {
    setup: (context) => {
      context.create(Stateless);
      return state({ dump: () => ({ sum: 0 }), load: () => {} });
    },
  });

  test.each([
    ['what has no state', Stateless, 'root/stateless gives out no state'],
    ['what has children', Owner, 'root/owner has children: they would be lost'],
  ])('brought to rest: %s', (_what, definition, words) => {
    const outcomes: unknown[] = [];
    const handle = rig.root((context) => context.create(definition as typeof Owner));
    passivate(handle, preserved, (outcome) => outcomes.push(outcome));
    expect(outcomes).toEqual([{ ok: false, error: words }]);
  });

  test('brought to rest: what does not run', () => {
    const { adder, rest, outcomes } = make();
    adder.stop();
    rest();
    expect(outcomes).toEqual([{ ok: false, error: 'root/adder is passive: only what runs can be brought to rest' }]);
  });

  test('awakened: what is of another definition, of another version, or no such bytes', () => {
    const { rig: here, outcomes, rest } = make();
    rest();
    here.system.run();
    const { bytes } = dormant(outcomes[0]);
    expect(awakened(Adder, bytes, { ...preserved, version: 4 })).toEqual({
      ok: false,
      error: 'this is the state of adder in version 3, and not in 4',
    });
    expect(awakened({ ...Adder, name: 'other' }, bytes, preserved)).toEqual({
      ok: false,
      error: 'this is a adder, and no other',
    });
    expect(awakened(Adder, encode(varint, 7), preserved).ok).toBe(false);
  });
});
