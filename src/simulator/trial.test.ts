import { describe, expect, test } from 'vitest';
import { assert, record, text, varint } from '../base/index.ts';
import { component, type Ref } from '../component/index.ts';
import { type ProgramInit, protocol, service } from '../world/index.ts';
import { anyFault, asks, crash } from './action.ts';
import { type Check, eventually, invariant } from './check.ts';
import { constant, exponential } from './distribution.ts';
import { course, startAfter, startAt, startWith, stochastic, terminate } from './process.ts';
import { linearizable } from './sequential.ts';
import { explore, recordTrial, replay, shrinkTrial, simulate, type Trial } from './trial.ts';

/** A read has no value. */
interface Call {
  readonly value?: string;
}
interface Answer {
  readonly value: string;
}
interface View {
  readonly value: string;
}

const Cellar = service<Call, Answer>('cellar');
const message = record({ round: varint, isWrite: varint, value: text });
const cellar = protocol('cellar', 9, message, { mayJoin: true });

/** The first peer holds one value in its memory alone, and the others ask it: good until that peer loses power. */
const holder = component('holder', {
  provides: { service: Cellar },
  setup: (context, { platform, peers, show }: ProgramInit<View>) => {
    const network = context.attach(context.create(platform.transport({ cellar })).provides.cellar);
    const open = new Map<number, Ref<Answer>>();
    let [value, round] = ['', platform.world.entropy.u32()];
    show({ value });
    context.provides.service.on.ask(({ call, reply }) => {
      open.set(++round, reply);
      const asked = { round, isWrite: call.value === undefined ? 0 : 1, value: call.value ?? '' };
      network.emit.send({ to: peers[0]!, message: asked });
    });
    network.on.received(({ from, message: heard }) => {
      const reply = open.get(heard.round);
      open.delete(heard.round);
      if (heard.isWrite === 2) return reply?.tell({ value: heard.value });
      assert(heard.value !== 'poison', 'nobody drinks this');
      if (heard.isWrite === 1) value = heard.value;
      show({ value });
      if (reply !== undefined) reply.tell({ value });
      else network.emit.send({ to: from, message: { ...heard, isWrite: 2, value } });
    });
  },
});

const load = stochastic('load', {
  every: exponential(50),
  times: 100,
  does: asks((random, count): Call => (random.chance(0.5) ? {} : { value: `v${count}` }), {
    clients: 3,
    patienceMs: 500,
  }),
});
const links = stochastic('links', { every: exponential(500), does: anyFault({ partition: 1, oneWay: 1, storm: 1 }) });
const crashes = stochastic('crashes', { every: exponential(800), does: crash(), starts: startAt(1_000) });
const model = {
  initial: '',
  apply: (state: string, { value = state }: Call) => ({ next: value, answer: { value } }),
};

function trialOf(options: Partial<Trial<Call, Answer, View>>): Trial<Call, Answer, View> {
  return {
    name: 'cellar',
    peers: 3,
    program: holder,
    course: course<Call>([load, links], startAfter(load, 500)),
    checks: [linearizable(model)],
    ...options,
  };
}
const withCrashes = trialOf({ course: course<Call>([load, links, crashes], startAfter(load, 500)) });

