import { execute, isSame, type KeyState, mayExpire, type Operation } from './history.ts';
import type { Judge } from './linearization.ts';

/**
 * Judges the operations of one key by what the whole history saw of it. A state that is the beginning of no value that
 * was read cannot be told from another that is as long; a value in none that was read, from another; and where
 * values only grow, each state is the beginning of the longest that was read, or has it as its beginning.
 */
export class Foresight implements Judge<KeyState> {
  readonly initial: KeyState;
  readonly #operations: readonly Operation[];
  readonly #hasSums: boolean;
  readonly #onlyGrows: boolean;
  readonly #onlySums: boolean;
  /** The values that were read, in order, and the longest of them. */
  readonly #read: readonly string[];
  readonly #longest: string;

  constructor(operations: readonly Operation[], initial: KeyState) {
    this.initial = initial;
    this.#operations = operations;
    this.#hasSums = operations.some(({ act }) => act.kind === 'increment');
    this.#onlyGrows = operations.every(({ act }) => act.kind === 'get' || act.kind === 'append');
    this.#onlySums = operations.every(({ act }) => act.kind === 'get' || (act.kind === 'increment' && act.by > 0));
    this.#read = [...new Set(operations.map(valueRead).filter((value) => value !== undefined))].sort();
    this.#longest = this.#read.reduce((one, other) => (one.length < other.length ? other : one), '');
  }

  after(state: KeyState, index: number): { readonly next: KeyState } | undefined {
    const { act, seen } = this.#operations[index]!;
    let result = execute(state, act);
    if (seen !== undefined && !isSame(result.seen, seen)) {
      if (!mayExpire(state)) return undefined;
      result = execute(undefined, act);
      if (!isSame(result.seen, seen)) return undefined;
    }
    return this.#onlyGrows && !this.#mayGrowTo(result.next) ? undefined : result;
  }

  text(state: KeyState): string {
    if (state === undefined) return '-';
    if (!this.#onlyGrows && (this.#hasSums || this.#mayBeRead(state))) return `=${state}`;
    return `${mayExpire(state) ? '~' : '#'}${state.length}`;
  }

  isRead(index: number): boolean {
    return this.#operations[index]!.act.kind === 'get';
  }

  isLost(state: KeyState, index: number): boolean {
    const { act, seen } = this.#operations[index]!;
    if (seen === undefined || seen.kind === 'done') return false;
    if (this.#onlySums)
      return Number(state ?? '0') + (act.kind === 'increment' ? act.by : 0) > Number(seen.value ?? '0');
    if (!this.#onlyGrows || state === undefined) return false;
    if (seen.kind === 'value') return seen.value?.startsWith(state) !== true;
    return state.length + (act.kind === 'append' ? act.value.length : 0) > seen.value;
  }

  twin(index: number): string | undefined {
    const { act } = this.#operations[index]!;
    if (act.kind === 'increment') return `+${act.by}`;
    if (!('value' in act)) return act.kind;
    if (this.#hasSums || this.#read.some((value) => value.includes(act.value))) return undefined;
    return `${act.kind} ${mayExpire(act.value) ? '~' : '#'}${act.value.length}`;
  }

  /** Whether a value that was read begins with the state: the first that is not before it would. */
  #mayBeRead(state: string): boolean {
    let [low, high] = [0, this.#read.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#read[middle]! < state) low = middle + 1;
      else high = middle;
    }
    return this.#read[low]?.startsWith(state) === true;
  }

  #mayGrowTo(state: KeyState): boolean {
    return state === undefined || this.#longest.startsWith(state) || state.startsWith(this.#longest);
  }
}

function valueRead({ act, seen }: Operation): string | undefined {
  return act.kind === 'get' && seen?.kind === 'value' ? seen.value : undefined;
}
