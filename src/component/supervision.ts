/** What the owner does about a component that failed. */
export type Supervision =
  /** Keep its state and go on with the next event. */
  | { readonly on: 'resume' }
  /** Set it up anew and go on with the events that wait; more than `restartsMax` within `withinMs` escalates. */
  | { readonly on: 'restart'; readonly restartsMax: number; readonly withinMs: number }
  /** Remove it. */
  | { readonly on: 'destroy' }
  /** Fail the owner in its place. This is the default: a failure that nobody expected is not survived by accident. */
  | { readonly on: 'escalate' };

/** A bug that showed itself: where, on which event, and what was thrown. */
export interface Fault {
  readonly path: string;
  readonly event: string;
  readonly error: unknown;
}
