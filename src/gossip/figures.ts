import { assert, type Key } from '../base/index.ts';
import { histogramClasses } from './limits.ts';
import type { Mass } from './messages.ts';

/** What one peer puts into the averages of an epoch. */
export interface Figures {
  /** The part of the key space that lies between its predecessor and itself: the mean of all gaps is 1 / peers. */
  readonly gap: number;
  /** What it carries, in bytes or in requests a second; not negative. */
  readonly load: number;
}

/** What the averages say of all peers. */
export interface Estimate {
  /** Epochs are numbered, and estimates of one epoch are about the same at all peers. */
  readonly epoch: number;
  /** Whether the last exchanges of the epoch changed next to nothing: until then the estimate of the epoch before is better. */
  readonly isSettled: boolean;
  readonly peers: number;
  readonly load: {
    readonly mean: number;
    readonly deviation: number;
    readonly least: number;
    readonly most: number;
    /** The part of the peers whose load is below 1, below 4, below 16, and so on; each class without the ones before. */
    readonly histogram: readonly number[];
  };
}

/** Size estimation averages gaps and not a one among zeros: a peer that dies takes no more than its own sample along. */
export function massOf({ gap, load }: Figures): Mass {
  assert(
    gap >= 0 && gap <= 1 && load >= 0,
    () => `a gap is a part of the ring and a load is not negative: ${gap}, ${load}`,
  );
  const histogram = Array.from({ length: histogramClasses }, (_, i) => (i === classOf(load) ? 1 : 0));
  return { means: [gap, load, load * load, ...histogram], least: load, most: load };
}

export function meanOf(a: Mass, b: Mass): Mass {
  return {
    means: a.means.map((one, i) => (one + b.means[i]!) / 2),
    least: Math.min(a.least, b.least),
    most: Math.max(a.most, b.most),
  };
}

export function estimateOf(epoch: number, { means, least, most }: Mass, isSettled: boolean): Estimate {
  const [gap = 1, mean = 0, square = 0, ...histogram] = means;
  const deviation = Math.sqrt(Math.max(0, square - mean * mean));
  return { epoch, isSettled, peers: gap > 0 ? 1 / gap : 1, load: { mean, deviation, least, most, histogram } };
}

function classOf(load: number): number {
  const found = load < 1 ? 0 : Math.floor(Math.log2(load) / 2) + 1;
  return Math.min(found, histogramClasses - 1);
}

/** Digits to base 256 that a double has room for. */
const digits = 7;

/** The part of the key space from one key up to another, clockwise: keys are read as fractions, 0.x1x2x3... to base 256. */
export function gapBetween(from: Key, to: Key): number {
  const gap = fractionOf(to) - fractionOf(from);
  return gap > 0 ? gap : gap + 1;
}

function fractionOf(key: Key): number {
  let fraction = 0;
  let scale = 1 / 256;
  for (let i = 0; i < Math.min(digits, key.length); i++) {
    fraction += key.charCodeAt(i) * scale;
    scale /= 256;
  }
  return fraction;
}
