import { expect, test } from 'vitest';
import { bytesOfText, record, text, textOfBytes, varint } from '../../base/index.ts';
import { component } from '../../component/index.ts';
import { Durability, Listener, protocol } from '../index.ts';
import { type Life, type SimulatedHost, Universe } from './index.ts';

const chat = protocol('chat', 9, record({ text, count: varint }), { mayJoin: true });

interface Heard {
  readonly host: string;
  readonly from: string;
  readonly text: string;
  readonly atMs: number;
}

/** Every peer greets those it knows, once every 10 ms, `times` times. */
function greeter(universe: Universe, heard: Heard[], known: readonly string[], times: number) {
  return ({ system, platform }: Life): void => {
    const greeting = component('greeting', {
      requires: { chat: chat.port },
      setup: (context) => {
        const network = context.requires.chat;
        const { name } = platform.identity;
        network.on.received(({ from, message }) =>
          heard.push({ host: name, from, text: message.text, atMs: universe.nowMs }),
        );
        let count = 0;
        const greet = context.ref(() => {
          for (const to of known) network.emit.send({ to: `${to}:7000`, message: { text: `hello ${to}`, count } });
          if (++count < times) platform.world.timer.after(10, greet);
        });
        context.onStart(() => greet.tell(undefined));
      },
    });
    const root = component('root', {
      setup: (context) => {
        const transport = context.create(platform.transport({ chat }));
        const child = context.create(greeting);
        context.connect(transport.provides.chat, child.requires.chat);
      },
    });
    system.create(root).start();
  };
}

function greet(seed: number, times: number, act: (universe: Universe, hosts: SimulatedHost[]) => void = () => {}) {
  const universe = new Universe({ seed });
  const heard: Heard[] = [];
  const names = ['a', 'b', 'c'];
  const hosts = names.map((name) => universe.addHost(name, greeter(universe, heard, names, times)));
  for (const host of hosts) host.start();
  act(universe, hosts);
  universe.run(1000);
  return { universe, heard };
}

test('peers hear each other and themselves', () => {
  const { heard } = greet(1, 1);
  const seen = heard.map(({ host, from }) => `${from}>${host}`).sort();
  expect(seen).toEqual([
    'a:7000>a',
    'a:7000>b',
    'a:7000>c',
    'b:7000>a',
    'b:7000>b',
    'b:7000>c',
    'c:7000>a',
    'c:7000>b',
    'c:7000>c',
  ]);
});

test('one seed gives one run, and another gives another', () => {
  const hash = (seed: number) => greet(seed, 50).universe.trace.hash;
  expect(hash(7)).toBe(hash(7));
  expect(hash(7)).not.toBe(hash(8));
});

test('faults are a part of the run, and tracing changes nothing', () => {
  const run = (seed: number, isTraced: boolean) => {
    const universe = new Universe({
      seed,
      trace: isTraced ? {} : undefined,
      network: { lossProbability: 0.05, duplicateProbability: 0.05 },
    });
    const heard: Heard[] = [];
    const names = ['a', 'b', 'c', 'd'];
    const hosts = names.map((name) => universe.addHost(name, greeter(universe, heard, names, 100)));
    for (const host of hosts) host.start();
    for (let i = 0; i < 20; i++) {
      universe.after(universe.random.below(900), () => {
        const [one, other] = universe.random.shuffle(hosts);
        universe.random.pick([
          () => one!.restart({ afterMs: 20 }),
          () => one!.stall(30, { isAsleep: universe.random.chance(0.5) }),
          () => universe.network.cut(one!, other!),
          () => universe.network.heal(),
          () => one!.clock.setDrift(universe.random.between(-5, 5)),
        ])();
      });
    }
    universe.run(2000);
    return { hash: universe.trace.hash, heard: heard.length, lines: universe.trace.lines().length };
  };
  for (let seed = 1; seed <= 10; seed++) {
    const { lines, ...traced } = run(seed, true);
    const { lines: none, ...untraced } = run(seed, false);
    expect(traced).toEqual(untraced);
    expect(lines).toBeGreaterThan(100);
    expect(none).toBe(0);
  }
});

