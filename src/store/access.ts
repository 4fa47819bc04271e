import type { Answer, Command, OperationId } from '../command/index.ts';
import { event, port, type Ref } from '../component/index.ts';

/** What became of a call. */
export type Reply =
  | { readonly kind: 'done'; readonly tag: number; readonly answer: Answer }
  /** It may or may not have happened: ask with the command `resolve`. Never the outcome of a command that only reads. */
  | { readonly kind: 'unknown'; readonly tag: number; readonly operation: OperationId }
  /** It did not and will not happen. `because`: what kept it from its keys, of which the reason says more; else no leader could be asked. */
  | {
      readonly kind: 'refused';
      readonly tag: number;
      readonly reason: string;
      readonly because?: 'locked' | 'reserved';
    };

/** A command on its way to the cell that holds its keys. */
export interface Call {
  readonly command: Command;
  /** How long the caller is ready to wait. */
  readonly patienceMs: number;
  /** Told exactly once. `tag` comes back in the reply: many calls may share one reference. */
  readonly reply: Ref<Reply>;
  readonly tag: number;
  /**
   * Consecutive reads, or consecutive writes, that bear the same number are done in the order of their calls, as long as
   * their outcomes are known. Calls with 0 are done in any.
   */
  readonly order: number;
  /**
   * It only reads, bears no order, and need not see what was written in the last so many milliseconds: then the nearest
   * member answers, if it can show that it knows all that is older. Infinity: whatever is known there will do.
   */
  readonly staleMs?: number | undefined;
  /**
   * A put without a condition, or the deletion of one key, that may be answered before it is done: this peer owes it to its cell
   * from then on, and loses it if it dies before. The answer is that of a put that went well, of a key that was there. Other commands, and
   * those that find too much owed already, are answered when they are done.
   */
  readonly isEventual?: boolean | undefined;
  /**
   * How a transaction over several cells is decided: by its votes, so that anybody can finish it, or in two phases by this peer
   * alone. By votes where it is left out.
   */
  readonly commit?: CommitWay | undefined;
}

export type CommitWay = 'votes' | 'twoPhase';

/** The store, as everything above it sees it. Calls of one turn travel together. */
export const Access = port('store access', {
  requests: { call: event<Call>() },
});
