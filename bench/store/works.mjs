import { zipfOver } from './zipf.mjs';

const keysUsual = 10_000;
const valueBytesUsual = 128;

/** The same keys for every store, spread so that callers seldom meet. */
const keyOf = (i) => `key${String(i).padStart(9, '0')}`;
const spread = (caller, n, keys) => (Math.imul(n + caller * 8_929, 2_654_435_761) >>> 0) % keys;

/** What a caller does once: a function of its line, who it is, and how often it did it before. True where it was done. */
export const works = {
  put: ({ keys = keysUsual, valueBytes = valueBytesUsual, prefix = '' }) => {
    const value = Buffer.alloc(valueBytes, 'v');
    return (line, caller, n) => line.put(prefix + keyOf(spread(caller, n, keys)), value);
  },
  /** Every key once; nothing when all are there. */
  fill: ({ keys }) => {
    const value = Buffer.alloc(valueBytesUsual, 'v');
    let next = 0;
    return (line) => (next < keys ? line.put(keyOf(next++), value) : undefined);
  },
  get:
    ({ keys = keysUsual, prefix = '' }) =>
    (line, caller, n) =>
      line.get(prefix + keyOf(spread(caller, n, keys))),
  increment:
    ({ keys = keysUsual }) =>
    (line, caller, n) =>
      line.increment(`n${keyOf(spread(caller, n, keys))}`),
  hotCounter: () => (line) => line.increment('hot counter'),
  hotSet: () => (line, caller, n) => line.add('hot set', `${caller}-${n}`),
  /** Two keys at once, of which the border between two cells lies in the middle. */
  pair: ({ keys = keysUsual }) => {
    const value = Buffer.alloc(valueBytesUsual, 'v');
    return (line, caller, n) => {
      const i = spread(caller, n, keys);
      return line.pair(`a${keyOf(i)}`, `z${keyOf(i)}`, value);
    };
  },
  range:
    ({ keys = keysUsual, rows = 100 }) =>
    (line, caller, n) =>
      line.range(keyOf(spread(caller, n, keys - rows)), rows),
  /** One of the workloads of YCSB (Cooper et al. 2010): shares of what is done, keys by a Zipf law. */
  mix: ({ reads = 0, updates = 0, inserts = 0, scans = 0, keys = keysUsual }) => {
    const value = Buffer.alloc(valueBytesUsual, 'v');
    const next = zipfOver(keys);
    let inserted = keys;
    return async (line) => {
      const kind = Math.random();
      const key = keyOf(next());
      if (kind < reads) return line.get(key);
      if (kind < reads + updates) return line.put(key, value);
      if (kind < reads + updates + inserts) return line.put(keyOf(inserted++), value);
      if (kind < reads + updates + inserts + scans) return line.range(key, 1 + Math.floor(Math.random() * 100));
      return (await line.get(key)) && line.put(key, value);
    };
  },
};
