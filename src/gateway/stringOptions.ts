import type { Bytes, Key } from '../base/index.ts';
import type { Command, Condition, Expiry } from '../command/index.ts';
import { type TimeUnit, timeAt } from './numbers.ts';
import { type Failure, invalidExpiry, notAnInteger } from './plan.ts';
import type { Request } from './request.ts';

export const always: Condition = { kind: 'always' };
export const never: Expiry = { kind: 'never' };

const units: ReadonlyMap<string, TimeUnit> = new Map([
  ['ex', { unitMs: 1000, isAbsolute: false }],
  ['px', { unitMs: 1, isAbsolute: false }],
  ['exat', { unitMs: 1000, isAbsolute: true }],
  ['pxat', { unitMs: 1, isAbsolute: true }],
]);

/** The options of SET and GETEX, as far as their syntax goes. */
export interface StringOptions {
  when: Condition;
  returnPrevious: boolean;
  /** Where the last word on the expiry stands. */
  expiry: number | undefined;
}

export function put(key: Key, value: Bytes, when: Condition, expiry: Expiry, returnPrevious: boolean): Command {
  return { kind: 'put', key, value, when, expiry, returnPrevious };
}

/** Undefined where the options do not go together: an option may come twice, but not with another one of its sort. */
export function parseOptions(request: Request, from: number, isSet: boolean): StringOptions | undefined {
  const options: StringOptions = { when: always, returnPrevious: false, expiry: undefined };
  let expiryWord: string | undefined;
  for (let i = from; i < request.count; i++) {
    const word = request.word(i);
    if (isSet && (word === 'nx' || word === 'xx')) {
      const wanted = word === 'nx' ? 'absent' : 'present';
      if (options.when !== always && options.when.kind !== wanted) return undefined;
      options.when = { kind: wanted };
    } else if (isSet && word === 'get') {
      options.returnPrevious = true;
    } else if (units.has(word) || word === (isSet ? 'keepttl' : 'persist')) {
      if (expiryWord !== undefined && expiryWord !== word) return undefined;
      if (units.has(word) && i + 1 >= request.count) return undefined;
      expiryWord = word;
      options.expiry = i;
      if (units.has(word)) i++;
    } else {
      return undefined;
    }
  }
  return options;
}

/** The expiry that an option and the number behind it stand for, or what is wrong with the number. */
export function parseExpiry(request: Request, index: number, name: string): Expiry | Failure {
  const word = request.word(index);
  const unit = units.get(word);
  if (unit === undefined) return word === 'keepttl' ? { kind: 'keep' } : never;
  return expiryOf(request, index + 1, unit, name);
}

/** An expiry in the future, or what is wrong with it. */
export function expiryOf(request: Request, index: number, unit: TimeUnit, name: string): Expiry | Failure {
  const timeMs = timeAt(request, index, unit);
  if (timeMs === undefined) return notAnInteger;
  if (timeMs === 'invalid' || timeMs <= 0) return invalidExpiry(name);
  return unit.isAbsolute ? { kind: 'at', atMs: timeMs } : { kind: 'after', afterMs: timeMs };
}
