import { describe, expect, test } from 'vitest';
import { component, event, type Fault, port, type Supervision, System } from './index.ts';

/** A system that runs when told, and what went wrong in it. */
function make() {
  const faults: Fault[] = [];
  const halts: Fault[] = [];
  let nowMs = 0;
  let wakes = 0;
  const system = new System({
    scheduler: { nowMs: () => nowMs, wake: () => void wakes++, after: () => {} },
    onFault: (fault) => faults.push(fault),
    onHalt: (fault) => halts.push(fault),
  });
  const advance = (ms: number): void => {
    nowMs += ms;
  };
  return { system, faults, halts, advance, wakes: () => wakes };
}

const Echo = port('echo', {
  requests: { say: event<string>() },
  indications: { heard: event<string>() },
});

const Cave = component('cave', {
  provides: { echo: Echo },
  setup: ({ provides: { echo } }, tone: string) => echo.on.say((text) => echo.emit.heard(text + tone)),
});

const Listener = component('listener', {
  requires: { echo: Echo },
  setup: ({ requires: { echo }, onStart }, { say, seen }: { say: string[]; seen: string[] }) => {
    echo.on.heard((text) => seen.push(text));
    onStart(() => {
      for (const text of say) echo.emit.say(text);
    });
  },
});

/** A composite that hides a cave behind a port of its own, `depth` composites deep. */
const Shell = component('shell', {
  provides: { echo: Echo },
  setup: (context, depth: number) => {
    const child = depth === 0 ? context.create(Cave, '!') : context.create(Shell, depth - 1);
    context.connect(child.provides.echo, context.inner.provides.echo);
  },
});

describe('ports and channels', () => {
  test('a request reaches the provider, and its indication everyone connected', () => {
    const { system } = make();
    const seen: string[][] = [[], []];
    const root = component('root', {
      setup: (context) => {
        const cave = context.create(Cave, '?');
        for (const [i, heard] of seen.entries()) {
          const one = context.create(Listener, { say: i === 0 ? ['hi'] : [], seen: heard }, { name: `listener${i}` });
          context.connect(cave.provides.echo, one.requires.echo);
        }
      },
    });
    system.create(root).start();
    system.run();
    expect(seen).toEqual([['hi?'], ['hi?']]);
  });

  test('a channel through four composites is a route like any other', () => {
    const { system } = make();
    const seen: string[] = [];
    const root = component('root', {
      setup: (context) => {
        const shell = context.create(Shell, 3);
        const one = context.create(Listener, { say: ['a', 'b'], seen });
        context.connect(shell.provides.echo, one.requires.echo);
      },
    });
    system.create(root).start();
    system.run();
    expect(seen).toEqual(['a!', 'b!']);
    expect(system.eventsHandled).toBe(4);
  });

  test('a channel that was taken away carries nothing more, and what was sent before still arrives', () => {
    const { system } = make();
    const seen: string[] = [];
    let cut = (): void => {};
    let say = (_text: string): void => {};
    const root = component('root', {
      setup: (context) => {
        const cave = context.create(Cave, '.');
        const one = context.create(Listener, { say: [], seen });
        const channel = context.connect(cave.provides.echo, one.requires.echo);
        cut = () => channel.disconnect();
        say = context.attach(cave.provides.echo).emit.say;
      },
    });
    system.create(root).start();
    say('before');
    system.run();
    cut();
    say('after');
    system.run();
    expect(seen).toEqual(['before.']);
  });

  test('connecting what is connected already is a bug that names both ports', () => {
    const { system, halts } = make();
    const root = component('root', {
      setup: (context) => {
        const cave = context.create(Cave, '.');
        const one = context.create(Listener, { say: [], seen: [] });
        context.connect(cave.provides.echo, one.requires.echo);
        context.connect(cave.provides.echo, one.requires.echo);
      },
    });
    expect(() => system.create(root)).toThrow('root/cave.provides.echo and root/listener.requires.echo are connected');
    expect(halts).toEqual([]);
  });
});

describe('lifecycle', () => {
  test('events for a passive component wait until it starts, in their order', () => {
    const { system } = make();
    const seen: string[] = [];
    let say = (_text: string): void => {};
    let stop = (): void => {};
    let start = (): void => {};
    const root = component('root', {
      setup: (context) => {
        const cave = context.create(Cave, '');
        ({ stop, start } = cave);
        const attached = context.attach(cave.provides.echo);
        say = attached.emit.say;
        attached.on.heard((text) => seen.push(text));
      },
    });
    system.create(root).start();
    stop();
    stop();
    say('1');
    say('2');
    system.run();
    expect(seen).toEqual([]);
    start();
    start();
    say('3');
    system.run();
    expect(seen).toEqual(['1', '2', '3']);
  });

  test('a killed component is gone with its children, and may be killed twice', () => {
    const { system } = make();
    const stopped: string[] = [];
    const leaf = component('leaf', { setup: ({ onStop, path }) => onStop(() => stopped.push(path)) });
    const root = component('root', {
      setup: ({ create, onStop, path }) => {
        create(leaf);
        onStop(() => stopped.push(path));
      },
    });
    const handle = system.create(root);
    handle.start();
    handle.kill();
    handle.kill();
    expect(stopped).toEqual(['root/leaf', 'root']);
    expect(handle.state).toBe('destroyed');
  });
});

