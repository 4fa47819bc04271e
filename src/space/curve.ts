import { assert, everything, type Key, keyOfBytes, type Range } from '../base/index.ts';
import { type KeySet, keySetOf } from '../groups/index.ts';
import { axesMax, bitsPerAxis, rangesMax } from './limits.ts';

/** What values one coordinate has: from `low` up to `high`. */
export interface Axis {
  readonly low: number;
  readonly high: number;
}

/** All between two corners, both included. Where `from` is above `to` on an axis it goes around its end: space is a torus. */
export interface Corners {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** A part of space that halving it again and again leads to: the points whose keys begin with the same bits. */
interface Cell {
  readonly bits: number;
  /** The lowest step and the number of steps on each axis. */
  readonly lows: readonly number[];
  readonly sizes: readonly number[];
}

const steps = 2 ** bitsPerAxis;

/**
 * A curve through space that visits every point once (Morton's order): the bits of the coordinates taken in turn are a key, so
 * that what lies near together mostly has near keys, and each half, quarter, eighth ... of space is one range of keys.
 */
export class Curve {
  readonly #axes: readonly Axis[];

  constructor(axes: readonly Axis[]) {
    assert(axes.length > 0 && axes.length <= axesMax, `a space has one to ${axesMax} axes`);
    assert(
      axes.every(({ low, high }) => low < high),
      'an axis leads from a low value to a higher one',
    );
    this.#axes = axes;
  }

  keyOf(point: readonly number[]): Key {
    return this.#keyOfSteps(this.#stepsOf(point));
  }

  /** Keys of all points in a box, and of as few others as so many ranges allow. */
  cover({ from, to }: Corners): KeySet {
    const boxes = this.#unrolled(this.#stepsOf(from), this.#stepsOf(to));
    const perBox = Math.max(1, Math.floor(rangesMax / boxes.length));
    return keySetOf(boxes.flatMap((box) => this.#rangesOf(box.lows, box.highs, perBox)));
  }

  /** A box that goes around an axis is two boxes that do not. */
  #unrolled(from: readonly number[], to: readonly number[]) {
    let boxes: { readonly lows: readonly number[]; readonly highs: readonly number[] }[] = [{ lows: from, highs: to }];
    for (const axis of this.#axes.keys()) {
      if (from[axis]! <= to[axis]!) continue;
      boxes = boxes.flatMap(({ lows, highs }) => [
        { lows, highs: highs.with(axis, steps - 1) },
        { lows: lows.with(axis, 0), highs },
      ]);
    }
    return boxes;
  }

  /** Halves what lies partly in the box, the largest parts first, while there are not too many. */
  #rangesOf(lows: readonly number[], highs: readonly number[], max: number): readonly Range[] {
    const whole: Cell = { bits: 0, lows: this.#axes.map(() => 0), sizes: this.#axes.map(() => steps) };
    const partly: Cell[] = [whole];
    const found: Cell[] = [];
    while (partly.length > 0 && found.length + partly.length < max) {
      for (const half of this.#halves(partly.shift()!)) {
        const overlap = overlapOf(half, lows, highs);
        if (overlap === 'whole') found.push(half);
        else if (overlap === 'part') partly.push(half);
      }
    }
    return [...found, ...partly].map((cell) => this.#rangeOf(cell));
  }

  #halves({ bits, lows, sizes }: Cell): readonly Cell[] {
    const axis = bits % this.#axes.length;
    const half = sizes[axis]! / 2;
    if (half < 1) return [{ bits, lows, sizes }];
    const halved = sizes.with(axis, half);
    return [
      { bits: bits + 1, lows, sizes: halved },
      { bits: bits + 1, lows: lows.with(axis, lows[axis]! + half), sizes: halved },
    ];
  }

  /** All keys that begin with the bits of a cell. */
  #rangeOf({ bits, lows }: Cell): Range {
    if (bits === 0) return everything;
    const from = this.#keyOfSteps(lows);
    const end = Array.from(from, (character) => character.charCodeAt(0));
    let at = (bits - 1) >> 3;
    end[at]! += 1 << (7 - ((bits - 1) & 7));
    end.fill(0, at + 1);
    for (; end[at]! > 255; at--) {
      if (at === 0) return { from, to: undefined };
      end[at]! -= 256;
      end[at - 1]!++;
    }
    return { from, to: keyOfBytes(Uint8Array.from(end)) };
  }

  #stepsOf(point: readonly number[]): readonly number[] {
    assert(point.length === this.#axes.length, 'a point has a coordinate for each axis');
    return this.#axes.map(({ low, high }, i) => {
      const step = Math.floor(((point[i]! - low) / (high - low)) * steps);
      return Math.min(steps - 1, Math.max(0, step));
    });
  }

  #keyOfSteps(coordinates: readonly number[]): Key {
    const bytes = new Uint8Array((coordinates.length * bitsPerAxis) / 8);
    let at = 0;
    for (let bit = bitsPerAxis - 1; bit >= 0; bit--) {
      for (const step of coordinates) {
        bytes[at >> 3]! |= ((step >> bit) & 1) << (7 - (at & 7));
        at++;
      }
    }
    return keyOfBytes(bytes);
  }
}

function overlapOf(
  { lows: at, sizes }: Cell,
  lows: readonly number[],
  highs: readonly number[],
): 'none' | 'part' | 'whole' {
  let isWhole = true;
  for (const [axis, low] of at.entries()) {
    const high = low + sizes[axis]! - 1;
    if (high < lows[axis]! || low > highs[axis]!) return 'none';
    isWhole &&= low >= lows[axis]! && high <= highs[axis]!;
  }
  return isWhole ? 'whole' : 'part';
}

/** Whether a point lies in a box. */
export function boxCovers({ from, to }: Corners, point: readonly number[]): boolean {
  return point.every((at, i) => {
    const [low, high] = [from[i]!, to[i]!];
    return low <= high ? low <= at && at <= high : at >= low || at <= high;
  });
}
