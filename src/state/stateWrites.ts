import { type Bytes, bytesOfText, type Key, unreachable } from '../base/index.ts';
import {
  addIntegers,
  type Condition,
  type Expiry,
  type ExpiryCondition,
  type Problem,
  parseInteger,
  type SimpleAnswer,
  type SimpleCommand,
} from '../command/index.ts';
import { wrongType } from './collectionReads.ts';
import { duplicate, writeCollection } from './collectionWrites.ts';
import { decimalSum } from './decimalSum.ts';
import { type Item, never } from './item.ts';
import { keyBytesMax, valueBytesMax } from './limits.ts';
import { moveElement, popFirst } from './moves.ts';
import { refuseRows } from './refusals.ts';
import type { StateData } from './stateData.ts';
import { answerRead, valueOrMissing } from './stateReads.ts';
import { renew } from './stateReservations.ts';

type Only<K extends SimpleCommand['kind']> = SimpleCommand & { readonly kind: K };

const notDone: SimpleAnswer = { kind: 'notDone' };
const missing: SimpleAnswer = { kind: 'missing' };
const noBytes = new Uint8Array(0);

/** Executes one command at its place in the log. */
export function execute(data: StateData, asked: SimpleCommand): SimpleAnswer {
  switch (asked.kind) {
    case 'put':
      return put(data, asked);
    case 'putMany':
      return putMany(data, asked);
    case 'delete':
      return { kind: 'integer', value: removeAll(data, asked.keys) };
    case 'take':
      return take(data, asked.key);
    case 'increment':
      return increment(data, asked);
    case 'incrementDecimal':
      return incrementDecimal(data, asked);
    case 'moveElement':
      return moveElement(data, asked);
    case 'popFirst':
      return popFirst(data, asked);
    case 'append':
      return append(data, asked);
    case 'overwrite':
      return overwrite(data, asked);
    case 'setExpiry':
      return setExpiry(data, asked);
    case 'getAndExpire':
      return getAndExpire(data, asked);
    case 'persist':
      return setExpiry(data, { kind: 'setExpiry', key: asked.key, expiry: { kind: 'never' }, when: 'present' });
    case 'rename':
      return rename(data, asked);
    case 'edit':
    case 'replace':
    case 'combineInto':
    case 'moveMember':
    case 'copy':
    case 'combineScoresInto':
    case 'keepSelected':
      return writeCollection(data, asked);
    case 'clear':
      data.clear();
      return done(data);
    case 'renew':
      return renew(data, asked);
    default:
      return answerRead(data, asked);
  }
}

function put(data: StateData, asked: Only<'put'>): SimpleAnswer {
  const { key, value } = asked;
  const refused = refuse(key, value.length);
  if (refused !== undefined) return refused;
  const old = data.find(key);
  const current = old !== undefined && data.isLive(old) ? old : undefined;
  // The previous value is answered before it is overwritten: rows are not written again, so the view stays good.
  const previous = asked.returnPrevious ? valueOrMissing(data, current) : undefined;
  if (previous?.kind === 'error' && previous.problem === 'wrongType') return previous;
  const holds = conditionHolds(asked.when, current);
  if (holds) data.put(key, old, value, resolveExpiry(data, asked.expiry, current));
  return previous ?? (holds ? done(data) : notDone);
}

function putMany(data: StateData, asked: Only<'putMany'>): SimpleAnswer {
  for (const { key, value } of asked.entries) {
    const refused = refuse(key, value.length);
    if (refused !== undefined) return refused;
  }
  if (asked.whenAllAbsent) {
    for (const { key } of asked.entries) if (data.live(key) !== undefined) return notDone;
  }
  for (const { key, value } of asked.entries) data.put(key, data.find(key), value, never);
  return done(data);
}

function removeAll(data: StateData, keys: readonly Key[]): number {
  let count = 0;
  for (const key of keys) {
    const old = data.find(key);
    if (old === undefined) continue;
    if (data.isLive(old)) count++;
    data.remove(key, old);
  }
  return count;
}

function take(data: StateData, key: Key): SimpleAnswer {
  const item = data.live(key);
  const taken = valueOrMissing(data, item);
  if (taken.kind === 'value') data.remove(key, item);
  return taken;
}

function increment(data: StateData, asked: Only<'increment'>): SimpleAnswer {
  const refused = refuse(asked.key, 0);
  if (refused !== undefined) return refused;
  const old = data.find(asked.key);
  const current = old !== undefined && data.isLive(old) ? old : undefined;
  if (current?.isPlain === false) return wrongType;
  const before = current === undefined ? 0 : parseInteger(current.value);
  if (before === undefined) return problem('notAnInteger', 'the value is not an integer');
  const value = addIntegers(before, asked.by);
  if (value === undefined) return problem('overflow', 'the sum does not fit 64 bits');
  data.put(asked.key, old, bytesOfText(String(value)), current?.expiresAtMs ?? never);
  return { kind: 'integer', value };
}

