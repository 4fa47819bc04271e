import type { Exchange } from './exchange.ts';

/** What the peers of a trial show at one moment: those that run and have shown something, by name. */
export type Views<View> = ReadonlyMap<string, View>;

/** Whether something is as it should be: true, or false, or a sentence that says what is wrong. */
export type Holds = boolean | string;

/** Something that must hold of a trial, as a value. */
export type Check<Call, Answer, View> = Invariant<View> | Liveness<Call, Answer, View> | HistoryCheck<Call, Answer>;

export interface Invariant<View> {
  readonly kind: 'invariant';
  readonly name: string;
  readonly holds: (views: Views<View>) => Holds;
}

export interface Liveness<Call, Answer, View> {
  readonly kind: 'eventually';
  readonly name: string;
  readonly holds: (views: Views<View>, exchanges: readonly Exchange<Call, Answer>[]) => Holds;
}

export interface HistoryCheck<Call, Answer> {
  readonly kind: 'history';
  readonly name: string;
  /** Returns sentences; none where all is right. */
  readonly judge: (exchanges: readonly Exchange<Call, Answer>[]) => readonly string[];
}

/** Must hold after every event of a run. The first event behind which it does not ends the run. */
export function invariant<View>(name: string, holds: (views: Views<View>) => Holds): Invariant<View> {
  return { kind: 'invariant', name, holds };
}

/** Must come to hold once no fault is left, within the trial's quiet time. */
export function eventually<Call, Answer, View>(
  name: string,
  holds: Liveness<Call, Answer, View>['holds'],
): Liveness<Call, Answer, View> {
  return { kind: 'eventually', name, holds };
}

/** Must hold of all that clients were answered. */
export function history<Call, Answer>(
  name: string,
  judge: HistoryCheck<Call, Answer>['judge'],
): HistoryCheck<Call, Answer> {
  return { kind: 'history', name, judge };
}

/** What a check that fails says; undefined where it holds. */
export function breach(
  { kind, name }: { readonly kind: string; readonly name: string },
  holds: Holds,
): string | undefined {
  if (holds === true) return undefined;
  return holds === false ? `${kind} ${name}: it does not hold` : `${kind} ${name}: ${holds}`;
}
