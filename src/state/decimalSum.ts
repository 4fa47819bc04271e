import { type Bytes, bytesOfText, type Key, textOfBytes } from '../base/index.ts';
import { addDecimals, isDecimal, type SimpleAnswer } from '../command/index.ts';

/** The sum of a value, or nothing, and a decimal number: as a `value`, or why there is none. */
export function decimalSum(before: Bytes | undefined, by: Key): SimpleAnswer {
  const old = before === undefined ? '0' : textOfBytes(before);
  const sum = addDecimals(old, by);
  if (sum === 'tooLarge') return { kind: 'error', problem: 'overflow', text: 'the sum takes too many digits' };
  if (sum !== undefined) return { kind: 'value', value: bytesOfText(sum), version: 0, expiresAtMs: undefined };
  const text = `the ${isDecimal(old) ? 'number to add' : 'value'} is no decimal number`;
  return { kind: 'error', problem: 'notADecimal', text };
}
