// The smallest two components: one throws a ball, the other throws it back.
import { component, event, port, System } from 'selfman/component';

/** Requests go to whoever provides the port; indications come back from it. */
const Balls = port('balls', { requests: { ping: event() }, indications: { pong: event() } });

const Ponger = component('ponger', {
  provides: { balls: Balls },
  setup: ({ provides: { balls } }) => balls.on.ping(({ number }) => balls.emit.pong({ number })),
});

const Pinger = component('pinger', {
  requires: { balls: Balls },
  setup: ({ requires: { balls }, onStart }, { rounds }) => {
    balls.on.pong(({ number }) => {
      console.log(`pong ${number}`);
      if (number < rounds) balls.emit.ping({ number: number + 1 });
    });
    onStart(() => balls.emit.ping({ number: 1 }));
  },
});

const Game = component('game', {
  setup: ({ create, connect }) => {
    const ponger = create(Ponger);
    const pinger = create(Pinger, { rounds: 3 });
    connect(ponger.provides.balls, pinger.requires.balls);
  },
});

/** What a system needs of the outside: a clock, a turn of the loop, and alarms. */
const scheduler = { nowMs: () => performance.now(), wake: setImmediate, after: (ms, run) => setTimeout(run, ms) };
new System({ scheduler }).create(Game).start();
