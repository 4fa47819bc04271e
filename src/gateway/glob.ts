import type { Key } from '../base/index.ts';

const star = 0x2a;
const question = 0x3f;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const backslash = 0x5c;
const caret = 0x5e;
const dash = 0x2d;

/** One place of a pattern: any bytes (`*`), or one byte for which `matches` says so. */
type Step = 'any' | ((byte: number) => boolean);

/**
 * A pattern as KEYS and SCAN know it: `*`, `?`, `[abc]`, `[^a-z]` and `\` before a byte that stands for itself. It takes
 * at most the product of both lengths in steps, whatever the pattern: only the last `*` is ever tried again.
 */
export class Glob {
  readonly #steps: readonly Step[];
  /** The bytes that every match begins with. */
  readonly prefix: Key;

  constructor(pattern: Key) {
    this.#steps = parseGlob(pattern);
    this.prefix = literalPrefix(pattern);
  }

  matches(key: Key): boolean {
    const steps = this.#steps;
    let step = 0;
    let at = 0;
    let lastAny = -1;
    let resumeAt = 0;
    while (at < key.length) {
      const wanted = steps[step];
      if (wanted === 'any') {
        lastAny = step++;
        resumeAt = at;
      } else if (wanted?.(key.charCodeAt(at))) {
        step++;
        at++;
      } else if (lastAny >= 0) {
        step = lastAny + 1;
        at = ++resumeAt;
      } else {
        return false;
      }
    }
    while (steps[step] === 'any') step++;
    return step === steps.length;
  }
}

function parseGlob(pattern: Key): Step[] {
  const steps: Step[] = [];
  let at = 0;
  while (at < pattern.length) {
    const code = pattern.charCodeAt(at);
    if (code === star) {
      if (steps.at(-1) !== 'any') steps.push('any');
      at++;
    } else if (code === question) {
      steps.push(() => true);
      at++;
    } else if (code === openBracket) {
      at = parseClass(pattern, at + 1, steps);
    } else {
      const isEscaped = code === backslash && at + 1 < pattern.length;
      const literal = isEscaped ? pattern.charCodeAt(at + 1) : code;
      steps.push((byte) => byte === literal);
      at += isEscaped ? 2 : 1;
    }
  }
  return steps;
}

/** Reads a class up to its `]`, or to the end where there is none, and answers where it stopped. */
function parseClass(pattern: Key, from: number, steps: Step[]): number {
  const isNegated = pattern.charCodeAt(from) === caret;
  const members = new Uint8Array(256);
  let at = isNegated ? from + 1 : from;
  while (at < pattern.length && pattern.charCodeAt(at) !== closeBracket) {
    const code = pattern.charCodeAt(at);
    if (code === backslash && at + 1 < pattern.length) {
      members[pattern.charCodeAt(at + 1)] = 1;
      at += 2;
    } else if (pattern.charCodeAt(at + 1) === dash && at + 2 < pattern.length) {
      const last = pattern.charCodeAt(at + 2);
      members.fill(1, Math.min(code, last), Math.max(code, last) + 1);
      at += 3;
    } else {
      members[code] = 1;
      at++;
    }
  }
  steps.push((byte) => (members[byte] === 1) !== isNegated);
  return at + 1;
}

function literalPrefix(pattern: Key): Key {
  let prefix = '';
  for (let at = 0; at < pattern.length; at++) {
    const code = pattern.charCodeAt(at);
    if (code === star || code === question || code === openBracket) return prefix;
    if (code === backslash && at + 1 < pattern.length) at++;
    prefix += pattern[at];
  }
  return prefix;
}
