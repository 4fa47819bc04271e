import nact from 'nact';
import { assign, createActor, createMachine, fromTransition, sendTo } from 'xstate';
import { cpuUs, leastFirst, mostFirst, summary } from './rig.mjs';

const repeats = 11;
const idleCount = 4000;
const crowdCount = 100_000;

/** Processor time in microseconds of what goes on until `act` has settled. */
async function cpuUsUntil(act) {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Events a second of two that throw a ball until `count` throws are over; `play` resolves when they are. */
async function rates(count, play) {
  const figures = [];
  for (let i = 0; i < repeats; i++) figures.push(count / (await cpuUsUntil(() => play(count))));
  return summary(figures, mostFirst);
}

/** An actor that is a function alone: the cheapest that XState has. */
function playTransitions(count) {
  return new Promise((resolve) => {
    const throwBack = (left, { by, number }, { self }) => {
      if (number === count) resolve();
      else by.send({ type: 'ball', by: self, number: number + 1 });
      return left;
    };
    const [one, other] = [0, 1].map(() => createActor(fromTransition(throwBack, 0)).start());
    one.send({ type: 'ball', by: other, number: 1 });
  });
}

/** A machine that answers by an action, as its users write it. */
function playMachines(count) {
  return new Promise((resolve) => {
    const answer = sendTo(
      ({ event }) => event.by,
      ({ event, self }) => ({ type: 'ball', by: self, number: event.number + 1 }),
    );
    const machine = createMachine({
      on: {
        ball: [{ guard: ({ event }) => event.number === count, actions: () => resolve() }, { actions: answer }],
      },
    });
    const [one, other] = [0, 1].map(() => createActor(machine).start());
    one.send({ type: 'ball', by: other, number: 1 });
  });
}

function playNact(count) {
  const system = nact.start();
  return new Promise((resolve) => {
    const throwBack = (state, { by, number }, { self }) => {
      if (number === count) resolve();
      else nact.dispatch(by, { by: self, number: number + 1 });
      return state;
    };
    const [one, other] = ['one', 'other'].map((name) => nact.spawn(system, throwBack, name));
    nact.dispatch(one, { by: other, number: 1 });
  }).finally(() => nact.stop(system));
}

/** An actor with children that wait for an event: all are made in one step, because each step copies the list of them. */
function makeXstateCrowd(count) {
  const idle = createMachine({ on: { ping: { actions: () => {} } } });
  const crowd = createMachine({
    context: {},
    on: {
      make: {
        actions: assign(({ spawn }) => ({
          all: Array.from({ length: count }, (_, i) => spawn(idle, { id: `idle${i}` })),
        })),
      },
    },
  });
  const actor = createActor(crowd).start();
  actor.send({ type: 'make' });
  return actor;
}

function makeNactCrowd(count) {
  const system = nact.start();
  for (let i = 0; i < count; i++) nact.spawn(system, (state) => state, `idle${i}`);
  return system;
}

/** Crowds that stay as long as the process: to stop those of XState takes the square of their number. */
const kept = [];

/** Microseconds to create and start one. */
function creation(makeCrowd) {
  const figures = Array.from({ length: repeats }, () => cpuUs(() => kept.push(makeCrowd(idleCount))) / idleCount);
  return summary(figures, leastFirst);
}

/** Bytes of heap for each of 100,000 that wait. */
function bytesEach(makeCrowd) {
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  kept.push(makeCrowd(crowdCount));
  globalThis.gc();
  const median = (process.memoryUsage().heapUsed - before) / crowdCount;
  return { median };
}

export const cases = {
  'XState 5, the same events between functions': async () => ({
    value: await rates(100_000, playTransitions),
    unit: 'M/s',
  }),
  'XState 5, the same events between machines': async () => ({ value: await rates(50_000, playMachines), unit: 'M/s' }),
  'nact 7, the same events': async () => ({ value: await rates(20_000, playNact), unit: 'M/s' }),
  'XState 5, creation, started': () => ({ value: creation(makeXstateCrowd), unit: 'us' }),
  'nact 7, creation': () => ({ value: creation(makeNactCrowd), unit: 'us' }),
  'XState 5, idle actor': () => ({ value: bytesEach(makeXstateCrowd), unit: 'bytes' }),
  'nact 7, idle actor': () => ({ value: bytesEach(makeNactCrowd), unit: 'bytes' }),
};
