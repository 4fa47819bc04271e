import { expect, test } from 'vitest';
import { component, type Definition, event, port, type System, state } from '../component/index.ts';
import { service } from '../world/index.ts';
import { asks, reconfigure } from './action.ts';
import { constant, exponential } from './distribution.ts';
import { course, startAfter, stochastic } from './process.ts';
import { linearizable } from './sequential.ts';
import { stepText } from './step.ts';
import { explore, replay, shrinkTrial, type Trial } from './trial.ts';

const Till = service<'next', number>('till');
const Numbers = port('numbers', { requests: { draw: event<(drawn: number) => void>() } });

/** Draws one number after the other. Where it is replaced the next version goes on behind the last one. */
const roll = (version: number) =>
  component('roll', {
    version,
    provides: { numbers: Numbers },
    setup: ({ provides: { numbers } }) => {
      let last = 0;
      numbers.on.draw((tell) => tell(++last));
      return state({
        dump: () => last,
        load: (kept: number) => {
          last = kept;
        },
      });
    },
  });
const [first, second] = [roll(1), roll(2)];

/** The bug: it takes over nothing. */
const forgetful = component('roll', {
  version: 3,
  provides: { numbers: Numbers },
  setup: ({ provides: { numbers } }) => {
    let last = 0;
    numbers.on.draw((tell) => tell(++last));
    return state({ dump: () => last, load: () => {} });
  },
});

const till = component('till', {
  provides: { service: Till },
  setup: ({ attach, create, provides }) => {
    const numbers = attach(create(first).provides.numbers);
    provides.service.on.ask(({ reply }) => numbers.emit.draw((drawn) => reply.tell(drawn)));
  },
});

type Roll = typeof first;
const replaceBy =
  (next: Definition<Roll['provides'], Roll['requires'], void, number>) =>
  (system: System): void => {
    const running = [first, second, forgetful].flatMap((version) => system.query(version).all());
    for (const one of running) system.reconfigure((tx) => tx.replace(one, next));
  };

const load = stochastic('load', { every: exponential(10), times: 100, does: asks(() => 'next' as const) });
const trialOf = (change: string): Trial<'next', number> => ({
  name: 'till',
  peers: 1,
  program: till,
  course: course(
    [load, stochastic('changes', { every: constant(100), does: reconfigure(change) })],
    startAfter(load, 100),
  ),
  checks: [linearizable({ initial: 0, apply: (last: number) => ({ next: last + 1, answer: last + 1 }) })],
  changes: { upgrade: replaceBy(second), forget: replaceBy(forgetful) },
});

test('a peer is changed again and again while clients ask, and what they see stays right', () => {
  const { failures, coverage } = explore(trialOf('upgrade'), { seed: 1, seeds: 5 });
  expect(failures).toEqual([]);
  expect(coverage['changes']).toBeGreaterThan(20);
});

test('a change that loses what was known is found, shrunk to itself and two calls, and replayed', () => {
  const shrunk = shrinkTrial(trialOf('forget'), 1)!;
  expect(shrunk.script.steps.map(({ kind }) => kind).sort()).toEqual(['ask', 'ask', 'change']);
  expect(shrunk.script.steps.map(stepText).join('\n')).toContain('change    forget at a');
  expect(replay(trialOf('forget'), shrunk.script).violations).not.toEqual([]);
});

test('a change that the trial does not have is a mistake that is named', () => {
  expect(() => explore(trialOf('dance'), { seed: 1, seeds: 1 })).toThrow('till has no change dance');
});