test('a seed gives the same run again, which asks, fails and recovers', () => {
  const report = simulate(trialOf({}), 3);
  expect(simulate(trialOf({}), 3)).toEqual(report);
  expect(report.violations).toEqual([]);
  expect(report.exchanges).toHaveLength(report.coverage['answered']! + report.coverage['unanswered']!);
  expect(report.coverage['answered']).toBeGreaterThan(30);
  expect(simulate(trialOf({}), 4).traceHash).not.toBe(report.traceHash);
  const { trace } = simulate(trialOf({}), 3, { trace: { kinds: ['asks', 'told', 'fault'] } });
  expect(trace.some((line) => /client-\d +told +\{.*\}: \{"value"/.test(line))).toBe(true);
});

test('links that fail alone find nothing, and each seed leaves some faults out', () => {
  const { seeds, failures, coverage } = explore(trialOf({}), { seed: 1, seeds: 30 });
  expect([seeds, failures]).toEqual([30, []]);
  for (const name of ['fault partition', 'fault oneWay', 'fault storm']) expect(coverage[name]).toBeGreaterThan(5);
  const kinds = [1, 2, 3, 4, 5, 6].map((seed) => Object.keys(simulate(trialOf({}), seed).coverage).length);
  expect(new Set(kinds).size).toBeGreaterThan(1);
});

test('a crash loses the value: found, shrunk to the steps that matter, and replayed from its script', () => {
  const [failure] = explore(withCrashes, { seed: 1, seeds: 20 }).failures;
  const shrunk = shrinkTrial(withCrashes, failure!.seed)!;
  const kinds = shrunk.script.steps.map((step) => {
    if (step.kind === 'change') return step.change;
    return step.kind === 'fault' ? step.fault.kind : Object.keys(step.call)[0];
  });
  expect(kinds).toEqual(['value', 'crash', undefined]);
  const script = JSON.parse(JSON.stringify(shrunk.script));
  const again = replay(withCrashes, script, { trace: {} });
  expect(again.violations).toEqual(shrunk.report.violations);
  expect(again.traceHash).toBe(shrunk.report.traceHash);
  expect(again.violations[0]).toContain('linearizable: what clients saw can be in no order');
});

test('writing a run down changes nothing', () => {
  const { report, script } = recordTrial(withCrashes, 5);
  expect(report).toEqual(simulate(withCrashes, 5));
  expect(script.steps.filter(({ kind }) => kind === 'ask')).toHaveLength(report.exchanges.length);
});

describe('what is wrong is said', () => {
  const verdict = (check: Check<Call, Answer, View>, quietMs?: number): readonly string[] =>
    simulate(trialOf({ checks: [check], ...(quietMs === undefined ? {} : { quietMs }) }), 1).violations;

  test('an invariant, at the first event behind which it does not hold', () => {
    const short = invariant<View>('short', (views) => [...views.values()].every(({ value }) => value.length < 3));
    const report = simulate(trialOf({ checks: [short] }), 1);
    expect(report.violations).toEqual(['invariant short: it does not hold']);
    expect(report.simulatedMs).toBeLessThan(simulate(trialOf({}), 1).simulatedMs);
  });

  test('what does not come to hold in the quiet behind the last fault', () => {
    const never = eventually<Call, Answer, View>('full', (views) => `only ${views.size} peers`);
    expect(verdict(never, 100)).toEqual(['eventually full: only 3 peers']);
    expect(verdict(eventually('some', (views) => views.size === 3))).toEqual([]);
  });

  test('a bug of the program, with its stack', () => {
    const poison = stochastic('poison', {
      every: constant(10),
      times: 1,
      does: asks((): Call => ({ value: 'poison' })),
    });
    const report = simulate(trialOf({ course: course<Call>([poison], startAfter(poison, 100)) }), 1);
    expect(report.violations[0]).toMatch(
      /a had a bug, in root\/holder at received: nobody drinks this\n.*trial\.test\.ts/s,
    );
  });
});

test('processes wait for one another, and a course that could never end is refused', () => {
  const one = stochastic('one', { every: constant(100), times: 3, does: asks((): Call => ({})) });
  const two = stochastic('two', {
    every: constant(10),
    times: 2,
    does: asks((): Call => ({})),
    starts: startWith(one, 5),
  });
  const three = stochastic('three', {
    every: constant(1),
    times: 1,
    does: asks((): Call => ({})),
    starts: startAfter(one, 50),
  });
  const { exchanges, simulatedMs } = simulate(
    trialOf({ course: course<Call>([one, two, three], startAfter(three, 30)) }),
    1,
  );
  expect(exchanges.map(({ invokedMs }) => Math.round(invokedMs))).toEqual([15, 25, 100, 200, 300, 351]);
  expect(Math.round(simulatedMs)).toBe(381);
  expect(() => course<Call>([two, one], startAt(9))).toThrow('nothing can wait for one');
  expect(() => course<Call>([links], startAfter(links))).toThrow('links has no end to wait for');
});

test('a process is ended by its name, whatever it had left to do, and others may wait for that', () => {
  const asking = (name: string, everyMs: number, rest: { times?: number; starts?: ReturnType<typeof startAt> } = {}) =>
    stochastic(name, { every: constant(everyMs), does: asks((): Call => ({ value: name })), ...rest });
  const main = asking('main', 100, { times: 3 });
  const endless = asking('endless', 40);
  const never = asking('never', 1, { starts: startAt(200) });
  const last = asking('last', 1, { times: 1, starts: startAfter(endless, 10) });
  const parts = [
    main,
    endless,
    never,
    terminate('never', startWith(main, 150)),
    terminate('endless', startAfter(main, 30)),
    terminate('endless', startAfter(main, 31)),
    last,
  ];
  const { exchanges } = simulate(trialOf({ course: course<Call>(parts, startAfter(last, 300)) }), 1);
  const times = (name: string) =>
    exchanges.filter(({ call }) => call.value === name).map(({ invokedMs }) => Math.round(invokedMs));
  expect(times('endless').every((ms) => ms < 330)).toBe(true);
  expect(times('endless').length).toBeGreaterThan(3);
  expect([times('main').length, times('never'), times('last')]).toEqual([3, [], [341]]);
  expect(() => course<Call>([terminate('main', startAt(1)), main], startAt(9))).toThrow('main cannot be ended');
  expect(() => course<Call>([endless, terminate('endless', startAfter(endless))], startAt(9))).toThrow(
    'endless has no end to wait for',
  );
  expect(() => course<Call>([endless, endless], startAt(9))).toThrow('two processes are called endless');
});
