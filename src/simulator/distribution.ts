import { assert, type Random } from '../base/index.ts';

/** Draws numbers: milliseconds where it spaces things out, or whatever else is wanted. */
export type Distribution = (random: Random) => number;

/** The same value always. */
export function constant(value: number): Distribution {
  return () => value;
}

/** Evenly from `low` (included) to `high` (excluded). */
export function uniform(low: number, high: number): Distribution {
  return (random) => low + random.fraction() * (high - low);
}

/** The time to the next of things that happen independently of one another. */
export function exponential(mean: number): Distribution {
  return (random) => -Math.log(1 - random.fraction()) * mean;
}

/** By the transform of Box and Muller. It has no bounds: what must not be negative is cut off by whoever uses it. */
export function normal(mean: number, deviation: number): Distribution {
  return (random) => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.fraction()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * random.fraction());
  };
}

/** Half of what it draws is below the median; `sigma` is the deviation of its logarithm: 0.5 has a long tail. */
export function logNormal(median: number, sigma: number): Distribution {
  const logarithm = normal(Math.log(median), sigma);
  return (random) => Math.exp(logarithm(random));
}

/** Integers from 0 to `count` - 1, of which i is as likely as 1 / (i + 1)^skew: a few keys get most of the work. */
export function zipf(count: number, skew = 1): Distribution {
  assert(count >= 1, 'a Zipf distribution is over one number at least');
  const sums: number[] = [];
  let sum = 0;
  for (let i = 1; i <= count; i++) sums.push((sum += i ** -skew));
  return (random) => {
    const draw = random.fraction() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle]! <= draw) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
