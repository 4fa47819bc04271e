import type { Key } from '../base/index.ts';

/** What a client asked of one key. Values are texts: unique where they are written, so that a read tells which it saw. */
export type Act =
  | { readonly kind: 'get' }
  | { readonly kind: 'put'; readonly value: string }
  /** The value goes by itself after a time. It begins with `~`, by which the checker knows it. */
  | { readonly kind: 'putExpiring'; readonly value: string; readonly afterMs: number }
  | { readonly kind: 'putIfAbsent'; readonly value: string }
  | { readonly kind: 'append'; readonly value: string }
  | { readonly kind: 'delete' }
  | { readonly kind: 'increment'; readonly by: number };

/** What it was answered: a value (undefined for none), whether something was done, or a number. */
export type Seen =
  | { readonly kind: 'value'; readonly value: string | undefined }
  | { readonly kind: 'done'; readonly isDone: boolean }
  | { readonly kind: 'number'; readonly value: number };

/**
 * One operation on one key. `seen` is undefined where the outcome is not known: then it may have happened at any time
 * from `invokedMs` to `returnedMs` (infinity where nothing bounds it), or never.
 */
export interface Operation {
  readonly client: number;
  readonly key: Key;
  readonly act: Act;
  readonly invokedMs: number;
  returnedMs: number;
  seen: Seen | undefined;
  /** Known to have been executed (a client asked later), although its answer was never seen. */
  isExecuted: boolean;
}

/** Everything that clients did and saw, in the order in which they began. */
export class History {
  readonly #operations: Operation[] = [];

  get operations(): readonly Operation[] {
    return this.#operations;
  }

  begin(client: number, key: Key, act: Act, nowMs: number): Operation {
    const operation: Operation = {
      client,
      key,
      act,
      invokedMs: nowMs,
      returnedMs: Number.POSITIVE_INFINITY,
      seen: undefined,
      isExecuted: false,
    };
    this.#operations.push(operation);
    return operation;
  }

  /** The operation did not happen, and never will: as if nobody had asked. */
  forget(operation: Operation): void {
    const at = this.#operations.lastIndexOf(operation);
    if (at >= 0) this.#operations.splice(at, 1);
  }

  byKey(): Map<Key, Operation[]> {
    const keys = new Map<Key, Operation[]>();
    for (const operation of this.#operations) {
      const list = keys.get(operation.key);
      if (list === undefined) keys.set(operation.key, [operation]);
      else list.push(operation);
    }
    return keys;
  }
}

/** The value a key holds: undefined for none. */
export type KeyState = string | undefined;

/** Executes an act on a state: the next state, and what its client must see. */
export function execute(state: KeyState, act: Act): { readonly next: KeyState; readonly seen: Seen } {
  switch (act.kind) {
    case 'get':
      return { next: state, seen: { kind: 'value', value: state } };
    case 'put':
    case 'putExpiring':
      return { next: act.value, seen: { kind: 'done', isDone: true } };
    case 'putIfAbsent':
      if (state !== undefined) return { next: state, seen: { kind: 'done', isDone: false } };
      return { next: act.value, seen: { kind: 'done', isDone: true } };
    case 'append': {
      const next = (state ?? '') + act.value;
      return { next, seen: { kind: 'number', value: next.length } };
    }
    case 'delete':
      return { next: undefined, seen: { kind: 'number', value: state === undefined ? 0 : 1 } };
    case 'increment': {
      const sum = Number(state ?? '0') + act.by;
      return { next: String(sum), seen: { kind: 'number', value: sum } };
    }
  }
}

/** Whether the value may go at any moment, without anybody's doing. It never comes back. */
export function mayExpire(state: KeyState): boolean {
  return state?.startsWith('~') === true;
}

export function isSame(a: Seen, b: Seen): boolean {
  if (a.kind === 'done') return b.kind === 'done' && a.isDone === b.isDone;
  return a.kind === b.kind && a.value === (b as { value: unknown }).value;
}

/** An act on a key as people read it. */
export function actText(key: Key, act: Act): string {
  const argument = 'value' in act ? ` ${act.value}` : 'by' in act ? ` ${act.by}` : '';
  return `${act.kind} ${key}${argument}`;
}

/** One line for people: who asked what of which key, from when to when, and what was seen. */
export function describe(operation: Operation): string {
  const { client, key, act, invokedMs, returnedMs, seen, isExecuted } = operation;
  const span = `${invokedMs.toFixed(1)} .. ${returnedMs.toFixed(1)}`;
  const outcome = seen === undefined ? (isExecuted ? 'executed, answer unseen' : 'unknown') : JSON.stringify(seen);
  return `${span}  client ${client}  ${actText(key, act)}  ${outcome}`;
}