test('a cut in one direction lets the other pass, and healing ends it', () => {
  const { heard } = greet(3, 20, (universe, [a, b]) => {
    universe.network.cutOneWay(a!, b!);
    universe.after(95, () => universe.network.heal());
  });
  const between = (from: string, host: string) => heard.filter((h) => h.host === host && h.from === `${from}:7000`);
  expect(between('b', 'a')).toHaveLength(20);
  expect(between('a', 'b').length).toBeGreaterThan(8);
  expect(between('a', 'b').every(({ atMs }) => atMs > 95)).toBe(true);
});

test('a stalled peer hears everything when it goes on, and a crashed one nothing', () => {
  const { heard } = greet(4, 20, (universe, [a, b]) => {
    universe.after(50, () => a!.stall(100));
    universe.after(50, () => b!.crash());
  });
  expect(heard.some(({ host, atMs }) => host === 'a' && atMs > 51 && atMs < 149)).toBe(false);
  expect(heard.filter(({ host, from }) => host === 'a' && from === 'c:7000')).toHaveLength(20);
  expect(heard.some(({ host, atMs }) => host === 'b' && atMs > 50)).toBe(false);
});

test('what was indicated as durable survives a power loss, and nothing is invented', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const universe = new Universe({ seed });
    let durable = 0;
    let recovered: string[] = [];
    const host = universe.addHost('a', ({ system, platform }) => {
      const { storage, timer } = platform.world;
      recovered = storage.recover().records.map(({ bytes }) => textOfBytes(bytes));
      const writer = component('writer', {
        requires: { durability: Durability },
        setup: (context) => {
          context.requires.durability.on.durable(({ upTo }) => {
            durable = upTo;
          });
          let count = 0;
          const write = context.ref(() => {
            storage.append(bytesOfText(`record ${String(count++).padStart(4, '0')}`));
            timer.after(0.05, write);
          });
          if (recovered.length === 0) context.onStart(() => write.tell(undefined));
        },
      });
      const root = component('root', {
        setup: (context) => {
          const durability = context.create(platform.durability);
          context.connect(durability.provides.durability, context.create(writer).requires.durability);
        },
      });
      system.create(root).start();
    });
    host.start();
    universe.run(20 + universe.random.fraction() * 5);
    host.restart();
    universe.runFor(1);
    expect(recovered.length * 27).toBeGreaterThanOrEqual(durable);
    expect(recovered).toEqual(recovered.map((_, i) => `record ${String(i).padStart(4, '0')}`));
    expect(universe.faults).toEqual([]);
  }
});

test('a client is answered over its stream, in order however it is cut', () => {
  const universe = new Universe({ seed: 5 });
  const host = universe.addHost('a', ({ system, platform }) => {
    const echo = component('echo', {
      requires: { listener: Listener },
      setup: (context) => {
        const { on, emit } = context.requires.listener;
        on.data(({ connection, bytes }) => emit.write({ connection, bytes }));
      },
    });
    const root = component('root', {
      setup: (context) => {
        const listener = context.create(platform.listener);
        context.connect(listener.provides.listener, context.create(echo).requires.listener);
      },
    });
    system.create(root).start();
  });
  host.start();
  let answer = '';
  let isClosed = false;
  const client = universe.connect(host, {
    data: (chunk) => {
      answer += textOfBytes(chunk);
    },
    closed: () => {
      isClosed = true;
    },
  });
  let sent = '';
  for (let i = 0; i < 100; i++) {
    sent += `line ${i}\n`;
    client.send(bytesOfText(`line ${i}\n`));
  }
  universe.run(10);
  expect(answer).toBe(sent);
  host.crash();
  universe.runFor(1);
  expect(isClosed).toBe(true);
});
