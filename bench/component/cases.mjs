import { EventEmitter } from 'node:events';
import { component, event, port } from '../../dist/component/index.js';
import { Balls, cpuUs, leastFirst, makeSystem, mostFirst, Pinger, Ponger, Shell, summary } from './rig.mjs';

const repeats = 11;

/** Events a second of `pairs` pairs, each event allocated, through `depth` composites. */
function pingPong({ pairs = 1, pipe = 1, depth = 0, count = 500_000 }) {
  const root = component('root', {
    setup: (context) => {
      for (let i = 0; i < pairs; i++) {
        const ponger =
          depth === 0
            ? context.create(Ponger, undefined, { name: `ponger${i}` })
            : context.create(Shell, depth, { name: `shell${i}` });
        const pinger = context.create(Pinger, { count: count / pairs, pipe }, { name: `pinger${i}` });
        context.connect(ponger.provides.balls, pinger.requires.balls);
      }
    },
  });
  const rates = Array.from({ length: repeats }, () => {
    const { system, runAll } = makeSystem();
    const handle = system.create(root);
    const us = cpuUs(() => {
      handle.start();
      runAll();
    });
    return system.eventsHandled / us;
  });
  return summary(rates, mostFirst);
}

/** Events a second of one pair while somebody looks: nobody, who counts events, or a query that is asked continuously. */
function observed(look) {
  const root = component('root', {
    setup: (context) => {
      const ponger = context.create(Ponger);
      const pinger = context.create(Pinger, { count: 500_000, pipe: 1 });
      context.connect(ponger.provides.balls, pinger.requires.balls);
    },
  });
  const rates = Array.from({ length: repeats }, () => {
    const { system, runAll } = makeSystem();
    const handle = system.create(root);
    const end = look(system);
    const us = cpuUs(() => {
      handle.start();
      runAll();
    });
    end();
    return system.eventsHandled / us;
  });
  return summary(rates, mostFirst);
}

/** The same two parties as listeners of Node's EventEmitter, which has no queue: a loop calls them in turn. */
function emitterPingPong() {
  const rates = Array.from({ length: repeats }, () => {
    const [pings, pongs] = [new EventEmitter(), new EventEmitter()];
    const count = 500_000;
    let next;
    pings.on('ping', ({ number }) => {
      next = () => pongs.emit('pong', { number: number + 1 });
    });
    pongs.on('pong', ({ number }) => {
      next = () => pings.emit('ping', { number });
    });
    const us = cpuUs(() => {
      pings.emit('ping', { number: 0 });
      for (let i = 1; i < 2 * count; i++) next();
    });
    return (2 * count) / us;
  });
  return summary(rates, mostFirst);
}

/** A root that creates `count` idle components, each with two ports and a handler, and connects each to one hub. */
function crowd(count) {
  const Idle = component('idle', {
    provides: { balls: Balls },
    setup: ({ provides: { balls } }) => balls.on.ping(({ number }) => balls.emit.pong({ number })),
  });
  const Hub = component('hub', {
    requires: { balls: Balls },
    setup: ({ requires: { balls } }) => balls.on.pong(() => {}),
  });
  return component('root', {
    setup: (context) => {
      const hub = context.create(Hub);
      context.onStart(() => {
        for (let i = 0; i < count; i++) {
          const idle = context.create(Idle, undefined, { name: `idle${i}` });
          context.connect(idle.provides.balls, hub.requires.balls);
        }
      });
    },
  });
}

/** Microseconds to create, connect and start one component. The first runs are those of a program that begins. */
function creation() {
  const count = 4000;
  const times = Array.from({ length: 3 * repeats }, () => {
    const { system, runAll } = makeSystem();
    const handle = system.create(crowd(count));
    const us = cpuUs(() => {
      handle.start();
      runAll();
    });
    return us / count;
  });
  return summary(times, leastFirst);
}

/** Bytes of heap for each of 100,000 idle components, and of the whole process. */
function memory() {
  globalThis.gc();
  const before = process.memoryUsage();
  const count = 100_000;
  const { system, runAll } = makeSystem();
  const handle = system.create(crowd(count));
  handle.start();
  runAll();
  globalThis.gc();
  const { heapUsed, rss } = process.memoryUsage();
  const figure = { bytesEach: (heapUsed - before.heapUsed) / count, heapMb: heapUsed / 1e6, processMb: rss / 1e6 };
  handle.stop();
  return figure;
}

/** Milliseconds of processor time for one part of the life of 100,000 components. */
function crowdLife(part) {
  const count = 100_000;
  const { system, runAll } = makeSystem();
  const handle = system.create(crowd(count));
  const parts = {
    created: () => {
      handle.start();
      runAll();
    },
    queried: () => system.query("//idle[state='active']/provides::balls").all().length,
    stopped: () => {
      handle.stop();
      runAll();
    },
    killed: () => handle.kill(),
  };
  const times = {};
  for (const [name, act] of Object.entries(parts)) times[name] = cpuUs(act) / 1000;
  return { median: times[part] };
}

/** Microseconds in which a component with a number for a state is replaced by another version of itself. */
function replacement() {
  const versions = [1, 2].map((version) =>
    component('counter', {
      version,
      provides: { balls: Balls },
      setup: ({ provides: { balls } }) => {
        let count = 0;
        balls.on.ping(() => count++);
        return {
          dump: () => count,
          load: (kept) => {
            count = kept;
          },
        };
      },
    }),
  );
  const { system } = makeSystem();
  const handle = system.create(versions[0]);
  handle.start();
  const times = Array.from({ length: repeats }, () => {
    const us = cpuUs(() => {
      for (let i = 0; i < 2000; i++) system.reconfigure((tx) => tx.replace(handle, versions[i % 2]));
    });
    return us / 2000;
  });
  return summary(times, leastFirst);
}

