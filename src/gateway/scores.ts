import { scoreOf } from '../command/index.ts';
import { fail } from './plan.ts';
import type { Request } from './request.ts';

export const notAFloat = fail('ERR value is not a valid float');
export const notARange = fail('ERR min or max is not a float');

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const infinity = /^([+-]?)inf(inity)?$/i;
/** Beyond it integers are no longer exact, and are told with an exponent. */
const exactMax = 2 ** 52;

/** An argument as a score; undefined where it is none, or lies beyond all doubles. */
export function scoreAt(request: Request, index: number): number | undefined {
  return parseScore(request.text(index));
}

/** One end of a range of scores: with `(` before it the score itself is not meant. */
export function boundAt(
  request: Request,
  index: number,
): { readonly score: number; readonly isOut: boolean } | undefined {
  const text = request.text(index);
  const isOut = text.startsWith('(');
  const score = parseScore(isOut ? text.slice(1) : text);
  return score === undefined ? undefined : { score, isOut };
}

/** As Redis 7.2 tells it: the fewest digits that read back as the same. */
export function textOfScore(score: number): string {
  if (score === Infinity) return 'inf';
  if (score === -Infinity) return '-inf';
  if (Number.isInteger(score) && Math.abs(score) <= exactMax) return String(score);
  const [mantissa = '', power = ''] = Math.abs(score).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const sign = score < 0 ? '-' : '';
  return sign + spelled(digits, Number(power));
}

/** The score that the value of a member is, as a text. */
export function textOfMember(value: Uint8Array): string {
  return textOfScore(scoreOf(value) ?? 0);
}

function parseScore(text: string): number | undefined {
  const infinite = infinity.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  if (!number.test(text)) return undefined;
  const score = Number(text);
  return Number.isFinite(score) ? score : undefined;
}

/** Digits of which the first stands before the point of a power of ten. */
function spelled(digits: string, power: number): string {
  const behind = digits.length - 1 - power;
  if (behind <= 0 && power < digits.length + 7) return digits + '0'.repeat(-behind);
  if (behind > 0 && (behind < 7 || Math.abs(power) < 4)) {
    const whole = power < 0 ? '0' : digits.slice(0, power + 1);
    const rest = power < 0 ? '0'.repeat(-power - 1) + digits : digits.slice(power + 1);
    return `${whole}.${rest}`;
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${digits[0]}${fraction}e${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}