function incrementDecimal(data: StateData, { key, by }: Only<'incrementDecimal'>): SimpleAnswer {
  const refused = refuse(key, 0);
  if (refused !== undefined) return refused;
  const old = data.find(key);
  const current = old !== undefined && data.isLive(old) ? old : undefined;
  if (current?.isPlain === false) return wrongType;
  const sum = decimalSum(current?.value, by);
  if (sum.kind === 'value') data.put(key, old, sum.value, current?.expiresAtMs ?? never);
  return sum;
}

function append(data: StateData, asked: Only<'append'>): SimpleAnswer {
  const current = data.live(asked.key);
  if (current?.isPlain === false) return wrongType;
  return writeAt(data, asked.key, current?.valueLength ?? 0, asked.value);
}

function overwrite(data: StateData, asked: Only<'overwrite'>): SimpleAnswer {
  const current = data.live(asked.key);
  if (current?.isPlain === false) return wrongType;
  if (asked.value.length > 0) return writeAt(data, asked.key, asked.offset, asked.value);
  return { kind: 'integer', value: current?.valueLength ?? 0 };
}

function writeAt(data: StateData, key: Key, offset: number, value: Bytes): SimpleAnswer {
  const old = data.find(key);
  const current = old !== undefined && data.isLive(old) ? old : undefined;
  const before = current?.value ?? noBytes;
  const length = Math.max(before.length, offset + value.length);
  const refused = refuse(key, length);
  if (refused !== undefined) return refused;
  const whole = new Uint8Array(length);
  whole.set(before);
  whole.set(value, offset);
  data.put(key, old, whole, current?.expiresAtMs ?? never);
  return { kind: 'integer', value: length };
}

function setExpiry(data: StateData, asked: Only<'setExpiry'>): SimpleAnswer {
  const item = data.live(asked.key);
  const expiresAtMs = resolveExpiry(data, asked.expiry, item);
  if (item === undefined || !expiryHolds(asked.when, item.expiresAtMs, expiresAtMs))
    return { kind: 'integer', value: 0 };
  data.expire(asked.key, item, expiresAtMs);
  return { kind: 'integer', value: 1 };
}

function getAndExpire(data: StateData, asked: Only<'getAndExpire'>): SimpleAnswer {
  const item = data.live(asked.key);
  const current = valueOrMissing(data, item);
  if (item === undefined || current.kind !== 'value') return current;
  const expiresAtMs = resolveExpiry(data, asked.expiry, item);
  if (expiresAtMs !== item.expiresAtMs) data.put(asked.key, item, item.value, expiresAtMs);
  return current;
}

function rename(data: StateData, asked: Only<'rename'>): SimpleAnswer {
  const refused = refuse(asked.to, 0);
  if (refused !== undefined) return refused;
  const item = data.live(asked.key);
  if (item === undefined) return missing;
  if (asked.whenAbsent && data.live(asked.to) !== undefined) return notDone;
  if (asked.key === asked.to) return done(data);
  const tooLong = item.isPlain ? undefined : refuseRows(data, asked.key, asked.to);
  if (tooLong !== undefined) return tooLong;
  duplicate(data, asked.key, item, asked.to);
  data.remove(asked.key, item);
  return done(data);
}

function done(data: StateData): SimpleAnswer {
  return { kind: 'ok', version: data.version };
}

function problem(kind: Problem, text: string): SimpleAnswer {
  return { kind: 'error', problem: kind, text };
}

function refuse(key: Key, valueLength: number): SimpleAnswer | undefined {
  if (key.length > keyBytesMax) return problem('tooLarge', `the key is longer than ${keyBytesMax} bytes`);
  if (valueLength > valueBytesMax) return problem('valueTooLarge', `the value is longer than ${valueBytesMax} bytes`);
  return undefined;
}

function conditionHolds(condition: Condition, current: Item | undefined): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'absent':
      return current === undefined;
    case 'present':
      return current !== undefined;
    case 'version':
      return (current?.version ?? 0) === condition.version;
    default:
      return unreachable(condition);
  }
}

/** No expiry is later than every expiry. */
function expiryHolds(when: ExpiryCondition, oldMs: number, newMs: number): boolean {
  switch (when) {
    case 'always':
      return true;
    case 'absent':
      return oldMs === never;
    case 'present':
      return oldMs !== never;
    case 'later':
      return newMs > oldMs;
    case 'earlier':
      return newMs < oldMs;
    case 'earlierIfPresent':
      return oldMs !== never && newMs < oldMs;
    default:
      return unreachable(when);
  }
}

/** The moment in whole milliseconds since 1970, or `never`. What relative expiries count from is log time. */
function resolveExpiry(data: StateData, expiry: Expiry, current: Item | undefined): number {
  switch (expiry.kind) {
    case 'never':
      return never;
    case 'keep':
      return current?.expiresAtMs ?? never;
    case 'at':
      return wholeMs(expiry.atMs);
    case 'after':
      return wholeMs(data.timeMs + expiry.afterMs);
    default:
      return unreachable(expiry);
  }
}

function wholeMs(timeMs: number): number {
  return timeMs > 0 ? Math.min(Math.floor(timeMs), Number.MAX_SAFE_INTEGER) : 0;
}