/** Each component makes two children until the number is small, adds what they tell it, and kills them. */
const Fibonacci = component('fibonacci', {
  setup: (context, { n, done }) => {
    const children = [];
    let total = 0;
    const told = context.ref((value) => {
      total += value;
      if (children.push(undefined) < 4) return;
      for (const child of children.slice(0, 2)) child.kill();
      done.tell(total);
    });
    context.onStart(() => {
      if (n <= 2) return done.tell(1);
      for (const less of [1, 2]) {
        children.push(context.create(Fibonacci, { n: n - less, done: told }, { name: `less${less}` }));
      }
    });
  },
});

/** Microseconds for each component of the tree of Fibonacci(18), messages and their removal included. */
function fibonacci() {
  const n = 18;
  const times = Array.from({ length: repeats }, () => {
    const { system, runAll } = makeSystem();
    let total = 0;
    const root = component('root', {
      setup: (context) => {
        const done = context.ref((value) => {
          total = value;
        });
        context.create(Fibonacci, { n, done });
      },
    });
    const us = cpuUs(() => {
      system.create(root).start();
      runAll();
    });
    return us / (2 * total - 1);
  });
  return summary(times, leastFirst);
}

const Mall = port('mall', { requests: { meet: event() } });
const complement = (a, b) => (a === b ? a : 3 - a - b);

/** Creatures meet in a mall that pairs them by references: each learns whom it met, and comes again. */
function chameneos() {
  const meetings = 100_000;
  const creatures = 128;
  const Creature = component('creature', {
    requires: { mall: Mall },
    setup: (context, first) => {
      let colour = first;
      const { mall } = context.requires;
      const met = context.ref((other) => {
        colour = complement(colour, other);
        mall.emit.meet({ colour, met });
      });
      context.onStart(() => mall.emit.meet({ colour, met }));
    },
  });
  const Place = component('place', {
    provides: { mall: Mall },
    setup: ({ provides: { mall } }) => {
      let waiting;
      let left = meetings;
      mall.on.meet((one) => {
        if (left === 0) return;
        if (waiting === undefined) {
          waiting = one;
          return;
        }
        left--;
        const other = waiting;
        waiting = undefined;
        other.met.tell(one.colour);
        one.met.tell(other.colour);
      });
    },
  });
  const root = component('root', {
    setup: (context) => {
      const place = context.create(Place);
      for (let i = 0; i < creatures; i++) {
        const creature = context.create(Creature, i % 3, { name: `creature${i}` });
        context.connect(place.provides.mall, creature.requires.mall);
      }
    },
  });
  const rates = Array.from({ length: repeats }, () => {
    const { system, runAll } = makeSystem();
    const us = cpuUs(() => {
      system.create(root).start();
      runAll();
    });
    return meetings / us;
  });
  return summary(rates, mostFirst);
}

export const cases = {
  'ping-pong, events': () => ({ value: pingPong({}), unit: 'M/s', goal: '20 or more' }),
  'through 1 composite': () => ({ value: pingPong({ depth: 1 }), unit: 'M/s', goal: '1 / 1.1 of none' }),
  'through 4 composites': () => ({ value: pingPong({ depth: 4 }), unit: 'M/s', goal: '1 / 1.1 of none' }),
  'throughput ping-pong, 1 pair, 500 under way': () => ({ value: pingPong({ pipe: 500 }), unit: 'M/s' }),
  'throughput ping-pong, 2 pairs, 500 under way': () => ({ value: pingPong({ pairs: 2, pipe: 500 }), unit: 'M/s' }),
  'throughput ping-pong, 8 pairs, 500 under way': () => ({ value: pingPong({ pairs: 8, pipe: 500 }), unit: 'M/s' }),
  'reflection unused, events': () => ({ value: observed(() => () => {}), unit: 'M/s', goal: 'as ping-pong' }),
  'reflection used: rates observed, events': () => ({ value: observed((system) => system.observe()), unit: 'M/s' }),
  'reflection used: a continuous query, events': () => ({
    value: observed((system) => system.query('//*[@leader]').watch({ tell: () => {} })),
    unit: 'M/s',
  }),
  "Node's EventEmitter, the same events": () => ({ value: emitterPingPong(), unit: 'M/s' }),
  'creation, connected and started': () => ({ value: creation(), unit: 'us', goal: '3 or less' }),
  'Fibonacci(18), a component': () => ({ value: fibonacci(), unit: 'us' }),
  'Chameneos, 128 creatures, meetings': () => ({ value: chameneos(), unit: 'M/s' }),
  'idle component': () => ({ value: { median: memory().bytesEach }, unit: 'bytes', goal: '1024 or less' }),
  'replacement with state': () => ({ value: replacement(), unit: 'us', goal: '1000 or less' }),
  '100,000 components, created, connected, started': () => ({ value: crowdLife('created'), unit: 'ms' }),
  '100,000 components, queried by a path': () => ({ value: crowdLife('queried'), unit: 'ms' }),
  '100,000 components, stopped': () => ({ value: crowdLife('stopped'), unit: 'ms' }),
  '100,000 components, killed': () => ({ value: crowdLife('killed'), unit: 'ms' }),
  '100,000 components, the process': () => ({ value: { median: memory().processMb }, unit: 'MB', goal: '200 or less' }),
};
