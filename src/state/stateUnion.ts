import { everything, type Key, type Range } from '../base/index.ts';
import { bytesOfRecord } from '../command/index.ts';
import type { CellRow, LogPosition } from './cellState.ts';
import { History } from './history.ts';
import type { Sessions } from './sessions.ts';
import { isShelvedByKey } from './shelving.ts';
import type { StateData } from './stateData.ts';
import { aheadRows, metaRows, stageRow, unitedFigures } from './stateMeta.ts';
import { expiryPrefix, reservationPrefix, sessionPrefix, transactionPrefix } from './stateRanges.ts';
import { uniteTransactions } from './union.ts';

/** One of two cells, as its state holds it. */
export interface Side {
  readonly data: StateData;
  readonly sessions: Sessions;
  readonly range: Range;
  freeze(): { readonly clear: readonly Range[]; readonly rows: readonly CellRow[] };
}

/** What a commit is to write, with which the engine holds one cell that was two. */
export interface Union {
  readonly clear: readonly Range[];
  readonly rows: readonly CellRow[];
  /** Those of them that say what the lower cell takes over: the same on every replica. */
  readonly taken: readonly CellRow[];
  readonly past: History;
}

/** Reads all that a union will read. */
export function examineForUnion(data: StateData): void {
  const rows = data.expiryRows('')[Symbol.iterator]();
  while (!rows.next().done);
  for (const { writes } of data.intents.records) for (const { key } of writes) examineItem(data, key);
}

/** What is deleted takes its elements with it. */
function examineItem(data: StateData, key: Key): void {
  if (data.find(key)?.isPlain !== false) return;
  const elements = data.elements.entries(key, everything)[Symbol.iterator]();
  while (!elements.next().done);
}

/** Makes one cell of two at a place in the log of the lower one. Their states are of no use any more: what there is stands in the rows. */
export function uniteStates(cell: string, position: LogPosition, lower: Side, upper: Side): Union {
  const [pastLower, pastUpper] = [lower, upper].map(({ data, range }) => ({ range, history: data.history }));
  const past = History.united(pastLower!, pastUpper!, position.index);
  lower.data.history = past;
  upper.data.history = past;
  const prefix = transactionPrefix(cell);
  const taken: CellRow[] = uniteTransactions(lower, upper).map((record) => ({
    key: prefix + record.name.id,
    value: bytesOfRecord(record),
  }));
  taken.push(...upper.data.expiryRows(expiryPrefix(cell)), ...upper.sessions.rows(sessionPrefix(cell)));
  taken.push(...upper.data.reservations.rows(reservationPrefix(cell)));
  const gone = [...lower.data.intents.records].map(({ name }) => ({ key: prefix + name.id, value: undefined }));
  const figures = unitedFigures(lower.data.figures(), upper.data.figures());
  const own = lower.freeze();
  const theirs = upper.freeze();
  const rows = new Map<Key, CellRow>();
  const meta = [...metaRows(cell, position, figures), ...aheadRows(cell, past.ahead), stageRow(cell, undefined)];
  const items = theirs.rows.filter(({ key }) => isShelvedByKey(key));
  for (const row of [...own.rows, ...items, ...gone, ...taken, ...meta]) rows.set(row.key, row);
  const clear = [...own.clear, ...theirs.clear.filter(({ from }) => isShelvedByKey(from))];
  return { clear, rows: [...rows.values()], taken, past };
}
