import { AssertionError, type Bytes, must, parse, unreachable } from '../base/index.ts';
import { changesHoldMs } from '../cell/index.ts';
import { type Command, type OperationResult, operationResult } from '../command/index.ts';
import type { Call, Reply } from './access.ts';
import type { Obstacle } from './barring.ts';
import { carriedBytesPerMs, leaderSilenceMs, silenceDoublingsMax } from './limits.ts';

/** A call that waits for its cell. `sends` above 1 means that an earlier copy may still be executed. */
export interface Pending {
  readonly call: Call;
  readonly command: Bytes;
  readonly isRead: boolean;
  readonly deadlineMs: number;
  /** The write that it must follow, 0 where there is none. */
  after: number;
  sends: number;
  sentMs: number;
  /** The version of the hint by which it was sent last. */
  version: number;
  /** The cell answered that another holds its keys: it is done there, once those that it follows are done. */
  isMoved: boolean;
  /** It is being done there. */
  isAway: boolean;
  /** A transaction or a reservation is in its way: it is sent again in a moment. How often that was so. */
  isHeld: boolean;
  holds: number;
  /** What was in its way when it was answered last. */
  obstacle: Obstacle | undefined;
  /** One cell is to hold all its keys: else the answer is `moved`, and who asked sees to it. */
  readonly isPart: boolean;
  /** The nearest member could not answer: it is for the leader. */
  isDeclined: boolean;
  /** A cell that does not hold its keys, whatever a hint up to that version says. */
  readonly shunned: Shunned | undefined;
}

export interface Shunned {
  readonly cell: string;
  readonly version: number;
}

export function pendingOf(
  call: Call,
  command: Bytes,
  isRead: boolean,
  deadlineMs: number,
  { shunned, isPart = false }: { readonly shunned?: Shunned | undefined; readonly isPart?: boolean } = {},
): Pending {
  return {
    call,
    command,
    isRead,
    deadlineMs,
    after: 0,
    sends: 0,
    sentMs: 0,
    version: 0,
    isMoved: false,
    isAway: false,
    isHeld: false,
    holds: 0,
    obstacle: undefined,
    isPart,
    isDeclined: false,
    shunned,
  };
}

export function decodeResult(bytes: Bytes): OperationResult {
  const parsed = parse(operationResult, bytes);
  return must(parsed.ok ? parsed.value : undefined, 'a leader answered with a result that cannot be read');
}

/** Whether another cell holds the keys: nothing happened, nor will it under that name. */
export function hasMoved(result: OperationResult): boolean {
  return result.kind === 'done' && result.answer.kind === 'error' && result.answer.problem === 'moved';
}

export function replyFor(call: Call, result: OperationResult, session: string, sequence: number): Reply {
  const { tag } = call;
  switch (result.kind) {
    case 'done':
      return { kind: 'done', tag, answer: result.answer };
    case 'barred':
      return { kind: 'refused', tag, reason: 'it was resolved as never executed' };
    case 'unknownSession':
    case 'forgotten':
      return { kind: 'unknown', tag, operation: { session, sequence } };
    case 'early':
    case 'locked':
    case 'reserved':
      throw new AssertionError('TX-8: an operation that was left undone was taken as answered');
    default:
      return unreachable(result);
  }
}

export function refuse(call: Call, reason: string): void {
  call.reply.tell({ kind: 'refused', tag: call.tag, reason });
}

export function tellUnknown(call: Call, session: string, sequence: number): void {
  call.reply.tell({ kind: 'unknown', tag: call.tag, operation: { session, sequence } });
}

/** Whether it is told again until it is heard: so nobody asks what became of it. */
export function isTold({ kind }: Command): boolean {
  return kind === 'inquire' || kind === 'settle' || kind === 'forget';
}

/** A leader that is slow gets no faster by copies: each next one waits longer, and so does what takes long to carry. */
export function silenceMs({ sends, command: { length }, call }: Pending): number {
  const heldMs = call.command.kind === 'changes' && call.command.waits ? changesHoldMs : 0;
  return heldMs + leaderSilenceMs * 2 ** Math.min(sends - 1, silenceDoublingsMax) + length / carriedBytesPerMs;
}

/** A copy came back unused: the call is overdue, and there is one copy less that somebody may be slow with. */
export function returned(pending: Pending | undefined): void {
  if (pending === undefined) return;
  pending.sentMs = Number.NEGATIVE_INFINITY;
  pending.sends = Math.max(0, pending.sends - 1);
}
