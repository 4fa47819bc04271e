import { component } from '../../dist/component/index.js';
import {
  asks,
  constant,
  course,
  crash,
  exponential,
  linearizable,
  startAfter,
  stochastic,
} from '../../dist/simulator/index.js';
import { service } from '../../dist/world/index.js';

/** One peer that keeps a value in its memory alone: good until it loses power. */
const program = component('cellar', {
  provides: { service: service('cellar') },
  setup: ({ provides }) => {
    let value = 0;
    provides.service.on.ask(({ call, reply }) => {
      if (call.value !== undefined) value = call.value;
      reply.tell({ value });
    });
  },
});

const load = stochastic('load', {
  every: exponential(50),
  times: 12,
  does: asks((random, count) => (random.chance(0.5) ? {} : { value: count + 1 })),
});
const crashes = stochastic('crashes', { every: exponential(900), does: crash(constant(10)) });
const apply = (state, { value = state }) => ({ next: value, answer: { value } });

export const trial = {
  name: 'lossy',
  peers: 1,
  program,
  course: course([load, crashes], startAfter(load, 100)),
  checks: [linearizable({ initial: 0, apply })],
};
