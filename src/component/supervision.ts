import type { AnyDefinition } from './definition.ts';

/** Which components are set up anew: the one that failed, also its younger siblings, or all children of its owner. */
export type RestartScope = 'one-for-one' | 'rest-for-one' | 'one-for-all';

/** How long to wait before a restart: `firstMs`, and `factor` times longer at each further one within the window. */
export interface Backoff {
  readonly firstMs: number;
  readonly factor: number;
  readonly waitMaxMs: number;
}

/** How often a component is restarted, within how many milliseconds, and after which pauses. */
export interface RestartRule {
  /** More than `restartsMax` within `withinMs` escalates. */
  readonly restartsMax: number;
  readonly withinMs: number;
  readonly backoff?: Backoff;
}

/** What the owner does about a component that failed. */
export type Supervision =
  /** Keep its state and go on with the next event. */
  | { readonly on: 'resume' }
  /** Set it up anew and go on with the events that wait, with the state that it kept last if `state` says so. */
  | ({ readonly on: 'restart'; readonly state?: 'fresh' | 'last'; readonly scope?: RestartScope } & RestartRule)
  /** Set up another definition in its place, which must have the same ports, and go on with the events that wait. */
  | ({ readonly on: 'replace'; readonly with: Substitute } & RestartRule)
  /** Remove it. */
  | { readonly on: 'destroy' }
  /** Fail the owner in its place. This is the default: a failure that nobody expected is not survived by accident. */
  | { readonly on: 'escalate' };

/** A definition and its init, to be set up in place of another: made by `substitute`. */
export interface Substitute {
  readonly definition: AnyDefinition;
  readonly init: unknown;
}

/** A bug that showed itself: where, on which event with what payload, and what was thrown. */
export interface Fault {
  readonly path: string;
  readonly event: string;
  /** What the event carried; undefined where no event but a hook failed. */
  readonly payload?: unknown;
  readonly error: unknown;
}
