import { type HistoryCheck, history } from './check.ts';
import { type Exchange, exchangesText, exchangeText } from './exchange.ts';
import { checkedStatesMax } from './limits.ts';
import { type Judge, searchLinearization } from './linearization.ts';
import { findCycle, type Precedence, precedences, type TransactionRecord, undefinedText } from './precedence.ts';

/** What a transaction read and wrote of which keys. Values are data. */
export interface ReadsAndWrites {
  /** What it saw of keys, before its own writes; undefined for a key without a value. */
  readonly reads: readonly (readonly [key: string, value: unknown])[];
  /** No two transactions write the same value to a key: a read tells by it whose write it saw. */
  readonly writes: readonly (readonly [key: string, value: unknown])[];
}

/** What the checker of histories must know of transactions: what each read and wrote. */
export interface TransactionModel<Call, Answer> {
  /**
   * What a transaction did by its call and its answer; of one without an answer what it writes if it happened. Undefined
   * where it did nothing, as one that was refused.
   */
  readonly transaction: (call: Call, answer: Answer | undefined) => ReadsAndWrites | undefined;
  /** What keys hold at the beginning: nothing where it is left out. */
  readonly initial?: (key: string) => unknown;
}

/**
 * Whether transactions over many keys can be explained by one order, in which each comes behind all that had ended before
 * it began (Papadimitriou 1979, Herlihy and Wing 1990). First cycles are looked for among what must come before what, as
 * Elle does (Kingsbury and Alvaro 2020): who read whose write, whose write was overwritten, who had ended before. Where
 * there is none an order is searched for, so that whatever passes has one.
 */
export function strictlySerializable<Call, Answer>(model: TransactionModel<Call, Answer>): HistoryCheck<Call, Answer> {
  return history('strictly serializable', (exchanges) => {
    const initial = (key: string): string => textOf(model.initial?.(key));
    const [records, sentences] = recordsOf(model, exchanges, initial);
    if (sentences.length > 0) return sentences;
    const found = precedences(records, initial);
    if (found.anomalies.length > 0) return found.anomalies.map((one) => sayAnomaly(one, records));
    const cycle = findCycle(found.edges, records.length);
    if (cycle !== undefined) return [sayCycle(cycle, records)];
    return search(records, initial);
  });
}

type Records<Call, Answer> = readonly (TransactionRecord & { readonly exchange: Exchange<Call, Answer> })[];

/** Those that happened: one without an answer did if somebody read what it wrote, and else it makes no difference. */
function recordsOf<Call, Answer>(
  { transaction }: TransactionModel<Call, Answer>,
  exchanges: readonly Exchange<Call, Answer>[],
  initial: (key: string) => string,
): [Records<Call, Answer>, string[]] {
  const all = exchanges.flatMap((exchange) => {
    const done = transaction(exchange.call, exchange.answer);
    if (done === undefined) return [];
    const texts = (pairs: ReadsAndWrites['reads']) => new Map(pairs.map(([key, value]) => [key, textOf(value)]));
    const { invokedMs, returnedMs, answer } = exchange;
    const reads = texts(answer === undefined ? [] : done.reads);
    return [{ exchange, invokedMs, returnedMs, reads, writes: texts(done.writes) }];
  });
  const seen = new Set(all.flatMap(({ reads }) => [...reads].map(placeOf)));
  const writers = new Set<string>();
  const sentences: string[] = [];
  for (const { writes, exchange } of all) {
    for (const [key, text] of writes) {
      const place = placeOf([key, text]);
      if (writers.has(place) || text === initial(key))
        sentences.push(
          `${place} was written before, so that no read tells whose write it saw: ${exchangeText(exchange)}`,
        );
      writers.add(place);
    }
  }
  return [
    all.filter(
      ({ exchange, writes }) => exchange.answer !== undefined || [...writes].some((one) => seen.has(placeOf(one))),
    ),
    sentences,
  ];
}

function placeOf([key, text]: readonly [string, string]): string {
  return `${key} = ${text}`;
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? undefinedText;
}

function search(records: Records<unknown, unknown>, initial: (key: string) => string): string[] {
  const spans = records.map((one) => ({ ...one, mayNeverHappen: false }));
  const verdict = searchLinearization(spans, judgeOf(records, initial), checkedStatesMax);
  if (verdict === 'holds') return [];
  const what = verdict === 'violated' ? 'can be in no order' : 'are too hard to judge';
  return [`the transactions ${what}:\n${exchangesText(records.map(({ exchange }) => exchange))}`];
}

/** The state is the values of all keys, in the order in which the history names them first. */
function judgeOf(records: readonly TransactionRecord[], initial: (key: string) => string): Judge<readonly string[]> {
  const keys = [...new Set(records.flatMap(({ reads, writes }) => [...reads.keys(), ...writes.keys()]))];
  const places = new Map(keys.map((key, place) => [key, place]));
  const placed = (texts: ReadonlyMap<string, string>) =>
    [...texts].map(([key, text]) => [places.get(key)!, text] as const);
  const all = records.map(({ reads, writes }) => ({ reads: placed(reads), writes: placed(writes) }));
  return {
    initial: keys.map(initial),
    after: (state, index) => {
      const { reads, writes } = all[index]!;
      for (const [place, text] of reads) if (state[place] !== text) return undefined;
      const next = writes.length === 0 ? state : [...state];
      for (const [place, text] of writes) (next as string[])[place] = text;
      return { next };
    },
    text: (state) => state.join(),
    isRead: (index) => records[index]!.writes.size === 0,
    isLost: () => false,
    twin: () => undefined,
  };
}

function sayAnomaly(
  { index, text }: { readonly index: number; readonly text: string },
  records: Records<unknown, unknown>,
): string {
  return `${text}:\n  ${exchangeText(records[index]!.exchange)}`;
}

function sayCycle(cycle: readonly Precedence[], records: Records<unknown, unknown>): string {
  const lines = cycle.map(
    ({ from, why }) => `  ${exchangeText(records[from]!.exchange)}\n    must come before the next, ${why}`,
  );
  return `transactions must each come before the next, and the last before the first:\n${lines.join('\n')}`;
}