describe('supervision', () => {
  const Fragile = component('fragile', {
    provides: { echo: Echo },
    setup: ({ provides: { echo } }) => {
      let count = 0;
      echo.on.say((text) => {
        if (text === 'break') throw new Error('broken');
        echo.emit.heard(`${text}${++count}`);
      });
    },
  });

  function start(supervise: Supervision, texts: string[]) {
    const world = make();
    const seen: string[] = [];
    const root = component('root', {
      setup: (context) => {
        const fragile = context.create(Fragile, undefined, { supervise });
        const { emit, on } = context.attach(fragile.provides.echo);
        on.heard((text) => seen.push(text));
        context.onStart(() => {
          for (const text of texts) emit.say(text);
        });
      },
    });
    const handle = world.system.create(root);
    handle.start();
    world.system.run();
    return { ...world, seen, handle };
  }

  test('resume keeps the state and loses the event that failed', () => {
    const { seen, faults, halts } = start({ on: 'resume' }, ['a', 'break', 'b']);
    expect(seen).toEqual(['a1', 'b2']);
    expect(faults.map(({ path, event: name }) => `${path} ${name}`)).toEqual(['root/fragile say']);
    expect(halts).toEqual([]);
  });

  test('restart begins with a new state and the events that waited', () => {
    const { seen } = start({ on: 'restart', restartsMax: 3, withinMs: 1000 }, ['a', 'break', 'b', 'c']);
    expect(seen).toEqual(['a1', 'b1', 'c2']);
  });

  test('too many restarts in too short a time escalate', () => {
    const { halts, faults } = start({ on: 'restart', restartsMax: 1, withinMs: 1000 }, ['break', 'a', 'break', 'b']);
    expect(faults.map(({ path }) => path)).toEqual(['root/fragile', 'root/fragile']);
    expect(halts).toHaveLength(1);
  });

  test('destroy removes it and leaves the others alone', () => {
    const { seen, halts, handle } = start({ on: 'destroy' }, ['a', 'break', 'b']);
    expect(seen).toEqual(['a1']);
    expect(halts).toEqual([]);
    expect(handle.state).toBe('active');
  });

  test('a fault that nobody expected stops the whole system, and it is seen to stop', () => {
    const { halts, system } = start({ on: 'escalate' }, ['a', 'break', 'b']);
    expect(halts.map(({ error }) => String(error))).toEqual(['Error: broken']);
    expect(system.isHalted).toBe(true);
  });
});

describe('turns', () => {
  test('what is left for the end of the turn runs once all events are handled, and belongs to the turn', () => {
    const { system } = make();
    const order: string[] = [];
    const root = component('root', {
      setup: (context) => {
        const cave = context.create(Cave, '');
        const { emit, on } = context.attach(cave.provides.echo);
        on.heard((text) => {
          order.push(text);
          if (text === '1') context.atTurnEnd(() => emit.say('late'));
        });
        context.onStart(() => {
          for (const text of ['1', '2']) emit.say(text);
        });
      },
    });
    system.create(root).start();
    system.run();
    expect(order).toEqual(['1', '2', 'late']);
  });

  test('many events wake the world once', () => {
    const { system, wakes } = make();
    const root = component('root', {
      setup: (context) => {
        const { emit } = context.attach(context.create(Cave, '').provides.echo);
        context.onStart(() => {
          for (let i = 0; i < 10_000; i++) emit.say('x');
        });
      },
    });
    system.create(root).start();
    expect(wakes()).toBe(1);
    system.run();
    expect(system.eventsHandled).toBe(10_000);
  });

  test('a reference answers the one who asked, and not after a restart', () => {
    const { system } = make();
    const seen: string[] = [];
    const told: { tell: (text: string) => void }[] = [];
    const root = component('root', {
      setup: (context) => {
        told.push(context.ref<string>((text) => seen.push(text)));
      },
    });
    const handle = system.create(root);
    handle.start();
    told[0]!.tell('now');
    system.run();
    handle.kill();
    told[0]!.tell('never');
    system.run();
    expect(seen).toEqual(['now']);
  });
});
