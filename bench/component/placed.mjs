import { performance } from 'node:perf_hooks';
import { record, varint } from '../../dist/base/index.js';
import { component, event, port, System } from '../../dist/component/index.js';
import { place } from '../../dist/component/placement/index.js';
import { mostFirst, summary } from './rig.mjs';

const ball = record({ number: varint });
const Balls = port('balls', { requests: { ping: event(ball) }, indications: { pong: event(ball) } });

/** Answers each ping. It is what the worker loads. */
export const Far = component('far', {
  provides: { balls: Balls },
  setup: ({ provides: { balls } }) => balls.on.ping(({ number }) => balls.emit.pong({ number: number + 1 })),
});

/** Keeps `pipe` pings under way until `count` pongs have come. */
const Near = component('near', {
  requires: { balls: Balls },
  setup: ({ requires: { balls }, onStart }, { count, pipe, done }) => {
    let left = count;
    balls.on.pong(({ number }) => {
      if (--left === 0) done();
      else if (left >= pipe) balls.emit.ping({ number });
    });
    onStart(() => {
      for (let i = 0; i < pipe; i++) balls.emit.ping({ number: i });
    });
  },
});

/** Events a second, there and back, by the clock: two threads work at once. */
async function placedPingPong(pipe, count) {
  const placement = { in: 'worker', module: new URL(import.meta.url), export: 'Far' };
  const rates = [];
  for (let i = 0; i < 8; i++) {
    const system = new System({
      scheduler: { nowMs: () => performance.now(), wake: setImmediate, after: (ms, run) => setTimeout(run, ms) },
      onHalt: ({ error }) => {
        throw error;
      },
    });
    let startedMs = 0;
    let handle;
    await new Promise((resolve) => {
      const root = component('root', {
        setup: (context) => {
          const far = context.create(place(Far, placement));
          const near = context.create(Near, { count, pipe, done: resolve });
          context.connect(far.provides.balls, near.requires.balls);
        },
      });
      handle = system.create(root);
      startedMs = performance.now();
      handle.start();
    });
    rates.push((2 * count) / (performance.now() - startedMs) / 1000);
    handle.kill();
  }
  return summary(rates, mostFirst);
}

export const cases = {
  'placed in a worker, 1 under way, events': async () => ({ value: await placedPingPong(1, 2000), unit: 'M/s' }),
  'placed in a worker, 5000 under way, events': async () => ({
    value: await placedPingPong(5000, 1_000_000),
    unit: 'M/s',
  }),
};
