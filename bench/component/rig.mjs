import { performance } from 'node:perf_hooks';
import { component, event, port, System } from '../../dist/component/index.js';

/** A system that its own loop runs until nothing is left to do, so that the figures are those of the model alone. */
export function makeSystem({ after = refuse } = {}) {
  let next;
  const system = new System({
    scheduler: {
      nowMs: () => performance.now(),
      wake: (run) => {
        next = run;
      },
      after,
    },
    onFault: ({ error }) => {
      throw error;
    },
  });
  const runAll = () => {
    while (next !== undefined) {
      const run = next;
      next = undefined;
      run();
    }
  };
  return { system, runAll };
}

function refuse() {
  throw new Error('this benchmark puts nothing off');
}

/** Processor time of `act` in microseconds: other programs on the machine do not count. */
export function cpuUs(act) {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/**
 * The median of many short runs, and the best of them: on a machine that others use too, the best is nearer to what
 * the program costs and the median to what it got.
 */
export function summary(values, compare) {
  const sorted = values.toSorted(compare);
  return { best: sorted[0], median: sorted[Math.floor(sorted.length / 2)] };
}

export const mostFirst = (a, b) => b - a;
export const leastFirst = (a, b) => a - b;

export const Balls = port('balls', {
  requests: { ping: event() },
  indications: { pong: event() },
});

/** Answers each ping with a pong of its own. */
export const Ponger = component('ponger', {
  provides: { balls: Balls },
  setup: ({ provides: { balls } }) => balls.on.ping(({ number }) => balls.emit.pong({ number: number + 1 })),
});

/** Keeps `pipe` pings under way until `count` pongs have come. */
export const Pinger = component('pinger', {
  requires: { balls: Balls },
  setup: ({ requires: { balls }, onStart }, { count, pipe }) => {
    let left = count;
    balls.on.pong(({ number }) => {
      if (--left >= pipe) balls.emit.ping({ number });
    });
    onStart(() => {
      for (let i = 0; i < pipe; i++) balls.emit.ping({ number: i });
    });
  },
});

/** Hides a ponger behind `depth` composites. */
export const Shell = component('shell', {
  provides: { balls: Balls },
  setup: (context, depth) => {
    const child = depth === 1 ? context.create(Ponger) : context.create(Shell, depth - 1);
    context.connect(child.provides.balls, context.inner.provides.balls);
  },
});
