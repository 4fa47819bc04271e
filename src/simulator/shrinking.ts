import { settleMs, shrinkRunsMax, shrinkWindowsMs, triesPerCandidate, triesToReproduce } from './limits.ts';
import { type RunReport, runScript } from './run.ts';
import type { Scenario } from './scenario.ts';
import type { Script, Step } from './step.ts';

/** A script that fails, and is no larger than it must be. */
export interface Shrunk {
  readonly script: Script;
  /** Of its run. */
  readonly report: RunReport;
  /** Runs that it took to find it. */
  readonly runs: number;
}

export interface ShrinkOptions {
  /** Runs after which the smallest script so far is taken. */
  readonly runsMax?: number;
  /** Told after each step forward how many runs there were, and how many steps are left. */
  readonly onProgress?: (runs: number, steps: number) => void;
}

/**
 * Looks for the fewest steps that still make a run fail in the same way: faults first, then what clients did (whole
 * kinds at once, then keys, then ever smaller parts), then faults again, by delta debugging (Zeller and Hildebrandt
 * 2002). What is left open by the steps falls out otherwise in each smaller run, so each is tried with several seeds,
 * and the script that is found names the seed that it fails with. Undefined where not even the whole script fails.
 */
export function shrink(
  scenario: Scenario,
  script: Script,
  violations: readonly string[],
  options: ShrinkOptions = {},
): Shrunk | undefined {
  const search = new Search(scenario, violations, options);
  if (!search.begin(script)) return undefined;
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

function isFault({ kind }: Step): boolean {
  return kind === 'fault';
}

class Search {
  readonly #scenario: Scenario;
  readonly #sorts: ReadonlySet<string>;
  readonly #violations: readonly string[];
  readonly #runsMax: number;
  readonly #onProgress: ((runs: number, steps: number) => void) | undefined;
  #best: { readonly script: Script; readonly report: RunReport } | undefined;
  #runs = 0;

  constructor(scenario: Scenario, violations: readonly string[], { runsMax, onProgress }: ShrinkOptions) {
    this.#scenario = scenario;
    this.#violations = violations;
    this.#sorts = sortsOf(violations);
    this.#runsMax = runsMax ?? shrinkRunsMax;
    this.#onProgress = onProgress;
  }

  get result(): Shrunk | undefined {
    return this.#best && { ...this.#best, runs: this.#runs };
  }

  begin(script: Script): boolean {
    return this.#fails(script, script.steps, triesToReproduce);
  }

  /** Only the last of what was done, as if the rest had never been: shorter runs are quicker to look through. */
  reduceTime(): void {
    for (const window of shrinkWindowsMs) {
      const endMs = this.#steps.at(-1)?.atMs ?? 0;
      const late = this.#steps.filter(({ atMs }) => atMs > endMs - window);
      const earlierMs = (late[0]?.atMs ?? 0) - settleMs - 1;
      if (late.length === this.#steps.length && earlierMs < window) return;
      if (this.#try(late.map((step) => ({ ...step, atMs: step.atMs - earlierMs })))) return;
    }
  }

  /** Without all that clients did but for one kind or one key, those first that the violation speaks of. */
  reduceBulk(): void {
    const kept = this.#steps.filter(isFault);
    const others = this.#steps.filter((step) => !isFault(step));
    const groups = new Map<string, Step[]>();
    for (const step of others) {
      const name = step.kind === 'call' ? step.key : step.kind;
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
  reduce(isEligible: (step: Step) => boolean): void {
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

  get #steps(): readonly Step[] {
    return this.#best!.script.steps;
  }

  /** Tries to do without one of so many parts, the last first, which disturbs least; false where each is needed. */
  #removeOne(eligible: readonly Step[], parts: number): boolean {
    const size = Math.ceil(eligible.length / parts);
    for (let end = eligible.length; end > 0; end -= size) {
      const without = new Set(eligible.slice(Math.max(0, end - size), end));
      if (this.#try(this.#steps.filter((step) => !without.has(step)))) return true;
    }
    return false;
  }

  #try(steps: readonly Step[]): boolean {
    return this.#fails(this.#best!.script, steps, triesPerCandidate);
  }

  #fails(script: Script, steps: readonly Step[], tries: number): boolean {
    for (let i = 0; i < tries && this.#runs < this.#runsMax; i++) {
      const candidate = { ...script, steps, seed: script.seed + i };
      this.#runs++;
      const report = runScript(this.#scenario, candidate);
      if (!report.violations.some((one) => this.#sorts.has(sortOf(one)))) continue;
      // What comes after the end of a run that was ended by its violation has no part in it.
      const before = steps.filter(({ atMs }) => atMs <= report.simulatedMs);
      this.#best = { script: { ...candidate, steps: before }, report };
      this.#onProgress?.(this.#runs, before.length);
      return true;
    }
    return false;
  }
}
