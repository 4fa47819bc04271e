import { emptyBytes, type Key, unreachable } from '../base/index.ts';
import type { PlainAnswer, RowAnswer, SimpleAnswer, SimpleCommand } from '../command/index.ts';
import { type CollectionRead, readCollection, wrongType } from './collectionReads.ts';
import { type Item, never } from './item.ts';
import { answerBytesMax, rangeRowsMax } from './limits.ts';
import type { StateData } from './stateData.ts';

type ReadKind = 'get' | 'getMany' | 'range' | 'exists' | 'length' | 'part' | 'lifetime' | 'versions' | 'count';
export type ReadCommand = (SimpleCommand & { readonly kind: ReadKind }) | CollectionRead;
type Only<K extends ReadKind> = SimpleCommand & { readonly kind: K };

const missing: PlainAnswer = { kind: 'missing' };
const tooMuch: PlainAnswer = {
  kind: 'error',
  problem: 'tooLarge',
  text: `the answer is larger than ${answerBytesMax} bytes`,
};

/** Answers a command that changes nothing. Values in the answer are views of the state: encode them at once. */
export function answerRead(data: StateData, asked: ReadCommand): SimpleAnswer {
  switch (asked.kind) {
    case 'get':
      return valueOrMissing(data, data.live(asked.key));
    case 'getMany':
      return answerMany(data, asked.keys);
    case 'range':
      return answerRange(data, asked);
    case 'exists':
      return { kind: 'integer', value: countLive(data, asked.keys) };
    case 'length': {
      const item = data.live(asked.key);
      return item?.isPlain === false ? wrongType : { kind: 'integer', value: item?.valueLength ?? 0 };
    }
    case 'part':
      return answerPart(data, asked);
    case 'lifetime':
      return answerLifetime(data, data.live(asked.key));
    case 'versions':
      return { kind: 'versions', versions: asked.keys.map((key) => data.live(key)?.version ?? 0) };
    case 'count':
      return { kind: 'integer', value: data.keys };
    case 'look':
    case 'typeOf':
    case 'contents':
    case 'combine':
    case 'combineScores':
      return readCollection(data, asked);
    default:
      return unreachable(asked);
  }
}

/** What a key holds, as far as the answer may still carry it. */
export function valueOrMissing(data: StateData, item: Item | undefined): PlainAnswer {
  if (item === undefined) return missing;
  if (!item.isPlain) return wrongType;
  data.answerBytesLeft -= item.valueLength;
  if (data.answerBytesLeft < 0) return tooMuch;
  return { kind: 'value', value: item.value, version: item.version, expiresAtMs: shown(item) };
}

function answerMany(data: StateData, keys: readonly Key[]): SimpleAnswer {
  const answers: PlainAnswer[] = [];
  for (const key of keys) {
    const item = data.live(key);
    const one = item?.isPlain ? valueOrMissing(data, item) : missing;
    if (one.kind === 'error') return one;
    answers.push(one);
  }
  return { kind: 'many', answers };
}

function answerRange(data: StateData, asked: Only<'range'>): SimpleAnswer {
  const rows: RowAnswer[] = [];
  const rowsMax = Math.min(asked.rowsMax, rangeRowsMax);
  let bytesLeft = Math.min(asked.bytesMax, data.answerBytesLeft);
  for (const [key, item] of data.liveItems({ from: asked.from, to: asked.to }, asked.isDown)) {
    // Who wants values wants plain ones.
    if (asked.withValues && !item.isPlain) continue;
    const value = asked.withValues ? item.value : emptyBytes;
    const size = key.length + value.length;
    // The first row is always there, however large: who asks page by page must get on.
    if (rows.length >= rowsMax || (size > bytesLeft && rows.length > 0)) return { kind: 'rows', rows, more: true };
    bytesLeft -= size;
    data.answerBytesLeft -= size;
    rows.push({ key, value, version: item.version, expiresAtMs: shown(item) });
  }
  return { kind: 'rows', rows, more: false };
}

function answerPart(data: StateData, asked: Only<'part'>): SimpleAnswer {
  const item = data.live(asked.key);
  if (item?.isPlain === false) return wrongType;
  const length = item?.valueLength ?? 0;
  const first = Math.max(0, asked.first < 0 ? length + asked.first : asked.first);
  const last = Math.min(length - 1, Math.max(0, asked.last < 0 ? length + asked.last : asked.last));
  const isBackward = asked.first < 0 && asked.last < 0 && asked.first > asked.last;
  const isEmpty = item === undefined || isBackward || first > last;
  const value = isEmpty ? emptyBytes : item.value.subarray(first, last + 1);
  data.answerBytesLeft -= value.length;
  if (data.answerBytesLeft < 0) return tooMuch;
  return {
    kind: 'value',
    value,
    version: item?.version ?? 0,
    expiresAtMs: item === undefined ? undefined : shown(item),
  };
}

function answerLifetime(data: StateData, item: Item | undefined): SimpleAnswer {
  if (item === undefined) return missing;
  const expiresAtMs = shown(item);
  const remainingMs = expiresAtMs === undefined ? undefined : Math.max(0, expiresAtMs - data.nowMs);
  return { kind: 'lifetime', expiresAtMs, remainingMs };
}

function countLive(data: StateData, keys: readonly Key[]): number {
  let count = 0;
  for (const key of keys) if (data.live(key) !== undefined) count++;
  return count;
}

function shown(item: Item): number | undefined {
  return item.expiresAtMs === never ? undefined : item.expiresAtMs;
}
