// What clients do to the register, what goes wrong meanwhile, and what must hold all the same.
import {
  anyFault,
  asks,
  course,
  eventually,
  exponential,
  invariant,
  linearizable,
  startAfter,
  stochastic,
} from 'selfman/simulator';
import { registerProgram } from './register.mjs';

const load = stochastic('load', {
  every: exponential(20),
  times: 300,
  does: asks((random, count) => (random.chance(0.5) ? { kind: 'read' } : { kind: 'write', value: `v${count}` }), {
    clients: 6,
  }),
});
const trouble = stochastic('trouble', {
  every: exponential(1_500),
  does: anyFault({ crash: 3, kill: 1, stall: 2, partition: 2, oneWay: 1, clog: 2, storm: 2, slowDisk: 1 }),
});

/** Where nothing was written yet the register holds an empty text. */
const model = {
  initial: '',
  apply: (value, call) => {
    const next = call.kind === 'read' ? value : call.value;
    return { next, answer: { value: next } };
  },
  isRead: (call) => call.kind === 'read',
};

export function registerTrial(options) {
  return {
    name: 'register',
    peers: 3,
    network: { latencyMs: 1, tailMs: 4 },
    program: registerProgram(options),
    course: course([load, trouble], startAfter(load, 1_000)),
    checks: [
      linearizable(model),
      invariant('a stamp stands for one value', (copies) => {
        const values = new Map();
        for (const { number, by, value } of copies.values()) {
          const stamp = `${number} of ${by}`;
          if ((values.get(stamp) ?? value) !== value)
            return `${stamp} stands for ${values.get(stamp)} and for ${value}`;
          values.set(stamp, value);
        }
        return true;
      }),
      eventually('every peer runs', (copies) => copies.size === 3),
    ],
  };
}

/** What `npx selfman trial` runs: seeds over all cores, from the command line. */
export const trial = registerTrial();
