import { everything, intersection, type Key, prefixRange, type Range } from '../base/index.ts';
import type { KeyCodec } from './keyCodec.ts';

/** Which keys: all that meet every condition which is given. */
export interface RangeQuery<K> {
  /** This one and those above. */
  readonly from?: K;
  /** Those below this one. */
  readonly to?: K;
  /** Those that begin with it: of a tuple, with its parts. */
  readonly prefix?: K;
  /** Those that come after it on the way through the range: the last key of a page, to ask for the next one. */
  readonly after?: K;
  /** At most so many, in order; by default as many as fit a page. */
  readonly limit?: number;
  /** From the last down. */
  readonly isDown?: boolean;
}

/** The range of the store that a query asks for. */
export function boundsOf<K>(keys: KeyCodec<K>, query: RangeQuery<K>): Range {
  const from = query.from === undefined ? '' : keys.encode(query.from);
  const to = query.to === undefined ? undefined : keys.encode(query.to);
  const whole = query.prefix === undefined ? { from: '', to: undefined } : prefixRange(keys.encode(query.prefix));
  const asked = intersection(whole, { from, to }) ?? { from, to: from };
  const bounds = intersection(asked, keys.bounds ?? everything) ?? { from, to: from };
  return query.after === undefined ? bounds : behind(bounds, keys.encode(query.after), query.isDown ?? false);
}

/** What is left of a range behind one of its keys. */
export function behind(bounds: Range, last: Key, isDown: boolean): Range {
  const rest = isDown ? { from: '', to: last } : { from: `${last}\0`, to: undefined };
  return intersection(bounds, rest) ?? { from: bounds.from, to: bounds.from };
}
