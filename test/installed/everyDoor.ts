// Compiled, and not run, in a folder that has nothing but the installed package: each door has its types, and they are strict.
import { Peer } from 'selfman';
import { component, event, port, type Scheduler, System, state, upgrade } from 'selfman/component';
import { exclusive } from 'selfman/component/async';
import { place } from 'selfman/component/placement';
import { check } from 'selfman/component/testing';
import { abroad, Ferry, offer, watchLoss } from 'selfman/ferry';
import { asks, course, exponential, linearizable, simulate, startAfter, stochastic } from 'selfman/simulator';
import { exploreFile } from 'selfman/simulator/explorer';
import { guarded } from 'selfman/simulator/guard';
import { service } from 'selfman/world';
import { startProgram } from 'selfman/world/real';

const Count = port('count', { requests: { add: event<number>() }, indications: { total: event<number>() } });
const CounterV1 = component('counter', {
  provides: { count: Count },
  setup: ({ provides: { count } }) => {
    let total = 0;
    count.on.add((number) => count.emit.total((total += number)));
    return state({ dump: () => total, load: (kept) => void (total = kept) });
  },
});
const CounterV2 = component('counter', {
  version: 2,
  provides: { count: Count },
  upgrade: upgrade(CounterV1, (total) => ({ total })),
  setup: () => state({ dump: () => ({ total: 0 }), load: () => {} }),
});
const Text = component('text', { provides: { count: Count }, setup: () => state({ dump: () => '', load: () => {} }) });

export function change(scheduler: Scheduler): void {
  const system = new System({ scheduler });
  const counter = system.create(CounterV1);
  system.reconfigure((tx) => tx.replace(counter, CounterV2));
  // @ts-expect-error: nobody says how a number becomes a text
  system.reconfigure((tx) => tx.replace(counter, Text));
}

check(CounterV1, {}, ({ provides: { count } }) => {
  count.trigger.add(1);
  count.expect.total(1);
  // @ts-expect-error: a total is a number
  count.expect.total('1');
});

/** A program that needs nothing of the outside does not say what it is set up with. */
const Counter = component('counter', {
  provides: { service: service<number, number>('counter') },
  setup: ({ provides: { service: asked } }) => {
    let count = 0;
    asked.on.ask(({ call, reply }) => reply.tell((count += call)));
  },
});
const load = stochastic('load', { every: exponential(20), times: 50, does: asks(() => 1, { clients: 2 }) });
const apply = (count: number, call: number) => ({ next: count + call, answer: count + call });
const trial = {
  name: 'counter',
  peers: 1,
  program: Counter,
  course: course([load], startAfter(load, 100)),
  checks: [linearizable({ initial: 0, apply })],
};
export const violations: readonly string[] = guarded(() => simulate(trial, 1)).result.violations;
export const doors = {
  start: Peer.start,
  exclusive,
  place,
  startProgram,
  abroad,
  Ferry,
  offer,
  watchLoss,
  exploreFile,
};
