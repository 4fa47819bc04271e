import { afterEach, describe, expect, test, vi } from 'vitest';
import { component, type Fault, type Supervision, System } from '../dist/component/index.js';
import { type Placement, place } from '../dist/component/placement/index.js';
// @ts-expect-error: a worker loads plain JavaScript, and what it loads is loaded here too.
import { Names as AnyNames, Summer as AnySummer } from './placed/sums.mjs';
import type { NamesPort, SummerDefinition } from './placed/types.ts';

const Names = AnyNames as NamesPort;
const Summer = AnySummer as SummerDefinition;

const inWorker: Placement = {
  in: 'worker',
  module: new URL('./placed/sums.mjs', import.meta.url),
  export: 'Summer',
};

let running: { kill(): void } | undefined;

afterEach(() => running?.kill());

/** A summer somewhere, what it says, and somebody who knows names. */
function start(placement: Placement, supervise: Supervision = { on: 'escalate' }) {
  const totals: number[] = [];
  const said: string[] = [];
  const faults: Fault[] = [];
  const Clerk = component('clerk', {
    provides: { names: Names },
    setup: ({ provides: { names } }) =>
      names.on.find(({ number, correlation }) => names.emit.found({ correlation, name: `number ${number}` })),
  });
  const made: { add: (number: number) => void; say: (word: string) => void; stop: () => void; start: () => void }[] =
    [];
  const root = component('root', {
    setup: (context) => {
      const summer = context.create(place(Summer, placement), { from: 0 }, { supervise });
      context.connect(context.create(Clerk).provides.names, summer.requires.names);
      const { on, emit } = context.attach(summer.provides.sums);
      on.total((total) => totals.push(total));
      on.said((word) => said.push(word));
      made.push({ add: emit.add, say: emit.say, stop: summer.stop, start: summer.start });
    },
  });
  const system = new System({
    scheduler: {
      nowMs: () => performance.now(),
      wake: setImmediate,
      after: (delayMs, run) => setTimeout(run, delayMs),
    },
    onFault: (fault) => faults.push(fault),
  });
  const handle = system.create(root);
  handle.start();
  running = handle;
  return { ...made[0]!, totals, said, faults, system };
}

function patiently(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 30_000, interval: 5 });
}

const often: Supervision = { on: 'restart', restartsMax: 3, withinMs: 60_000 };

describe('a component is the same', () => {
  test.each([{ in: 'here' } as const, inWorker])('placed $in', async (placement) => {
    const { add, say, totals, said, faults } = start(placement);
    for (let number = 1; number <= 1000; number++) add(number);
    say('it is');
    await patiently(() => expect(said).toEqual(['it is number 500500']));
    expect(totals).toHaveLength(1000);
    expect(totals.at(-1)).toBe(500_500);
    expect(faults).toEqual([]);
  });
});

describe('a component in a worker', () => {
  test('gets all, once and in order, through a ring that is much too small', async () => {
    const { add, totals, faults } = start({ ...inWorker, ringBytes: 1024 });
    for (let i = 0; i < 5000; i++) add(1);
    await patiently(() => expect(totals).toHaveLength(5000));
    expect(totals.every((total, i) => total === i + 1)).toBe(true);
    expect(faults).toEqual([]);
  });

  test('that throws, or whose worker dies, fails where it was placed, and a restart has a new worker', async () => {
    const { add, say, totals, faults } = start(inWorker, often);
    add(5);
    await patiently(() => expect(totals).toEqual([5]));
    say('throw');
    await patiently(() => expect(faults).toHaveLength(1));
    expect(String(faults[0]!.error)).toContain('worker/summer failed in its worker, at say: told to');
    add(1);
    await patiently(() => expect(totals).toEqual([5, 1]));
    say('exit');
    await patiently(() => expect(faults).toHaveLength(2));
    expect(String(faults[1]!.error)).toContain('the worker of root/summer ended with code 7');
    add(2);
    await patiently(() => expect(totals).toEqual([5, 1, 2]));
  });

  test('that was stopped keeps its state, and handles what came meanwhile when it runs again', async () => {
    const { add, totals, stop, start: go } = start(inWorker);
    add(1);
    await patiently(() => expect(totals).toEqual([1]));
    stop();
    add(2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(totals).toEqual([1]);
    go();
    await patiently(() => expect(totals).toEqual([1, 3]));
  });

  test('that its module does not have is a fault that says so', async () => {
    const { faults } = start({ ...inWorker, export: 'Nobody' });
    await patiently(() => expect(faults).toHaveLength(1));
    expect(String(faults[0]!.error)).toContain('exports no component Nobody');
  });

  test('needs a schema for each of its events', () => {
    const { find } = Names.requests;
    const { schema: _, ...bare } = find;
    const requires = { names: { ...Names, requests: { find: bare } } };
    expect(() => place({ ...Summer, requires }, inWorker)).toThrow(
      'summer.requires.names.find has no schema: it cannot leave its thread',
    );
  });
});
