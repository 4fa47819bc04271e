import { shrinkRunsMax, shrinkWindowsMs, triesPerCandidate, triesToReproduce } from './limits.ts';

/** What can be left out of a run, as long as it knows its time. */
export interface Timed {
  readonly atMs: number;
}

/** What a run says that is needed to see whether it fails in the same way. */
export interface Outcome {
  readonly violations: readonly string[];
  readonly simulatedMs: number;
}

/** How steps of some kind are run, and told apart. */
export interface Stepped<S extends Timed, R extends Outcome> {
  run(steps: readonly S[], seed: number): R;
  isFault(step: S): boolean;
  /** What belongs together among those that are no faults, such as a key: it is tried alone. */
  groupOf(step: S): string;
  /** Steps do not begin earlier. */
  readonly beginMs: number;
}

/** How much is tried to make a failing list smaller. */
export interface MinimiseOptions {
  /** Runs after which the smallest list so far is taken. */
  readonly runsMax?: number;
  /** Seeds that a smaller list is tried with before it counts as one that does not fail. */
  readonly tries?: number;
  /** Told after each step forward how many runs there were, and how many steps are left. */
  readonly onProgress?: (runs: number, steps: number) => void;
}

/** Steps that fail, no more than are needed, and the seed that they fail with. */
export interface Minimal<S, R> {
  readonly steps: readonly S[];
  readonly seed: number;
  readonly report: R;
  /** Runs that it took to find them. */
  readonly runs: number;
}

/**
 * Looks for the fewest steps that still make a run fail in the same way: faults first, then what clients did (whole
 * groups at once, then ever smaller parts), then faults again, by delta debugging (Zeller and Hildebrandt 2002). What is
 * left open by the steps falls out otherwise in each smaller run, so each is tried with several seeds. Undefined where
 * not even all steps fail.
 */
export function minimise<S extends Timed, R extends Outcome>(
  { steps, seed }: { readonly steps: readonly S[]; readonly seed: number },
  stepped: Stepped<S, R>,
  violations: readonly string[],
  options: MinimiseOptions = {},
): Minimal<S, R> | undefined {
  const search = new Search(stepped, violations, options);
  if (!search.begin(steps, seed)) return undefined;
  const isFault = (step: S): boolean => stepped.isFault(step);
  search.reduceTime();
  search.reduce(isFault);
  search.reduceBulk();
  search.reduce((step) => !isFault(step));
  search.reduce(isFault);
  search.reduceTime();
  search.reduce(() => true);
  return search.result;
}

/** The sorts of what went wrong; that something takes too long counts only where nothing is wrong. */
function sortsOf(violations: readonly string[]): ReadonlySet<string> {
  const sorts = new Set(violations.map(sortOf));
  if (sorts.size > 1) sorts.delete('liveness');
  return sorts;
}

/** The sort of a violation: of two runs the same is wrong if it agrees, though peers, keys and times differ. */
export function sortOf(violation: string): string {
  if (/ was (stopped by|had) a bug, /.test(violation)) return 'bug';
  const head = /^[^\d:\n]*/.exec(violation)![0];
  return /^at $/.test(head) ? violation.replace(/[\d.]+/g, '#').slice(0, 12) : head.trim();
}

class Search<S extends Timed, R extends Outcome> {
  readonly #stepped: Stepped<S, R>;
  readonly #sorts: ReadonlySet<string>;
  readonly #violations: readonly string[];
  readonly #runsMax: number;
  readonly #tries: number;
  readonly #onProgress: ((runs: number, steps: number) => void) | undefined;
  #best: Omit<Minimal<S, R>, 'runs'> | undefined;
  #runs = 0;

  constructor(stepped: Stepped<S, R>, violations: readonly string[], { runsMax, tries, onProgress }: MinimiseOptions) {
    this.#stepped = stepped;
    this.#violations = violations;
    this.#sorts = sortsOf(violations);
    this.#runsMax = runsMax ?? shrinkRunsMax;
    this.#tries = tries ?? triesPerCandidate;
    this.#onProgress = onProgress;
  }

  get result(): Minimal<S, R> | undefined {
    return this.#best && { ...this.#best, runs: this.#runs };
  }

  begin(steps: readonly S[], seed: number): boolean {
    return this.#fails(steps, seed, triesToReproduce);
  }

  /** Only the last of what was done, as if the rest had never been: shorter runs are quicker to look through. */
  reduceTime(): void {
    for (const window of shrinkWindowsMs) {
      const endMs = this.#steps.at(-1)?.atMs ?? 0;
      const late = this.#steps.filter(({ atMs }) => atMs > endMs - window);
      const earlierMs = (late[0]?.atMs ?? 0) - this.#stepped.beginMs - 1;
      if (late.length === this.#steps.length && earlierMs < window) return;
      if (this.#try(late.map((step) => ({ ...step, atMs: step.atMs - earlierMs })))) return;
    }
  }

  /** Without all that clients did but for one group, those first that the violation speaks of. */
  reduceBulk(): void {
    const kept = this.#steps.filter((step) => this.#stepped.isFault(step));
    const others = this.#steps.filter((step) => !this.#stepped.isFault(step));
    const groups = new Map<string, S[]>();
    for (const step of others) {
      const name = this.#stepped.groupOf(step);
      groups.set(name, [...(groups.get(name) ?? []), step]);
    }
    const isNamed = (name: string): number =>
      Number(this.#violations.some((one) => one.includes(`history of ${name} `)));
    const names = [...groups.keys()].sort((a, b) => isNamed(b) - isNamed(a));
    for (const name of names.slice(0, 2)) {
      if (this.#try([...kept, ...groups.get(name)!].sort((a, b) => a.atMs - b.atMs))) return;
    }
  }

  /** Removes parts of those steps, halves first and then ever smaller ones, as long as what is left still fails. */
  reduce(isEligible: (step: S) => boolean): void {
    let parts = 2;
    for (;;) {
      const eligible = this.#steps.filter(isEligible);
      if (eligible.length === 0 || this.#runs >= this.#runsMax) return;
      parts = Math.min(parts, eligible.length);
      if (this.#removeOne(eligible, parts)) parts = Math.max(1, parts - 1);
      else if (parts === eligible.length) return;
      else parts *= 2;
    }
  }

  get #steps(): readonly S[] {
    return this.#best!.steps;
  }

  /** Tries to do without one of so many parts, the last first, which disturbs least; false where each is needed. */
  #removeOne(eligible: readonly S[], parts: number): boolean {
    const size = Math.ceil(eligible.length / parts);
    for (let end = eligible.length; end > 0; end -= size) {
      const without = new Set(eligible.slice(Math.max(0, end - size), end));
      if (this.#try(this.#steps.filter((step) => !without.has(step)))) return true;
    }
    return false;
  }

  #try(steps: readonly S[]): boolean {
    return this.#fails(steps, this.#best!.seed, this.#tries);
  }

  #fails(steps: readonly S[], firstSeed: number, tries: number): boolean {
    for (let i = 0; i < tries && this.#runs < this.#runsMax; i++) {
      const seed = firstSeed + i;
      this.#runs++;
      const report = this.#stepped.run(steps, seed);
      if (!report.violations.some((one) => this.#sorts.has(sortOf(one)))) continue;
      // What comes after the end of a run that was ended by its violation has no part in it.
      const before = steps.filter(({ atMs }) => atMs <= report.simulatedMs);
      this.#best = { steps: before, seed, report };
      this.#onProgress?.(this.#runs, before.length);
      return true;
    }
    return false;
  }
}
