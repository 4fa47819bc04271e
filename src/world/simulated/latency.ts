import { assert, type Random } from '../../base/index.ts';

/** A host as delays know it: `index` counts from 0 in the order in which hosts were added. */
export interface Place {
  readonly name: string;
  readonly index: number;
}

/** How long a frame takes from one host to another, in milliseconds. Drawn for each frame. */
export type Latency = (from: Place, to: Place, random: Random) => number;

/** The same for every frame, in milliseconds. */
export function constantLatency(ms: number): Latency {
  return () => ms;
}

/** Evenly from `lowMs` (included) to `highMs` (excluded). */
export function uniformLatency(lowMs: number, highMs: number): Latency {
  return (_from, _to, random) => lowMs + random.fraction() * (highMs - lowMs);
}

/** Half of the frames take less than the median; `sigma` is the deviation of the logarithm: 0.5 has a long tail. */
export function logNormalLatency(medianMs: number, sigma: number): Latency {
  return (_from, _to, random) => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.fraction()));
    return medianMs * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random.fraction()));
  };
}

/** Where a place lies in a space of measured delays, as Vivaldi finds it (Dabek and others 2004). */
export interface Coordinate {
  /** In milliseconds, in as many dimensions as all others have. */
  readonly position: readonly number[];
  /** What its access takes, on top of the way. */
  readonly heightMs: number;
}

/** The one-way delay between two places: half of the round trip that their coordinates foretell. */
export function delayBetween(a: Coordinate, b: Coordinate): number {
  assert(a.position.length === b.position.length, 'coordinates of one space have as many dimensions');
  const squares = a.position.reduce((sum, at, i) => sum + (at - b.position[i]!) ** 2, 0);
  return (Math.sqrt(squares) + a.heightMs + b.heightMs) / 2;
}

/** The delays of a square of places: `matrix[i][j]` from i to j, one way, in milliseconds. */
export function matrixOf(places: readonly Coordinate[]): readonly (readonly number[])[] {
  return places.map((from) => places.map((to) => (from === to ? 0 : delayBetween(from, to))));
}

/**
 * The first host stands at the first place, and so on, around again where there are more hosts than places. `jitter` is
 * the part of a delay that is drawn on top, at most.
 */
export function matrixLatency(matrix: readonly (readonly number[])[], jitter = 0.1): Latency {
  const { length } = matrix;
  assert(length > 0 && matrix.every((row) => row.length === length), 'a matrix of delays is a square');
  return (from, to, random) => matrix[from.index % length]![to.index % length]! * (1 + random.fraction() * jitter);
}
