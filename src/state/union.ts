import { assert, type Range } from '../base/index.ts';
import { barOf, type TransactionRecord, within } from '../command/index.ts';
import type { StateData } from './stateData.ts';

/** A cell that becomes a part of one. */
export interface Half {
  readonly data: StateData;
  readonly range: Range;
}

/**
 * What is known of transactions by one cell that was two. It speaks with one vote for all that it holds: where one of them has not
 * voted, it is barred, and what the other voted for is undone; where one has done it, the other does it now (TX-16).
 */
export function uniteTransactions(lower: Half, upper: Half): TransactionRecord[] {
  const united: TransactionRecord[] = [];
  const known = [...lower.data.intents.records, ...upper.data.intents.records];
  for (const id of [...new Set(known.map(({ name }) => name.id))].sort()) {
    united.push(unite(id, lower, upper));
  }
  return united;
}

function unite(id: string, lower: Half, upper: Half): TransactionRecord {
  const [a, b] = [lower, upper].map(({ data }) => data.intents.get(id));
  if (a !== undefined && b !== undefined) return uniteKnown(a, b, lower, upper);
  const [record, half, other] = a === undefined ? [b!, upper, lower] : [a, lower, upper];
  const isAlone = within(record.name.participants, other.range).length === 0;
  if (isAlone || record.state !== 'prepared') return record;
  // The other has no vote, so it is not committed, and nobody was told that it is. Nor can the vote be cast any more: should a split
  // part the two again, whoever holds what has not been voted on knows of the bar.
  half.data.intents.settle(record, 0);
  return barOf(record.name, record.sinceMs);
}

function uniteKnown(a: TransactionRecord, b: TransactionRecord, lower: Half, upper: Half): TransactionRecord {
  if (a.state === b.state) {
    const { state } = a;
    return {
      ...{ name: a.name, state, version: Math.max(a.version, b.version), sinceMs: Math.min(a.sinceMs, b.sinceMs) },
      sharedKeys: [...a.sharedKeys, ...b.sharedKeys],
      sharedRanges: [...a.sharedRanges, ...b.sharedRanges],
      ownKeys: [...a.ownKeys, ...b.ownKeys],
      writes: [...a.writes, ...b.writes],
      elements: [...a.elements, ...b.elements],
    };
  }
  const [open, over, half] = a.state === 'prepared' ? [a, b, lower] : [b, a, upper];
  assert(open.state === 'prepared', 'TX-16: of two cells one has done what the other has barred');
  const version = over.state === 'committed' ? over.version : 0;
  half.data.intents.settle(open, version);
  if (version > 0) half.data.fulfil(open, version);
  return over;
}
