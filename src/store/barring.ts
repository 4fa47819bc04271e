import type { Command, OperationId, OperationResult } from '../command/index.ts';
import type { Call, Reply } from './access.ts';
import { barPatienceMs } from './limits.ts';

/** What keeps a call from its keys: a transaction that is not decided, or a reservation. */
export type Obstacle = OperationResult & { readonly kind: 'locked' | 'reserved' };

/** What a write needs of its router that others have kept from its keys for as long as its caller waits. */
export interface BarringHost {
  readonly nowMs: number;
  ask(command: Command, deadlineMs: number, then: (reply: Reply) => void): void;
}

/**
 * Sees to it that it never happens, though a copy of it may still be under way: so its caller can be told that it did not, and who was
 * in its way. Where that cannot be made sure of its outcome is unknown.
 */
export function bar(
  { nowMs, ask }: BarringHost,
  { call, obstacle }: { readonly call: Call; readonly obstacle: Obstacle },
  operation: OperationId,
  then: (reply: Reply) => void,
): void {
  ask({ kind: 'resolve', ...operation }, nowMs + barPatienceMs, (reply) =>
    then(replyOf(call, obstacle, operation, reply)),
  );
}

function replyOf({ tag }: Call, obstacle: Obstacle, operation: OperationId, reply: Reply): Reply {
  const outcome = reply.kind === 'done' && reply.answer.kind === 'outcome' ? reply.answer : undefined;
  if (outcome?.state === 'never') {
    return { kind: 'refused', tag, reason: reasonOf(obstacle), because: obstacle.kind };
  }
  if (outcome?.state === 'executed' && outcome.answer !== undefined)
    return { kind: 'done', tag, answer: outcome.answer };
  return { kind: 'unknown', tag, operation };
}

/** Why a call was not done, for people. */
export function reasonOf(obstacle: Obstacle): string {
  if (obstacle.kind === 'locked') {
    return 'a transaction over several cells holds its keys and is not decided yet: this was not done, try again later';
  }
  const seconds = Math.max(0, obstacle.remainingMs / 1000).toFixed(1);
  return `${obstacle.label} has reserved it for another ${seconds} s, or longer if that is renewed: this was not done, try again later`;
}
