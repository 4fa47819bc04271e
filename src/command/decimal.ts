/** Digits behind the point that a sum keeps. */
const fractionDigits = 17;
/** Numbers that take more digits than the largest double are too large to be added. */
const digitsMax = 330;

interface Decimal {
  readonly digits: bigint;
  /** How many of them stand behind the point. */
  readonly behind: number;
}

const spelling = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;

/**
 * The exact sum of two decimal numbers as a text without an exponent; undefined where one is none, and 'tooLarge' where it takes too
 * many digits. Doubles would say 0.30000000000000004 of 0.1 and 0.2.
 */
export function addDecimals(a: string, b: string): string | undefined | 'tooLarge' {
  const [one, other] = [parse(a), parse(b)];
  if (one === undefined || other === undefined) return undefined;
  const behind = Math.max(one.behind, other.behind);
  if ([one, other].some((each) => behind - each.behind > digitsMax)) return 'tooLarge';
  const sum = scaled(one, behind) + scaled(other, behind);
  const text = spelled(sum, behind);
  return text.length > digitsMax ? 'tooLarge' : text;
}

export function isDecimal(text: string): boolean {
  return parse(text) !== undefined;
}

function parse(text: string): Decimal | undefined {
  const found = spelling.exec(text);
  if (found === null || text.length > digitsMax) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = found;
  if (whole + fraction === '') return undefined;
  const behind = fraction.length - Number(power);
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  if (digits === 0n) return { digits, behind: 0 };
  if (Math.abs(behind) > digitsMax) return undefined;
  return behind >= 0 ? { digits, behind } : { digits: digits * 10n ** BigInt(-behind), behind: 0 };
}

function scaled({ digits, behind }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(to - behind);
}

function spelled(sum: bigint, behind: number): string {
  const isNegative = sum < 0n;
  let digits = isNegative ? -sum : sum;
  let left = behind;
  if (left > fractionDigits) {
    const unit = 10n ** BigInt(left - fractionDigits);
    digits = (digits + unit / 2n) / unit;
    left = fractionDigits;
  }
  const text = String(digits).padStart(left + 1, '0');
  const fraction = text.slice(text.length - left).replace(/0+$/, '');
  const whole = text.slice(0, text.length - left);
  const all = left === 0 || fraction === '' ? whole : `${whole}.${fraction}`;
  return isNegative && digits !== 0n ? `-${all}` : all;
}
