import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import {
  type AnyHandle,
  attribute,
  type Channel,
  type Context,
  component,
  event,
  type Found,
  type GraphNode,
  type Handle,
  port,
  truth,
  wholeNumber,
} from './index.ts';

const Work = port('work', { requests: { add: event<number>() }, indications: { sum: event<number>() } });
const attributes = { isBusy: attribute(truth, false), share: attribute(wholeNumber({ max: 9 }), 1) };
const ports = { provides: { work: Work }, requires: { more: Work }, attributes };

type Standing = Handle<typeof ports.provides, typeof ports.requires, unknown, typeof attributes>;
type Within = Context<typeof ports.provides, typeof ports.requires, typeof attributes>;

/** What stands at a place of the tree: it lets others be made within it, and fails when it is asked for 13. */
function place(name: string, version: number) {
  return component(name, {
    ...ports,
    version,
    setup: (context: Within, made: (context: Within) => void) => {
      context.provides.work.on.add((number) => {
        if (number === 13) throw new Error('13');
      });
      made(context);
    },
  });
}
const [Hall, Room, NewRoom] = [place('hall', 1), place('room', 1), place('room', 2)];

const paths = [
  '//room',
  '//*',
  '/.//.',
  '/root/hall/room',
  "//room[version='2' and not(@isBusy)]",
  '//room[@isBusy]',
  "//hall[@isBusy=true]//room[state='active']",
  '//hall[@share>4]/*[@share<=4]',
  '//room/@share',
  '//attribute::*[value=true]',
  '//room/provides::*[isConnected]',
  '//*[@isBusy]/inner::work',
  "//port::*[direction='attached']",
  '//hall//room | //room[@isBusy]',
  '//room & //*[@isBusy]',
  '//* \\ //room',
  // These must be walked for.
  '//room/..',
  '//hall[count(./room)>1]',
  "//channel::*[state='open']",
  '//room[sibling::hall]',
];

type Act = readonly [kind: number, which: number, other: number];

/** A tree of halls and rooms that is changed at random, and everything that stands or stood in it. */
class Building {
  readonly rig = new ComponentRig();
  readonly standing: Standing[] = [];
  readonly #contexts = new Map<AnyHandle, Within>();
  readonly #channels: Channel[] = [];
  #made = 0;

  constructor() {
    const root = component('root', { setup: ({ create }) => void this.#add(create, Hall, 0) });
    this.rig.system.create(root).start();
  }

  act([kind, which, other]: Act): void {
    const one = this.standing[which % this.standing.length]!;
    const two = this.standing[other % this.standing.length]!;
    try {
      this.#do(kind, one, two, other);
    } catch (error) {
      // Much of what is tried at random cannot be: what matters is that it leaves nothing behind.
      expect(error).toBeInstanceOf(Error);
    }
  }

  #do(kind: number, one: Standing, two: Standing, other: number): void {
    const context = this.#contexts.get(one);
    if (kind <= 2 && context !== undefined && one.state !== 'destroyed')
      this.#add(context.create, kind === 0 ? Hall : Room, other);
    else if (kind === 3) one.attributes.isBusy.set(other % 2 === 0);
    else if (kind === 4) one.attributes.share.set(other % 10);
    else if (kind === 5) one.stop();
    else if (kind === 6) one.start();
    else if (kind === 7 && other % 3 === 0) one.kill();
    else if (kind === 8) this.#channels.push(context!.connect(one.provides.work, two.requires.more));
    else if (kind === 9) this.#channels[other % Math.max(1, this.#channels.length)]?.disconnect();
    else if (kind === 10) this.#channels[other % Math.max(1, this.#channels.length)]?.hold();
    else if (kind === 11) context?.attach(one.provides.work).emit.add(13);
    else if (kind === 12) this.#replace(one, other);
    else if (kind === 13) this.rig.system.reconfigure((tx) => tx.remove(one), drained(one, other));
    else if (kind === 14) context?.share(two);
    else if (kind === 15) context?.attach(two.provides.work);
  }

  /** What it is replaced by has two children, and is refused now and then. */
  #replace(one: Standing, other: number): void {
    const made = (context: Within): void => {
      this.#contexts.set(one, context);
      for (const rule of [1, 2]) this.#add(context.create, Room, rule);
    };
    const check = (): string | undefined => (other % 2 === 0 ? 'it is not wanted' : undefined);
    this.rig.system.reconfigure((tx) => tx.replace(one, NewRoom, { init: made }), { check, ...drained(one, other) });
  }

