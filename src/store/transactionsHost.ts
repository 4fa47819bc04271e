import { reach } from '../cell/index.ts';
import type { World } from '../world/index.ts';
import type { TransactionsHost } from './round.ts';
import type { Routes } from './routes.ts';

/** What transactions need, as a router gives it: `after` runs something in a turn of the router's. */
export function transactionsHostOf(
  { clock, entropy, log }: World,
  routes: Routes,
  { address, after, ask }: Pick<TransactionsHost, 'address' | 'after' | 'ask'>,
): TransactionsHost {
  let incarnation = '';
  let count = 0;
  return {
    address,
    get nowMs() {
      return clock.monotonicMs();
    },
    get wallMs() {
      return clock.wallMs();
    },
    fraction: () => entropy.fraction(),
    newId: () => {
      if (incarnation === '') incarnation = entropy.hex(16);
      return `${incarnation}-${++count}`;
    },
    after,
    reach: (milestone) => reach(log, milestone),
    spans: (range) => routes.spans(range),
    cellAt: (key) => routes.cellAt(key),
    ask,
  };
}
