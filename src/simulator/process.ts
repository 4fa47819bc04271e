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

/** The end of a process, whatever it had left to do. */
export interface Termination {
  readonly terminates: string;
  readonly at: Cue;
}

/** Stochastic processes, which of them are ended when, and when they are all over: what happens in a trial. */
export interface Course<Call> {
  readonly processes: readonly Process<Call>[];
  readonly terminations: readonly Termination[];
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

/** When another process has done all that it does or was ended, or so long after it. */
export function startAfter(of: Awaited, delayMs = 0): Cue {
  return { kind: 'end', of, delayMs };
}

/** Ends the process of that name at the cue: `terminate('churn', startAfter(load))`. One that has not begun never does. */
export function terminate(name: string, at: Cue): Termination {
  return { terminates: name, at };
}

/** Does something again and again, as far apart as `every` draws: `times` times, or until it is ended with or without the course. */
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

/**
 * Puts processes together, and what ends them. Every process that a cue or a termination names must be among them, before the one
 * that names it.
 */
export function course<Call>(parts: readonly (Process<Call> | Termination)[], terminates: Cue): Course<Call> {
  const processes = parts.filter((part): part is Process<Call> => 'does' in part);
  const terminations = parts.filter((part): part is Termination => 'terminates' in part);
  const known = new Map<string, Awaited>();
  const ended = new Set<string>();
  const check = (cue: Cue): void => {
    if (cue.kind === 'at') return;
    const { name, times } = cue.of;
    assert(
      known.get(name) === cue.of,
      () => `nothing can wait for ${name}, which is not among the processes before it`,
    );
    const hasEnd = cue.kind === 'start' || times !== undefined || ended.has(name);
    assert(hasEnd, () => `${name} has no end to wait for`);
  };
  for (const part of parts) {
    if ('does' in part) {
      assert(!known.has(part.name), () => `two processes are called ${part.name}`);
      check(part.starts);
      known.set(part.name, part);
    } else {
      const { terminates: name } = part;
      assert(known.has(name), () => `${name} cannot be ended: it is not among the processes before that`);
      check(part.at);
      ended.add(name);
    }
  }
  check(terminates);
  return { processes, terminations, terminates };
}
