import { expect, test } from 'vitest';
import { Random } from '../base/index.ts';
import { component } from '../component/index.ts';
import { type ProgramInit, service } from '../world/index.ts';
import { type Action, anyFault, asks, crash, fault, heal, join, leave, partition, pause, restart } from './action.ts';
import { invariant } from './check.ts';
import { constant } from './distribution.ts';
import { course, startAfter, startAt, stochastic } from './process.ts';
import { drawFaults } from './swarm.ts';
import { recordTrial, simulate, type Trial } from './trial.ts';

/** What a peer shows: how many others it was started with, and by which incarnation of its disk. */
interface View {
  readonly peers: number;
  readonly incarnation: string;
}

const Silence = service<number, number>('silence');
const mute = component('mute', {
  provides: { service: Silence },
  setup: (_context, { platform, peers, show }: ProgramInit<View>) =>
    show({ peers: peers.length, incarnation: platform.identity.incarnation }),
});

function trialOf(does: Action<number>, times = 1): Trial<number, number, View> {
  const acts = stochastic('acts', { every: constant(100), times, does });
  return { name: 'mute', peers: 3, program: mute, course: course([acts], startAfter(acts, 10)), checks: [] };
}

/** What the trace says that the action did, in kinds of lines and the first word behind. */
function deedsOf(does: Action<number>): string[] {
  const { trace } = simulate(trialOf(does), 1, { trace: {}, until: { ms: 110 } });
  const lines = trace.map((line) => line.trim().split(/ +/));
  return lines.filter(([, atMs]) => Number(atMs) > 0).map((words) => words.slice(3, 5).join(' '));
}

test('each action does what it says', () => {
  expect(deedsOf(join())).toContain('start incarnation');
  expect(deedsOf(leave())).toContain('kill after');
  expect(deedsOf(crash())).toContain('crash after');
  expect(deedsOf(pause(constant(700)))).toContain('stall 700');
  expect(deedsOf(partition()).filter((deed) => deed.startsWith('cut')).length).toBeGreaterThan(3);
  expect(deedsOf(heal())).toContain('heal everywhere');
  expect(deedsOf(fault('slowDisks'))).toContain('fault slowDisks');
});

/** Everything that the peers of a trial ever showed. */
function shownIn(trial: Trial<number, number, View>): View[] {
  const shown = new Set<View>();
  const watch = invariant<View>('watch', (views) => {
    for (const view of views.values()) shown.add(view);
    return true;
  });
  expect(simulate({ ...trial, checks: [watch] }, 1).violations).toEqual([]);
  return [...shown];
}

test('a restart keeps the disk, or loses it', () => {
  const disks = (disk: 'kept' | 'lost'): number =>
    new Set(shownIn(trialOf(restart(disk), 5)).map(({ incarnation }) => incarnation)).size;
  expect(disks('kept')).toBe(3);
  expect(disks('lost')).toBeGreaterThan(3);
});

test('a peer that joins is told of those that are there, and the last does not leave', () => {
  expect(Math.max(...shownIn(trialOf(join(), 2)).map(({ peers }) => peers))).toBe(5);
  expect(simulate(trialOf(leave(), 9), 1).coverage['fault leave']).toBe(2);
});

test('a client that was not answered waits for as long as it has patience', () => {
  const patient = asks((_random, count): number => count, { clients: 1, patienceMs: 250 });
  const { script } = recordTrial(trialOf(patient, 10), 1);
  expect(script.steps.map(({ atMs }) => atMs)).toEqual([100, 400, 700, 1_000]);
});

test('swarm testing leaves kinds of faults out, each seed others, and draws the rest by weight', () => {
  const weights = { crash: 8, stall: 1, partition: 1 } as const;
  const sets = new Set<string>();
  let [crashes, draws] = [0, 0];
  for (let seed = 1; seed <= 50; seed++) {
    const random = new Random(seed);
    const draw = drawFaults(weights, random);
    const kinds = new Set(Array.from({ length: 100 }, () => draw(random)));
    sets.add([...kinds].sort().join());
    if (kinds.size < 3) continue;
    for (let i = 0; i < 100; i++, draws++) crashes += Number(draw(random) === 'crash');
  }
  expect(sets.size).toBeGreaterThanOrEqual(6);
  expect(crashes / draws).toBeCloseTo(0.8, 1);
  expect(() => course([stochastic('x', { every: constant(1), does: anyFault(weights) })], startAt(5))).not.toThrow();
});
