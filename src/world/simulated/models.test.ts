import { describe, expect, test } from 'vitest';
import { Random, text } from '../../base/index.ts';
import { component, type Ref } from '../../component/index.ts';
import { protocol } from '../index.ts';
import {
  type Access,
  constantLatency,
  fairShares,
  type Latency,
  logNormalLatency,
  matrixLatency,
  matrixOf,
  type Nat,
  type NetworkConditions,
  natTypes,
  reachBetween,
  Universe,
  uniformLatency,
} from './index.ts';

const letters = protocol('letters', 5, text, { mayJoin: true });

/** Hosts that send letters to one another; `send` sends one from now, `heard` tells what arrived where, and when. */
function post(names: readonly string[], network: Partial<NetworkConditions>) {
  const universe = new Universe({ seed: 1, network });
  const heard: { readonly at: string; readonly from: string; readonly ms: number }[] = [];
  const senders = new Map<string, Ref<{ readonly to: string; readonly message: string }>>();
  for (const name of names) {
    const host = universe.addHost(name, ({ system, platform }) => {
      const root = component('root', {
        setup: (context) => {
          const port = context.attach(context.create(platform.transport({ letters })).provides.letters);
          port.on.received(({ from }) => heard.push({ at: name, from: from[0]!, ms: universe.nowMs }));
          senders.set(
            name,
            context.ref((letter) => port.emit.send(letter)),
          );
        },
      });
      system.create(root).start();
    });
    host.start();
  }
  const send = (from: string, to: string, length = 1): void =>
    senders.get(from)!.tell({ to: `${to}:7000`, message: 'x'.repeat(length) });
  return { universe, heard, send };
}

describe('latency', () => {
  const [here, there] = [
    { name: 'a', index: 0 },
    { name: 'b', index: 1 },
  ];
  const draws = (latency: Latency): number[] => {
    const random = new Random(3);
    return Array.from({ length: 10_000 }, () => latency(here, there, random)).sort((a, b) => a - b);
  };

  test('is constant, even, or has a long tail', () => {
    expect(new Set(draws(constantLatency(7)))).toEqual(new Set([7]));
    const even = draws(uniformLatency(5, 15));
    expect([even[0]! >= 5, even.at(-1)! < 15, Math.round(even[5_000]!)]).toEqual([true, true, 10]);
    const long = draws(logNormalLatency(40, 0.5));
    expect(long[5_000]! / 40).toBeCloseTo(1, 1);
    expect(long[9_500]! / 40).toBeCloseTo(Math.exp(0.5 * 1.645), 1);
  });

  test('of a matrix that measured coordinates give depends on where the hosts stand', () => {
    const places = [
      { position: [0, 0], heightMs: 2 },
      { position: [30, 40], heightMs: 8 },
    ];
    const matrix = matrixOf(places);
    expect(matrix).toEqual([
      [0, 30],
      [30, 0],
    ]);
    const { universe, heard, send } = post(['a', 'b', 'c'], { latency: matrixLatency(matrix, 0) });
    send('a', 'b');
    send('a', 'c');
    universe.runFor(100);
    expect(heard.map(({ at, ms }) => [at, Math.round(ms)])).toEqual([
      ['c', 0],
      ['b', 30],
    ]);
  });
});

describe('bandwidth', () => {
  test('is shared so that nobody could have more without one who has no more having less', () => {
    const speeds: Readonly<Record<string, { up: number; down: number }>> = {
      a: { up: 10, down: 10 },
      b: { up: 100, down: 4 },
      c: { up: 100, down: 100 },
    };
    const flows = ['a b', 'a c', 'c b', 'b c'].map((pair) => ({ from: pair[0]!, to: pair[2]! }));
    // b takes 4 in all, 2 of each; a has 8 left for c; and c takes what is left of its 100 from b.
    expect(fairShares(flows, (host) => speeds[host]!)).toEqual([2, 8, 2, 92]);
  });

  test('no link is over its bandwidth, and every flow has one link that is full, whatever the flows', () => {
    const random = new Random(5);
    for (let round = 0; round < 200; round++) {
      const speeds = Array.from({ length: 6 }, () => ({ up: random.between(1, 50), down: random.between(1, 50) }));
      const flows = Array.from({ length: random.between(1, 12) }, () => ({
        from: String(random.below(6)),
        to: String(random.below(6)),
      }));
      const shares = fairShares(flows, (host) => speeds[Number(host)]!);
      const used = (end: 'from' | 'to', host: string): number =>
        flows.reduce((sum, flow, i) => sum + (flow[end] === host ? shares[i]! : 0), 0);
      for (const { from, to } of flows) {
        const room = Math.min(speeds[Number(from)]!.up - used('from', from), speeds[Number(to)]!.down - used('to', to));
        expect(room).toBeCloseTo(0, 6);
      }
    }
  });

  test('makes frames wait: two to one host at once take as long as both one after the other', () => {
    const bandwidth = () => ({ up: 100, down: 100 });
    const { universe, heard, send } = post(['a', 'b', 'c'], { latency: constantLatency(1), bandwidth });
    send('a', 'c', 10_000);
    send('b', 'c', 10_000);
    universe.runFor(1_000);
    expect(heard.map(({ ms }) => Math.round(ms / 10))).toEqual([20, 20]);
    send('a', 'b', 10_000);
    send('b', 'a', 10_000);
    universe.runFor(1_000);
    expect(heard.slice(2).map(({ ms }) => Math.round((ms - 1_000) / 10))).toEqual([10, 10]);
  });
});

describe('translators of addresses', () => {
  const kinds = (pairs: readonly (readonly [Nat, Nat])[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const [a, b] of pairs) counts[reachBetween(a, b)] = (counts[reachBetween(a, b)] ?? 0) + 1;
    return counts;
  };

  test('are of 27 types, whose 378 pairs fall into those that punch, that guess, and that never meet', () => {
    expect(natTypes).toHaveLength(27);
    const pairs = natTypes.flatMap((a, i) => natTypes.slice(i).map((b) => [a, b] as const));
    expect(pairs).toHaveLength(378);
    expect(kinds(pairs)).toEqual({ punched: 153, foretold: 154, none: 71 });
    for (const [a, b] of pairs) expect(reachBetween(b, a)).toBe(reachBetween(a, b));
    for (const nat of natTypes) expect(reachBetween(nat, 'open')).toBe('direct');
  });

  test('shut out each other in the network, and the sender learns that nobody answers', () => {
    const strict: Nat = { mapping: 'port', filtering: 'port', allocation: 'random' };
    const access = (host: string): Access => (host === 'c' ? 'open' : strict);
    const { universe, heard, send } = post(['a', 'b', 'c'], { access });
    send('a', 'b');
    send('a', 'c');
    send('c', 'a');
    universe.runFor(100);
    expect(heard.map(({ at, from }) => `${from}${at}`).sort()).toEqual(['ac', 'ca']);
    expect(universe.network.framesLost).toBe(1);
  });
});
