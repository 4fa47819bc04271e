import type { Key } from '../base/index.ts';
import {
  type Answer,
  barOf,
  type Command,
  type Footprint,
  footprintOfWork,
  type SimpleAnswer,
  type TransactionName,
  type TransactionRecord,
  type Vote,
} from '../command/index.ts';
import { never } from './item.ts';
import { transactionBytesMax, transactionKeepMs } from './limits.ts';
import type { StateData } from './stateData.ts';
import { holdersIn } from './stateReservations.ts';
import { checksHold } from './stateTransaction.ts';
import { execute } from './stateWrites.ts';

type Only<K extends Command['kind']> = Command & { readonly kind: K };

/** The participant's side of a transaction over several cells: how it votes, and what it does about the outcome. */
export function takePart(data: StateData, asked: Only<'prepare' | 'inquire' | 'settle' | 'forget'>): Answer {
  data.intents.sweep(data.timeMs);
  switch (asked.kind) {
    case 'prepare':
      return prepare(data, asked);
    case 'inquire':
      return inquire(data, asked.name);
    case 'settle':
      for (const outcome of asked.outcomes) settle(data, outcome);
      return { kind: 'ok', version: 0 };
    case 'forget':
      for (const one of asked.over) forget(data, one);
      return { kind: 'ok', version: 0 };
  }
}

/** The vote is computed where the entry stands in the log, and the first one counts (TX-9). It waits for nobody. */
function prepare(data: StateData, asked: Only<'prepare'>): Answer {
  const { name } = asked;
  const { intents } = data;
  const known = intents.get(name.id);
  if (known !== undefined) return voted(name, voteOf(known), known.version);
  if (Math.abs(data.timeMs - name.beganMs) > transactionKeepMs) return voted(name, 'closed');
  const isFull = intents.isFull || intents.bytes > transactionBytesMax;
  const footprint = footprintOfWork(asked);
  data.holders = holdersIn(asked);
  const isBlocked = intents.blocking(footprint) ?? data.reservations.rivalOf(footprint, data.holders);
  if (isFull || isBlocked !== undefined) return voted(name, 'busy');
  if (!checksHold(data, asked)) return voted(name, 'no');
  const { sharedKeys, ownKeys } = locksOf(data, footprint);
  data.beginTrial();
  const answers: SimpleAnswer[] = asked.commands.map((one) => execute(data, one));
  const { writes, elements } = data.endTrial();
  const { version, timeMs: sinceMs } = data;
  // Every field is named, here and where it is settled: records are made for each vote, and spreading costs ten times as much.
  const { ranges: sharedRanges } = footprint;
  intents.add({ name, state: 'prepared', version, sinceMs, sharedKeys, sharedRanges, ownKeys, writes, elements });
  return voted(name, 'yes', version, answers);
}

/** Who asks for a vote where none was cast bars it: from then on there is none. */
function inquire({ intents, timeMs }: StateData, name: TransactionName): Answer {
  const known = intents.get(name.id);
  if (known !== undefined) return voted(name, voteOf(known), known.version);
  if (timeMs > name.beganMs + transactionKeepMs) return voted(name, 'closed');
  // However many are known: somebody else has locks that go by this.
  intents.add(barOf(name, timeMs));
  return voted(name, 'barred');
}

/** Whoever knows the outcome may say it, and say it again. */
function settle(data: StateData, { id, version }: Only<'settle'>['outcomes'][number]): void {
  const record = data.intents.get(id);
  if (record?.state === 'prepared') {
    data.intents.settle(record, version);
    if (version > 0) data.fulfil(record, version);
  }
}

/** All participants have logged the outcome, and either its caller was told or nobody asks any more (TX-12). */
function forget({ intents, timeMs }: StateData, { id, isTold }: Only<'forget'>['over'][number]): void {
  const record = intents.get(id);
  const isOver = record !== undefined && (isTold || timeMs > record.name.beganMs + transactionKeepMs);
  if (isOver && record.state === 'committed') intents.forget(id);
}

/** What expires by time is locked for itself alone: that it is gone is a change that others must not see before. */
function locksOf(
  data: StateData,
  { reads, ranges, writes }: Footprint,
): Pick<TransactionRecord, 'sharedKeys' | 'ownKeys'> {
  if (reads.length === 0 && ranges.length === 0 && writes.length === 1) return { sharedKeys: [], ownKeys: writes };
  const own = new Set<Key>(writes);
  const shared = new Set<Key>();
  for (const key of reads) ((data.find(key)?.expiresAtMs ?? never) === never ? shared : own).add(key);
  for (const range of ranges) {
    for (const [key, { expiresAtMs }] of data.liveItems(range, false)) if (expiresAtMs !== never) own.add(key);
  }
  for (const key of own) shared.delete(key);
  return { sharedKeys: [...shared], ownKeys: [...own] };
}

function voteOf({ state }: TransactionRecord): Vote {
  return state === 'prepared' ? 'yes' : state;
}

function voted(name: TransactionName, vote: Vote, version = 0, answers: readonly SimpleAnswer[] = []): Answer {
  return { kind: 'voted', name, vote, version, answers };
}
