import { expect, test } from 'vitest';
import { Random } from '../base/index.ts';
import { Average } from './average.ts';
import type { AverageMessage } from './messages.ts';

/** A message on its way between two peers, by number. */
interface Letter {
  readonly from: number;
  readonly to: number;
  readonly message: AverageMessage;
}

/** Peers whose letters come in any order, twice, or late: no peer dies, and nobody gives up. */
class Post {
  readonly #random: Random;
  readonly peers: Average[];
  readonly #letters: Letter[] = [];
  /** Cycles that each had: behind too many of them a question would be given up. */
  readonly #cycles: number[];

  constructor(seed: number, count: number) {
    this.#random = new Random(seed);
    this.#cycles = Array.from({ length: count }, () => 0);
    this.peers = Array.from(
      { length: count },
      (_, i) =>
        new Average(
          () => ({ means: [i], least: i, most: i }),
          () => undefined,
        ),
    );
    for (const peer of this.peers) peer.begin(1);
  }

  /** Somebody begins a cycle, or a letter comes in, perhaps not for the last time. */
  step(): void {
    const [one] = this.#random.shuffle([...this.#cycles.keys()].filter((i) => this.#cycles[i]! < 3));
    if (one !== undefined && this.#random.chance(0.3)) {
      this.#cycles[one]!++;
      return this.cycle(one);
    }
    const at = this.#random.below(this.#letters.length);
    const letter = this.#letters[at];
    if (letter === undefined) return;
    if (this.#random.chance(0.8)) this.#letters.splice(at, 1);
    this.#hand(letter);
  }

  cycle(from: number): void {
    const again = this.peers[from]!.nextCycle();
    const to = again === undefined ? this.#other(from) : Number(again.with);
    const message = again?.message ?? this.peers[from]!.ask(String(to));
    this.#letters.push({ from, to, message });
  }

  /** Everything that is on its way comes in. */
  settle(): void {
    for (let letter = this.#letters.shift(); letter !== undefined; letter = this.#letters.shift()) this.#hand(letter);
  }

  get sum(): number {
    return this.peers.reduce((sum, { mass }) => sum + mass!.means[0]!, 0);
  }

  #hand({ from, to, message }: Letter): void {
    const peer = this.peers[to]!;
    if (message.kind === 'average') {
      return void this.#letters.push({ from: to, to: from, message: peer.answer(String(from), message) });
    }
    if (message.kind === 'averaged') peer.answered(message);
    else peer.refused(message);
  }

  #other(than: number): number {
    return (than + 1 + this.#random.below(this.peers.length - 1)) % this.peers.length;
  }
}

test('however letters overtake and double, the sum over all peers stays what it was (GOS-1)', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const post = new Post(seed, 5);
    for (let i = 0; i < 60; i++) post.step();
    post.settle();
    expect(post.sum).toBeCloseTo(10, 9);
  }
});

test('exchanges bring all to the mean', () => {
  const post = new Post(1, 8);
  for (let round = 0; round < 25; round++) {
    for (let i = 0; i < 8; i++) {
      post.cycle(i);
      post.settle();
    }
  }
  for (const { mass } of post.peers) expect(mass!.means[0]).toBeCloseTo(3.5, 5);
  for (const { mass } of post.peers) expect([mass!.least, mass!.most]).toEqual([0, 7]);
});

test('whoever was in the epoch before begins the next at once, and a newcomer waits for the one behind', () => {
  const [old, fresh] = [0, 1].map(
    (i) =>
      new Average(
        () => ({ means: [i], least: i, most: i }),
        () => undefined,
      ),
  );
  old!.begin(7);
  const hello = fresh!.ask('old');
  expect(old!.answer('fresh', hello)).toEqual({ kind: 'refused', epoch: 7, nonce: hello.nonce });
  fresh!.refused({ kind: 'refused', epoch: 7, nonce: hello.nonce });
  expect(fresh!.mass).toBeUndefined();
  expect(fresh!.answer('old', { kind: 'average', epoch: 7, nonce: 1, mass: old!.mass! }).kind).toBe('refused');
  expect(fresh!.answer('old', { kind: 'average', epoch: 8, nonce: 2, mass: old!.mass! }).kind).toBe('averaged');
  expect(fresh!.mass!.means).toEqual([0.5]);
});

test('a partner that does not answer is not asked again at once, and one of them is in the next epoch', () => {
  const peer = new Average(
    () => ({ means: [1], least: 1, most: 1 }),
    () => undefined,
  );
  peer.begin(1);
  for (const partner of ['mute', 'deaf']) {
    peer.ask(partner);
    while (peer.nextCycle() !== undefined);
  }
  expect(['mute', 'deaf'].map((partner) => peer.isSilent(partner))).toEqual([true, true]);
  peer.answer('deaf', { kind: 'average', epoch: 1, nonce: 1, mass: peer.mass! });
  expect(peer.isSilent('deaf')).toBe(false);
  peer.begin(2);
  expect(peer.isSilent('mute')).toBe(false);
});
