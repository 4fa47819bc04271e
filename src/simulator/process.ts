import { assert } from '../base/index.ts';
import type { Action } from './action.ts';
import type { Distribution } from './distribution.ts';

/** A process as others wait for it: whatever it does. */
export type Awaited = Pick<Process<unknown>, 'name' | 'times'>;

/** When something begins: at a time, or so long after a process began or ended. */
export type Cue =
  | { readonly kind: 'at'; readonly ms: number }
  | { readonly kind: 'start' | 'end'; readonly of: Awaited; readonly delayMs: number };

/** A stochastic process: the same action again and again, spaced out by what is drawn. */
export interface Process<Call> {
  readonly name: string;
  readonly every: Distribution;
  /** Without end where it is left out. */
  readonly times: number | undefined;
  readonly does: Action<Call>;
  readonly starts: Cue;
}

/** Stochastic processes, and when they are all over: what happens in a trial. */
export interface Course<Call> {
  readonly processes: readonly Process<Call>[];
  readonly terminates: Cue;
}

/** At a moment of the run, in milliseconds from its beginning. */
export function startAt(ms: number): Cue {
  return { kind: 'at', ms };
}

/** When another process begins, or so long after it. */
export function startWith(of: Awaited, delayMs = 0): Cue {
  return { kind: 'start', of, delayMs };
}

/** When another process has done all that it does, or so long after it. */
export function startAfter(of: Awaited, delayMs = 0): Cue {
  return { kind: 'end', of, delayMs };
}

/** Does something again and again, as far apart as `every` draws: `times` times, or until the course ends. */
export function stochastic<Call = never>(
  name: string,
  options: {
    readonly every: Distribution;
    readonly does: Action<Call>;
    readonly times?: number;
    /** At once where it is left out. */
    readonly starts?: Cue;
  },
): Process<Call> {
  const { every, does, times, starts = startAt(0) } = options;
  return { name, every, does, times, starts };
}

/** Puts processes together. Every process that a cue names must be among them, before the one that waits for it. */
export function course<Call>(processes: readonly Process<Call>[], terminates: Cue): Course<Call> {
  const known = new Set<Awaited>();
  const check = (cue: Cue): void => {
    if (cue.kind === 'at') return;
    assert(known.has(cue.of), () => `nothing can wait for ${cue.of.name}, which is not among the processes before it`);
    assert(cue.kind === 'start' || cue.of.times !== undefined, () => `${cue.of.name} has no end to wait for`);
  };
  for (const one of processes) {
    check(one.starts);
    known.add(one);
  }
  check(terminates);
  return { processes, terminates };
}
