import { type Result, success } from '../base/index.ts';
import type { Answer, SimpleAnswer } from '../command/index.ts';
import { ask } from './ask.ts';
import { runTransaction } from './attempts.ts';
import { snapshotBytesMax, snapshotRowsMax } from './limits.ts';
import { boundsOf, type RangeQuery } from './rangeQuery.ts';
import type { Entry } from './store.ts';
import type { StoreError } from './storeError.ts';
import type { Codecs, Transaction } from './transaction.ts';

/** Which keys a snapshot is of. */
export type SnapshotQuery<K> = Pick<RangeQuery<K>, 'from' | 'to' | 'prefix'>;

type Rows = SimpleAnswer & { readonly kind: 'rows' };

/**
 * The entries of a range at one moment between the call and its result. What fits one answer is read by one command, which the
 * store does whatever is written meanwhile, for it locks the range where looking twice does not help. More is read page by page
 * in a transaction, and again from the start where something in it was written before all was read.
 */
export async function snapshotOf<K, V>(
  codecs: Codecs<K, V>,
  query: SnapshotQuery<K>,
): Promise<Result<readonly Entry<K, V>[], StoreError>> {
  const limits = { rowsMax: snapshotRowsMax, bytesMax: snapshotBytesMax, isDown: false, withValues: true };
  const commands = [{ kind: 'range', ...boundsOf(codecs.keys, query), ...limits } as const];
  const answer = await ask(codecs.bridge, { kind: 'transaction', checks: [], ranges: [], commands });
  if (!answer.ok) return answer;
  const rows = rowsIn(answer.value);
  if (rows?.more !== false) return runTransaction(codecs, (tx) => allOf(tx, query));
  const entries = rows.rows.map(({ key, value, version }) => ({
    key: codecs.keys.decode(key),
    value: codecs.values.decode(value),
    version,
  }));
  return success(entries);
}

function rowsIn(answer: Answer): Rows | undefined {
  const first = answer.kind === 'executed' ? answer.answers[0] : undefined;
  return first?.kind === 'rows' ? first : undefined;
}

async function allOf<K, V>(tx: Transaction<K, V>, query: SnapshotQuery<K>): Promise<readonly Entry<K, V>[]> {
  const entries: Entry<K, V>[] = [];
  for (;;) {
    const last = entries.at(-1);
    const page = await tx.range(last === undefined ? query : { ...query, after: last.key });
    if (page.length === 0) return entries;
    entries.push(...page);
  }
}
