import type { Command, Expiry } from '../src/command/index.ts';

type Condition = (Command & { readonly kind: 'setExpiry' })['when'];

/** When something expires that expired at `old`; never is Infinity. */
export function momentOf(expiry: Expiry, nowMs: number, old: number): number {
  if (expiry.kind === 'at') return expiry.atMs;
  if (expiry.kind === 'after') return nowMs + expiry.afterMs;
  return expiry.kind === 'keep' ? old : Infinity;
}

/** Whether a condition allows another moment in the place of the old one. */
export function mayMove(when: Condition, old: number, next: number): boolean {
  return {
    always: true,
    absent: old === Infinity,
    present: old !== Infinity,
    later: next > old,
    earlier: next < old,
    earlierIfPresent: old !== Infinity && next < old,
  }[when];
}