  #add(create: Within['create'], definition: typeof Hall, rule: number): void {
    let within: Within | undefined;
    const made = (context: Within): void => {
      within = context;
    };
    const on = (['restart', 'resume', 'destroy'] as const)[rule % 3]!;
    const supervise = on === 'restart' ? { on, restartsMax: 3, withinMs: 60_000 } : { on };
    const handle: Standing = create(definition, made, { name: `${definition.name} ${++this.#made}`, supervise });
    this.standing.push(handle);
    if (within !== undefined) this.#contexts.set(handle, within);
  }
}

function drained(one: AnyHandle, rule: number): { readonly drain?: readonly AnyHandle[] } {
  return rule % 3 === 0 ? {} : { drain: [one] };
}

interface Told {
  readonly path: string;
}

/** What somebody believes to be there who was told what came and what went. */
class Believer {
  readonly believed = new Set<Told>();
  readonly tell = ({ added, removed }: Found<Told>): void => {
    for (const one of removed) expect(this.believed.delete(one), `${one.path} went and was not there`).toBe(true);
    for (const one of added) this.believed.add(one);
  };

  get paths(): readonly string[] {
    return [...this.believed].map(({ path }) => path).sort();
  }
}

const act = fc.tuple(fc.nat(15), fc.nat(40), fc.nat(40));

describe('a continuous query', () => {
  test.each([false, true])('tells what asking anew each time would tell (components shared: %s)', (isShared) => {
    let replacements = 0;
    const kept = isShared ? act : act.filter(([kind]) => kind !== 14);
    fc.assert(
      fc.property(fc.array(fc.array(kept, { minLength: 1, maxLength: 5 }), { maxLength: 25 }), (turns) => {
        const building = new Building();
        const { system } = building.rig;
        const asked = [...paths.map((path) => system.query(path)), system.query(Room), system.query(NewRoom)];
        const watched = asked.map((query) => {
          const believer = new Believer();
          (query as { watch(hearer: Believer): void }).watch(believer);
          return { query, believer };
        });
        system.run();
        for (const turn of turns) {
          for (const one of turn) building.act(one);
          for (let i = 0; i < 3; i++) system.run();
          // A system that stands still tells nobody anything.
          if (system.isHalted) return;
          for (const [i, { query, believer }] of watched.entries()) {
            const there = [...(query as Iterable<Told>)].map(({ path }) => path).sort();
            expect(believer.paths, paths[i] ?? 'by definition').toEqual(there);
          }
        }
        replacements += system.chronicle.filter(({ outcome }) => outcome === 'done').length;
      }),
      { numRuns: 150 },
    );
    expect(replacements).toBeGreaterThan(20);
  });

  test('asks only those that changed', () => {
    const building = new Building();
    const { system } = building.rig;
    for (let i = 0; i < 50; i++) building.act([1, 0, 0]);
    system.run();
    const told: string[][] = [];
    const busy = system.query("//room[@isBusy and state='active']");
    busy.watch({ tell: ({ added }: Found<GraphNode>) => told.push(added.map(({ path }) => path)) });
    system.run();
    // What nobody says has changed is not looked at: only so can it be seen who was asked.
    const [, first, second] = building.standing;
    first!.attributes.isBusy.set(true);
    second!.stop();
    system.run();
    expect(told).toEqual([['root/hall 1/room 2']]);
  });
});
