import { expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import { Random, type Result } from '../base/index.ts';
import {
  type AnyHandle,
  attribute,
  type Change,
  type Channel,
  component,
  event,
  type Handle,
  port,
  type ReconfigureOptions,
  state,
  upgrade,
  wholeNumber,
} from './index.ts';

const Flow = port('flow', { requests: { put: event<number>() }, indications: { took: event<number>() } });
const ports = { provides: { before: Flow }, requires: { after: Flow } };
const attributes = { mark: attribute(wholeNumber({ max: 9 }), 0) };

/** Passes numbers on, counts them, and acknowledges each. Its second version knows its count by another name. */
const StageV1 = component('stage', {
  ...ports,
  attributes,
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

const StageV2 = component('stage', {
  version: 2,
  ...ports,
  attributes,
  upgrade: upgrade(
    StageV1,
    (count) => ({ count }),
    ({ count }) => count,
  ),
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

/** A version that fails where it is set up, or where it takes the state. */
const Broken = (isAtLoad: boolean) =>
  component('broken', {
    ...ports,
    attributes,
    setup: ({ provides: { before } }) => {
      before.emit.took(-1);
      if (!isAtLoad) throw new Error('it cannot be set up');
      return state({
        dump: () => 0,
        load: () => {
          throw new Error('it cannot load');
        },
      });
    },
  });

const Sink = component('sink', {
  provides: { before: Flow },
  setup: ({ provides: { before } }, seen: number[]) =>
    before.on.put((number) => {
      seen.push(number);
      before.emit.took(number);
    }),
});

/** Hears what the sink says. */
const Tap = component('tap', {
  requires: { flow: Flow },
  setup: ({ requires: { flow } }, heard: number[]) => flow.on.took((number) => heard.push(number)),
});

type Stage = Handle<typeof ports.provides, typeof ports.requires, number, typeof attributes>;
/** A place in the row, and the channel that joins it to the place before. */
interface Place {
  readonly handle: Pick<Stage, 'provides' | 'path'>;
  readonly stage: Stage | undefined;
  isV1: boolean;
  up: Channel<typeof Flow> | undefined;
}

type Then = (isDone: boolean) => void;

/** A row of stages before a sink, with taps at the sink, that is changed at random under load. */
class Row {
  readonly rig = new ComponentRig();
  readonly random: Random;
  readonly seen: number[] = [];
  readonly took: number[] = [];
  readonly taps: { handle: Handle<Record<never, never>, { flow: typeof Flow }>; heard: number[] }[] = [];
  readonly stories: number[][] = [];
  readonly tally = { replaced: 0, refused: 0, inserted: 0, takenOut: 0, untapped: 0, set: 0 };
  readonly surprises: string[] = [];
  readonly put: (number: number) => void;
  readonly places: Place[];
  readonly #root: AnyHandle;
  #names = 0;
  /** One change of the row at a time: another would be planned over a row that is about to be different. */
  #isChanging = false;

  constructor(seed: number) {
    this.random = new Random(seed);
    const made = this.rig.root((context) => {
      const stages = [0, 1, 2].map((i) => context.create(StageV1, undefined, { name: `stage${i}` }));
      const places = [...stages, context.create(Sink, this.seen)].map((handle, i): Place => {
        const up = i === 0 ? undefined : context.connect(handle.provides.before, stages[i - 1]!.requires.after);
        return { handle, stage: stages[i], isV1: true, up };
      });
      const { on, emit } = context.attach(stages[0]!.provides.before);
      on.took((number) => this.took.push(number));
      return { places, put: emit.put };
    });
    this.places = made.places;
    this.put = made.put;
    this.#root = this.rig.system.graph().roots[0]!.handle;
  }

  get #someStage(): Place {
    return this.places[this.random.below(this.places.length - 1)]!;
  }

  /** Makes a change; one in four goes wrong at its end, and must leave nothing behind. */
  #change(make: (tx: Change) => void, then: Then, options: ReconfigureOptions = {}): void {
    const fails = this.random.below(4) === 0;
    const how = this.random.below(4);
    const victim = this.#someStage.stage!;
    const fail = (tx: Change): void => {
      if (how === 0) tx.set(victim.attributes.mark, 10);
      if (how === 1) tx.replace(victim, Broken(false), { migrate: Number });
      if (how === 2) tx.replace(victim, Broken(true), { migrate: Number });
    };
    const check: ReconfigureOptions['check'] = (planned) => {
      if (fails && how === 3 && planned.path('//sink[count(channel::*) > 99]').length === 0) return 'not so';
      return planned.path('//stage/requires::*[not(isConnected)]')[0]?.path;
    };
    const done = (outcome: Result<unknown, string>): void => {
      if (outcome.ok === fails) this.surprises.push(outcome.ok ? 'it was not refused' : outcome.error);
      if (!outcome.ok) this.tally.refused++;
      then(outcome.ok);
    };
    const all = (tx: Change): void => {
      make(tx);
      if (fails) fail(tx);
    };
    this.rig.system.reconfigure(all, { check, ...options, done });
  }

  /** Replaces a stage by the other version, which always succeeds. */
  replace(): void {
    const place = this.#someStage;
    const done = (outcome: Result<unknown, string>): void => {
      if (!outcome.ok) this.surprises.push(outcome.error);
      place.isV1 = !place.isV1;
      this.tally.replaced++;
    };
    const make = (tx: Change): void => {
      if (place.isV1) tx.replace(place.stage!, StageV2);
      else tx.replace(place.stage!, StageV1);
    };
    this.rig.system.reconfigure(make, { done });
  }

  set(): void {
    const { mark } = this.#someStage.stage!.attributes;
    const [before, value] = [mark.get(), this.random.below(10)];
    const then: Then = (isDone) => {
      if (mark.get() !== (isDone ? value : before)) this.surprises.push(`${mark.path} is ${mark.get()}`);
      this.tally.set++;
    };
    this.#change((tx) => tx.set(mark, value), then);
  }

  tap(): void {
    const heard: number[] = [];
    let handle: (typeof this.taps)[number]['handle'];
    const make = (tx: Change): void => {
      handle = tx.add(this.#root, Tap, heard, { name: `tap${this.#names++}` });
      tx.connect(this.places.at(-1)!.handle.provides.before, handle.requires.flow);
    };
    this.#change(make, (isDone) => void (isDone && this.taps.push({ handle, heard })));
  }

  untap(): void {
    const [tap] = this.taps.splice(this.random.below(Math.max(1, this.taps.length)), 1);
    if (tap === undefined) return;
    const then: Then = (isDone) => {
      if (isDone) this.stories.push(tap.heard);
      else this.taps.push(tap);
      this.tally.untapped++;
    };
    this.#change((tx) => tx.remove(tap.handle), then, { drain: [tap.handle] });
  }

  /** Puts a new stage before a place. */
  insert(): void {
    const at = 1 + this.random.below(this.places.length - 1);
    const next = this.places[at]!;
    if (this.#isChanging || this.places.length > 8) return;
    let made: { stage: Stage; channel: Channel<typeof Flow> };
    const make = (tx: Change): void => {
      const stage = tx.add(this.#root, StageV1, undefined, { name: `stage-${this.#names++}` });
      tx.plug(next.up!, stage.provides.before);
      made = { stage, channel: tx.connect(next.handle.provides.before, stage.requires.after) };
    };
    this.#change(make, (isDone) => {
      if (!isDone) return;
      this.places.splice(at, 0, { handle: made.stage, stage: made.stage, isV1: true, up: next.up });
      next.up = made.channel;
      this.tally.inserted++;
    });
  }

  /** Takes a stage out: it comes to rest first, and its two channels become one. */
  takeOut(): void {
    const at = 1 + this.random.below(this.places.length - 2);
    const [place, next] = [this.places[at]!, this.places[at + 1]!];
    if (this.#isChanging || this.places.length < 4) return;
    this.#isChanging = true;
    const make = (tx: Change): void => {
      tx.plug(place.up!, next.handle.provides.before);
      tx.disconnect(next.up!, { into: place.up! });
      tx.remove(place.stage!);
    };
    const then: Then = (isDone) => {
      this.#isChanging = false;
      if (!isDone) return;
      next.up = place.up;
      this.places.splice(this.places.indexOf(place), 1);
      this.tally.takenOut++;
    };
    this.#change(make, then, { drain: [place.stage!] });
  }
}

test('5,000 replacements amid random other changes under load: nothing lost, nothing doubled, the order kept', () => {
  const row = new Row(20261123);
  const { system } = row.rig;
  const acts = [() => row.set(), () => row.tap(), () => row.untap(), () => row.insert(), () => row.takeOut()];
  let sent = 0;
  const round = (): void => {
    row.replace();
    acts[row.random.below(acts.length)]!();
  };
  const fromWithin: { tell: () => void } = row.rig.root(({ ref }) => ref(round));
  for (let i = 0; i < 5000; i++) {
    for (let burst = row.random.below(8); burst > 0; burst--) row.put(sent++);
    // Before the turn, in its midst from a handler, or after it; some rounds leave events for the next.
    const moment = row.random.below(3);
    if (moment === 0) fromWithin.tell();
    else round();
    if (moment < 2) system.run();
  }
  while (row.taps.length > 0) {
    row.untap();
    system.run();
  }
  system.run();
  const all = Array.from({ length: sent }, (_, i) => i);
  expect(row.surprises).toEqual([]);
  expect(row.seen).toEqual(all);
  expect(row.took).toEqual(all);
  for (const heard of row.stories) expect(heard).toEqual(all.slice(heard[0] ?? 0, (heard.at(-1) ?? -1) + 1));
  expect(row.rig.faults).toEqual([]);
  expect(row.tally.replaced).toBe(5000);
  for (const count of Object.values(row.tally)) expect(count).toBeGreaterThan(300);
  expect(system.chronicle).toHaveLength(256);
  expect(stateOf(row)).toBe(sent);
});

/** What the first stage counted, through all its versions. */
function stateOf(row: Row): number {
  let counted = -1;
  const Ear = component('ear', {
    ...ports,
    setup: () => state({ dump: () => 0, load: (count) => void (counted = count) }),
  });
  const [{ stage, isV1 }] = row.places as [Place];
  if (!isV1) row.rig.system.reconfigure((tx) => tx.replace(stage!, StageV1));
  row.rig.system.reconfigure((tx) => tx.replace(stage!, Ear));
  return counted;
}
