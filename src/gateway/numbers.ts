import { type Integer, parseInteger } from '../store/index.ts';
import type { Request } from './request.ts';

/** The largest time in milliseconds that has a name: beyond it expiry times are invalid. */
const timeMsMax = Number.MAX_SAFE_INTEGER / 4;

/** An argument as an integer of 64 bits, or undefined. */
export function integerAt(request: Request, index: number): Integer | undefined {
  return parseInteger(request.view(index));
}

/** An argument as an integer that numbers hold exactly; those beyond come out as the nearest infinity would. */
export function numberAt(request: Request, index: number): number | undefined {
  const value = integerAt(request, index);
  return value === undefined ? undefined : Number(value);
}

/** A time argument in milliseconds; 'invalid' where it is too far away to be one. */
export function timeAt(request: Request, index: number, unitMs: number): number | undefined | 'invalid' {
  const value = numberAt(request, index);
  if (value === undefined) return undefined;
  const timeMs = value * unitMs;
  return Math.abs(timeMs) > timeMsMax ? 'invalid' : timeMs;
}
