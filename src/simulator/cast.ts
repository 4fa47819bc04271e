import type { Universe } from '../world/simulated/index.ts';
import type { Deed } from './action.ts';
import { trialMsMax } from './limits.ts';
import type { Victim } from './nemesis.ts';
import type { Awaited, Course, Cue, Process } from './process.ts';

/** What does the deeds of processes, and knows whose turn it can be. */
export interface Hands<Call> {
  readonly perform: (deed: Deed<Call>) => void;
  readonly isIdle: (client: number, patienceMs: number) => boolean;
}

/** The processes of one run at work: each begins at its cue, and hands over what is to be done, one after the other. */
export class Cast<Call> {
  readonly #victim: Victim;
  readonly #course: Course<Call>;
  readonly #hands: Hands<Call>;
  readonly #waiting = new Map<string, (() => void)[]>();
  /** The names of processes that do nothing any more. */
  readonly #ended = new Set<string>();
  #isOver = false;

  constructor(victim: Victim, course: Course<Call>, hands: Hands<Call>) {
    this.#victim = victim;
    this.#course = course;
    this.#hands = hands;
  }

  /** Lets the course of the trial happen, to its end or until `isDone` says so behind an event. */
  play(isDone: () => boolean): void {
    const { universe } = this.#victim;
    const stage = { victim: this.#victim, isIdle: this.#hands.isIdle };
    // Drawn at once and in order, so that no process depends on when another begins.
    for (const one of this.#course.processes) {
      const random = universe.random.fork();
      const draw = one.does(random);
      this.#on(one.starts, () => {
        if (this.#ended.has(one.name)) return;
        this.#tell(one, 'start');
        this.#next(
          one,
          0,
          (count) => draw({ ...stage, random, count }),
          () => one.every(random),
        );
      });
    }
    for (const { terminates, at } of this.#course.terminations) this.#on(at, () => this.#end(terminates));
    this.#on(this.#course.terminates, () => {
      this.#isOver = true;
    });
    universe.run(trialMsMax, () => this.#isOver || isDone());
    this.#isOver = true;
  }

  #next(one: Process<Call>, count: number, draw: (count: number) => Deed<Call> | 'not now', pause: () => number): void {
    if (count === one.times) return this.#end(one.name);
    this.#later(this.#victim.universe, pause(), () => {
      if (this.#ended.has(one.name)) return;
      const deed = draw(count);
      if (deed !== 'not now') this.#hands.perform(deed);
      this.#next(one, count + 1, draw, pause);
    });
  }

  #end(name: string): void {
    if (this.#ended.has(name)) return;
    this.#ended.add(name);
    this.#tell({ name }, 'end');
  }

  #on(cue: Cue, run: () => void): void {
    const { universe } = this.#victim;
    if (cue.kind === 'at') return this.#later(universe, cue.ms, run);
    const place = placeOf(cue.of, cue.kind);
    const waiting = this.#waiting.get(place) ?? [];
    waiting.push(() => this.#later(universe, cue.delayMs, run));
    this.#waiting.set(place, waiting);
  }

  #tell(one: Pick<Awaited, 'name'>, kind: 'start' | 'end'): void {
    for (const run of this.#waiting.get(placeOf(one, kind)) ?? []) run();
  }

  #later(universe: Universe, delayMs: number, run: () => void): void {
    universe.after(delayMs, () => {
      if (!this.#isOver) run();
    });
  }
}

function placeOf({ name }: Pick<Awaited, 'name'>, kind: 'start' | 'end'): string {
  return `${kind} of ${name}`;
}
