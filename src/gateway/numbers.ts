import { type Integer, parseInteger } from '../command/index.ts';
import type { Request } from './request.ts';

/** The farthest time in milliseconds, both ways: what is meant to be later means never to anybody. */
const timeMsMax = 2 ** 52;
/** Beyond these Redis has no room for a time. */
const secondsMax = 9_223_372_036_854_775n;
const relativeMsMax = 9_223_370_000_000_000_000n;

/** An argument as an integer of 64 bits, or undefined. */
export function integerAt(request: Request, index: number): Integer | undefined {
  return parseInteger(request.view(index));
}

/** An argument as an integer that numbers hold exactly; those beyond come out as the nearest infinity would. */
export function numberAt(request: Request, index: number): number | undefined {
  const value = integerAt(request, index);
  return value === undefined ? undefined : Number(value);
}

export interface TimeUnit {
  readonly unitMs: 1 | 1000;
  /** Counts from 1970, not from now on. */
  readonly isAbsolute: boolean;
}

/** A time argument in milliseconds; 'invalid' where it is too far away to be one. */
export function timeAt(request: Request, index: number, unit: TimeUnit): number | undefined | 'invalid' {
  const value = integerAt(request, index);
  if (value === undefined) return undefined;
  if (unit.unitMs === 1000 && (value > secondsMax || value < -secondsMax)) return 'invalid';
  if (!unit.isAbsolute && value > relativeMsMax / BigInt(unit.unitMs)) return 'invalid';
  return Math.max(-timeMsMax, Math.min(timeMsMax, Number(value) * unit.unitMs));
}
