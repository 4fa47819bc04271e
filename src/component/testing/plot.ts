import { assert } from '../../base/index.ts';
import { unorderedItemsMax } from './limits.ts';

/** An event that the tested component was given, or that it gave, or a fault of it. */
export interface Seen {
  readonly atMs: number;
  readonly direction: 'in' | 'out' | 'fault';
  /** Port and event, as in `kv.value`; empty for a fault. */
  readonly name: string;
  readonly payload: unknown;
  /** The subtypes of an open event that it has, of those that the story asks about. */
  readonly types: readonly object[];
}

/** Something of a story that is waited for. */
export interface Expectation {
  readonly kind: 'expect';
  readonly block: Block;
  readonly words: string;
  readonly fits: (seen: Seen) => boolean;
  /** What is done about it at once. */
  readonly reply: ((seen: Seen) => void) | undefined;
}

/** Something of a story that is done. */
export interface Act {
  readonly kind: 'act';
  readonly block: Block;
  readonly words: string;
  readonly run: () => void;
}

export interface Choice {
  readonly kind: 'either';
  readonly branches: readonly Block[];
}

/** The items of `all` whose bits are set in `left`, in any order. */
export interface Mixture {
  readonly kind: 'unordered';
  readonly all: readonly Part[];
  readonly left: number;
  readonly family: Map<number, Mixture>;
}

export interface Loop {
  readonly kind: 'repeat';
  readonly body: Block;
  readonly min: number;
  readonly max: number;
  /** The loop that is left after one more round. */
  next: Loop | undefined;
}

export type Part = Expectation | Act | Choice | Mixture | Loop | Block;

/** Parts of a story one after the other, and what else may happen while they are the next. */
export class Block {
  readonly kind = 'block';
  readonly parts: Part[] = [];
  readonly outer: Block | undefined;
  readonly patienceMs: number;
  readonly #allowed: ((seen: Seen) => boolean)[] = [];
  readonly #dropped: ((seen: Seen) => boolean)[] = [];

  constructor(outer: Block | undefined, patienceMs: number) {
    this.outer = outer;
    this.patienceMs = patienceMs;
  }

  allow(fits: (seen: Seen) => boolean): void {
    this.#allowed.push(fits);
  }

  drop(fits: (seen: Seen) => boolean): void {
    this.#dropped.push(fits);
  }

  allows(seen: Seen): boolean {
    return this.#allowed.some((fits) => fits(seen)) || (this.outer?.allows(seen) ?? false);
  }

  drops(seen: Seen): boolean {
    return this.#dropped.some((fits) => fits(seen)) || (this.outer?.drops(seen) ?? false);
  }
}

export function mixtureOf(all: readonly Part[]): Mixture {
  assert(all.length <= unorderedItemsMax, () => `an unordered block has ${all.length} items`);
  for (const part of all)
    assert(canOnlyExpect(part), 'what is done has a moment: it cannot begin an item of an unordered block');
  return mixture(all, 2 ** all.length - 1, new Map());
}

/** The mixture without one of its items: always the same value for the same items. */
export function without(one: Mixture, index: number): Mixture {
  const left = one.left & ~(1 << index);
  return one.family.get(left) ?? mixture(one.all, left, one.family);
}

function mixture(all: readonly Part[], left: number, family: Map<number, Mixture>): Mixture {
  const made: Mixture = { kind: 'unordered', all, left, family };
  family.set(left, made);
  return made;
}

export function loopOf(body: Block, min: number, max: number): Loop {
  assert(min >= 0 && max >= min, () => `a block is to be repeated at least ${min} and at most ${max} times`);
  assert(!mayBeEmpty(body), 'a block that is repeated must hold something that has to happen');
  assert(
    min === max || canOnlyExpect(body),
    'what is done would never end: a loop without a number begins by expecting',
  );
  return { kind: 'repeat', body, min, max, next: undefined };
}

/** What is left of a loop after one round. */
export function roundOf(loop: Loop): Loop {
  if (loop.min === 0 && loop.max === Number.POSITIVE_INFINITY) return loop;
  loop.next ??= { ...loop, min: Math.max(0, loop.min - 1), max: loop.max - 1, next: undefined };
  return loop.next;
}

/** True where a part may be over before anything has happened. */
function mayBeEmpty(part: Part): boolean {
  switch (part.kind) {
    case 'expect':
    case 'act':
      return false;
    case 'either':
      return part.branches.some(mayBeEmpty);
    case 'unordered':
      return part.all.every(mayBeEmpty);
    case 'repeat':
      return part.min === 0;
    case 'block':
      return part.parts.every(mayBeEmpty);
  }
}

/** True where a part begins by waiting for something, whichever way it goes. */
function canOnlyExpect(part: Part): boolean {
  switch (part.kind) {
    case 'expect':
    case 'unordered':
      return true;
    case 'act':
      return false;
    case 'either':
      return part.branches.every(canOnlyExpect);
    case 'repeat':
      return canOnlyExpect(part.body);
    case 'block':
      return startOf(part).every(canOnlyExpect);
  }
}

/** The parts of a block that may be its first. */
function startOf({ parts }: Block): readonly Part[] {
  const end = parts.findIndex((part) => !mayBeEmpty(part));
  return end === -1 ? parts : parts.slice(0, end + 1);
}
