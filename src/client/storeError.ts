import type { OperationId, Problem } from '../command/index.ts';

/** Why the store did not do what it was asked: values, not exceptions. Each has a sentence for people. */
export type StoreError =
  /** It did not happen: no majority of the cell answers, or this peer is overloaded. Try again. */
  | { readonly kind: 'unavailable'; readonly message: string }
  /** It may have happened: `store.outcome(operation)` tells, once the cell answers again. */
  | { readonly kind: 'unknown'; readonly message: string; readonly operation: OperationId }
  /** Others changed what the transaction had read, again and again. */
  | { readonly kind: 'conflict'; readonly message: string }
  /** It did not happen: others have reserved what it would write, for longer than it has waited. Try again later. */
  | { readonly kind: 'reserved'; readonly message: string }
  /** The command itself cannot be done, however often it is tried. */
  | { readonly kind: 'invalid'; readonly message: string; readonly problem: Problem | 'malformed' };

export function unavailable(reason: string): StoreError {
  return { kind: 'unavailable', message: `the store is not available: ${reason}` };
}

/** `remainingMs` is how long that lasts if it is not renewed. */
export function reservedBy(label: string, remainingMs: number): StoreError {
  const seconds = Math.max(0, remainingMs / 1000).toFixed(1);
  return reserved(`${label} has reserved it for another ${seconds} s, or longer if that is renewed: try again later`);
}

export function reserved(message: string): StoreError {
  return { kind: 'reserved', message };
}

export function unknownOutcome(operation: OperationId): StoreError {
  const { session, sequence } = operation;
  return {
    kind: 'unknown',
    operation,
    message: `no answer came in time, it may have happened: ask for the outcome of ${session}-${sequence}`,
  };
}

export function conflict(attempts: number): StoreError {
  return { kind: 'conflict', message: `others changed what it had read, ${attempts} times: try again later` };
}

export function invalid(problem: Problem | 'malformed', message: string): StoreError {
  return { kind: 'invalid', problem, message };
}
