import type { Moment, TraceFilter } from '../world/simulated/index.ts';
import { Arrangements } from './arrangements.ts';
import { Bank } from './bank.ts';
import { coverageNames, type Seen } from './coverage.ts';
import { Crossings } from './crossings.ts';
import { Editors } from './editors.ts';
import { EventualWriters } from './eventualWriters.ts';
import { checkExpiries } from './expiries.ts';
import { History } from './history.ts';
import { chaosMs, historyLinesMax, quietMsMax, settleMs } from './limits.ts';
import { checkLinearizable } from './linearizability.ts';
import { Merges } from './merges.ts';
import { Nemesis } from './nemesis.ts';
import { RedisUsers } from './redisUsers.ts';
import { RingRun } from './ringRun.ts';
import type { Scenario } from './scenario.ts';
import { ChangeRecord, isWatched, Spectators } from './spectators.ts';
import { dividesCells, Splits } from './splits.ts';
import { StaleReaders } from './staleReaders.ts';
import { standsOf } from './stands.ts';
import type { Script, Step } from './step.ts';
import { SimulatedSubject } from './subject.ts';
import { Workload } from './workload.ts';

/** What one run of a scenario came to. */
export interface RunReport {
  readonly scenario: string;
  readonly seed: number;
  /** Sentences; none where all checks hold. */
  readonly violations: readonly string[];
  readonly seen: readonly Seen[];
  readonly operations: number;
  readonly faults: number;
  readonly simulatedMs: number;
  /** True where it was stopped before its end: then nothing was judged. */
  readonly isStopped: boolean;
  /** Of all that happened in it: a seed that is run again has it again. */
  readonly traceHash: string;
  /** The trace, where it was asked for. */
  readonly trace: readonly string[];
}

/** What is wanted of a run beside its verdict. */
export interface RunOptions {
  /** Which lines of the trace are kept: none where it is left out. */
  readonly trace?: TraceFilter | undefined;
  /** Where the run stops, unjudged; at its end where it is left out. */
  readonly until?: Moment | undefined;
}

/** Runs one seed: chaos, then quiet, then every check. */
export function runSeed(scenario: Scenario, seed: number, options: RunOptions = {}): RunReport {
  const run = begin(scenario, settingOf(scenario, seed), options);
  run.improvise();
  return run.report();
}

/** Runs one seed, and writes down what was done in it. */
export function recordSeed(scenario: Scenario, seed: number): { readonly report: RunReport; readonly script: Script } {
  const setting = settingOf(scenario, seed);
  const run = begin(scenario, setting, {});
  run.improvise();
  return { report: run.report(), script: { scenario: scenario.name, ...setting, steps: run.steps() } };
}

/**
 * Runs a script: its steps at their times, then quiet, then every check. It ends as soon as something is wrong. Where
 * the scenario has clients that speak the protocol of Redis they improvise beside the steps, by the script's seed.
 */
export function runScript(scenario: Scenario, script: Script, options: RunOptions = {}): RunReport {
  const run = begin(scenario, script, options);
  run.follow(script.steps);
  return run.report();
}

/** Runs the seed of a report once more: a sentence where another run came of it, which no seed may do. */
export function checkRepeats(scenario: Scenario, report: RunReport): string[] {
  const again = runSeed(scenario, report.seed).traceHash;
  if (again === report.traceHash) return [];
  return [`SIM-1: the seed does not repeat: its trace has the hash ${report.traceHash}, and then ${again}`];
}

function begin(scenario: Scenario, setting: Setting, options: RunOptions): Run | RingRun {
  const { rings } = scenario;
  return rings === undefined ? new Run(scenario, setting, options) : new RingRun(scenario, rings, setting, options);
}

type Setting = Pick<Script, 'seed' | 'peers' | 'reads'>;

/** The number of peers and the way of reading are the seed's too, but not of the universe that it makes. */
function settingOf(scenario: Scenario, seed: number): Setting {
  const draw = Math.imul(seed, 0x9e3779b1) >>> 0;
  const { least, most } = scenario.peers;
  const peers = least + ((draw >>> 8) % (most - least + 1));
  return { seed, peers, reads: (draw >>> 4) % 2 === 0 ? 'quorum' : 'lease' };
}

class Run {
  readonly #scenario: Scenario;
  readonly #seed: number;
  readonly #subject: SimulatedSubject;
  readonly #history = new History();
  readonly #workload: Workload;
  readonly #bank: Bank;
  readonly #nemesis: Nemesis;
  readonly #splits: Splits;
  readonly #merges: Merges;
  readonly #arrangements: Arrangements;
  readonly #redis: RedisUsers | undefined;
  /** There where cells are split between keys that transactions need together. */
  readonly #crossings: Crossings | undefined;
  /** There in some runs of scenarios that ask for it. */
  readonly #spectators: Spectators | undefined;
  readonly #staleReaders: StaleReaders | undefined;
  readonly #eventualWriters: EventualWriters | undefined;
  readonly #editors: Editors | undefined;
  readonly #steps: Step[] = [];
  readonly #violations: string[] = [];

  constructor(scenario: Scenario, { seed, peers, reads }: Setting, options: RunOptions) {
    this.#scenario = scenario;
    this.#seed = seed;
    this.#subject = new SimulatedSubject({
      seed,
      peers,
      reads,
      stands: standsOf(seed, scenario.stands ?? 0),
      ...options,
    });
    const { random } = this.#subject.universe;
    const record = (step: Step): void => void this.#steps.push(step);
    const home = { subject: this.#subject, history: this.#history, record };
    const calls = { patienceMs: 2_000, pauseMs: 150 };
    this.#workload = new Workload(home, random.fork(), { ...calls, clients: 5, keys: 12, expiringKeys: 3 });
    const isDivided = dividesCells(seed, scenario.divides ?? 0);
    const bank = { ...calls, accounts: 5, balance: 100, tellers: scenario.tellers, isDivided };
    this.#bank = new Bank(home, random.fork(), bank);
    if (isDivided) this.#crossings = new Crossings(this.#subject, seed, { commit: scenario.commit });
    if (isWatched(seed, scenario.watches ?? 0)) {
      const record = new ChangeRecord();
      this.#subject.log.changes = record;
      this.#spectators = new Spectators(this.#subject, seed, record);
    }
    if (scenario.hasStaleReaders) this.#staleReaders = new StaleReaders(this.#subject, seed);
    if (scenario.hasEventualWriters) this.#eventualWriters = new EventualWriters(this.#subject, seed);
    if (scenario.hasEditors) this.#editors = new Editors(this.#subject, seed);
    this.#nemesis = new Nemesis(this.#subject, random.fork(), scenario.nemesis, record);
    this.#splits = new Splits(home, seed);
    this.#merges = new Merges({ subject: this.#subject, record }, seed);
    this.#arrangements = new Arrangements({ subject: this.#subject, record }, seed);
    if (scenario.hasRedisClients) this.#redis = new RedisUsers(this.#subject, random.fork(), this.#history);
  }

  /** What was done, in the order of time. */
  steps(): readonly Step[] {
    return this.#steps.sort((a, b) => a.atMs - b.atMs);
  }

  /** Clients and nemesis do what comes to their minds. */
  improvise(): void {
    const { universe, coverage } = this.#subject;
    const withinMs = this.#scenario.chaosMs ?? chaosMs;
    universe.runFor(settleMs);
    this.#workload.start();
    this.#bank.start();
    this.#redis?.start();
    this.#nemesis.start();
    this.#splits.scatter(this.#scenario.cells ?? 1, withinMs / 3);
    this.#splits.start(this.#scenario.splits ?? 0, withinMs);
    this.#merges.start(this.#scenario.merges ?? 0, withinMs);
    this.#arrangements.start(this.#scenario.arrangements ?? 0, withinMs);
    if (this.#crossings !== undefined) {
      this.#crossings.start();
      this.#splits.divide(withinMs);
    }
    this.#spectators?.start();
    this.#staleReaders?.start();
    this.#eventualWriters?.start();
    this.#editors?.start();
    coverage.begin();
    universe.runFor(withinMs);
    this.#nemesis.stop();
    universe.runFor(settleMs);
    this.#quieten(true);
  }

  /** Clients and nemesis do what they are told. */
  follow(steps: readonly Step[]): void {
    const { universe, coverage } = this.#subject;
    const hasBank = steps.some(({ kind }) => kind === 'transfer');
    const isWrong = (): boolean => this.#isWrong();
    universe.runFor(settleMs);
    if (hasBank) this.#bank.follow();
    this.#redis?.start();
    this.#crossings?.start();
    this.#spectators?.start();
    this.#staleReaders?.start();
    this.#eventualWriters?.start();
    this.#editors?.start();
    this.#nemesis.follow();
    coverage.begin();
    for (const step of steps) universe.after(step.atMs - universe.nowMs, () => this.#perform(step));
    universe.run(endOf(steps), isWrong);
    if (isWrong()) return;
    this.#nemesis.stop();
    universe.runFor(settleMs, isWrong);
    if (!isWrong()) this.#quieten(hasBank);
  }

  report(): RunReport {
    const { universe, coverage } = this.#subject;
    if (!universe.isStopped) this.#judge();
    if (this.#subject.cells > 1) coverage.seen.add('cell split');
    if ((this.#editors?.edits ?? 0) > 0 && (this.#editors?.counts ?? 0) > 0) coverage.seen.add('reserved and written');
    if (this.#workload.resolved > 0) coverage.seen.add('unknown outcome resolved');
    for (const host of universe.hosts.values()) {
      if (host.disk.tornWrites > 0) coverage.seen.add('torn-write recovery');
    }
    return {
      scenario: this.#scenario.name,
      seed: this.#seed,
      violations: this.#violations,
      seen: coverageNames.filter((name) => coverage.seen.has(name)),
      operations:
        this.#history.operations.length + this.#bank.transfers + this.#bank.audits + (this.#crossings?.done ?? 0),
      faults: this.#nemesis.faults,
      simulatedMs: universe.nowMs,
      isStopped: universe.isStopped,
      traceHash: universe.trace.hash,
      trace: universe.trace.lines(),
    };
  }

  #perform(step: Step): void {
    switch (step.kind) {
      case 'fault':
        return this.#nemesis.perform(step);
      case 'call':
        this.#steps.push(step);
        return this.#workload.perform(step);
      case 'transfer':
        this.#steps.push(step);
        return this.#bank.perform(step);
      case 'split':
        this.#steps.push(step);
        return this.#splits.perform(step);
      case 'merge':
        this.#steps.push(step);
        return this.#merges.perform(step);
      case 'arrange':
        this.#steps.push(step);
        return this.#arrangements.perform(step);
    }
  }

  /** Liveness: once faults stop everything is answered, every key can be read and no outcome stays unknown. */
  #quieten(hasBank: boolean): void {
    this.#workload.stop();
    this.#bank.stop();
    this.#splits.stop();
    this.#merges.stop();
    this.#arrangements.stop();
    this.#redis?.stop();
    this.#crossings?.stop();
    this.#staleReaders?.stop();
    this.#eventualWriters?.stop();
    this.#editors?.stop();
    const others = [this.#crossings, this.#eventualWriters].filter((one) => one !== undefined);
    let open = (hasBank ? 2 : 1) + others.length;
    const done = (): void => {
      open--;
    };
    const audit = (): void => this.#bank.audit((isDone) => (isDone ? done() : this.#subject.after(500, audit)));
    const cross = (): void => this.#crossings?.readAll((isDone) => (isDone ? done() : this.#subject.after(500, cross)));
    const look = (): void =>
      this.#eventualWriters?.readAll((isDone) => (isDone ? done() : this.#subject.after(500, look)));
    const readAll = (): void => {
      const before = this.#workload.done;
      this.#workload.readAll(() =>
        this.#workload.done - before >= this.#workload.keys ? done() : this.#subject.after(500, readAll),
      );
    };
    this.#subject.after(settleMs, () => {
      if (hasBank) audit();
      cross();
      look();
      readAll();
    });
    const unresolved = (): number => this.#workload.unresolved + (this.#crossings?.unresolved ?? 0);
    const isSettled = (): boolean => this.#subject.undecided() + this.#subject.reserved() === 0;
    const isAnswered = (): boolean => open === 0 && unresolved() === 0 && isSettled();
    const untold = (): number => this.#spectators?.untold ?? 0;
    const isQuiet = (): boolean => isAnswered() && untold() === 0 && this.#discord().length === 0;
    this.#subject.universe.runFor(quietMsMax, isQuiet);
    if (this.#subject.universe.isStopped) return;
    if (open > 0)
      this.#violations.push(`liveness: ${quietMsMax / 1000} s after the last fault not every key can be read`);
    const { owed, lost } = this.#eventualWriters ?? { owed: 0, lost: 0 };
    if (owed > 0) this.#violations.push(`liveness: ${owed} eventual writes are still owed`);
    if (lost > 0) this.#violations.push(`TX-23: ${lost} eventual writes were given up by peers that live`);
    if (unresolved() > 0) {
      this.#violations.push(`liveness: the outcome of ${unresolved()} operations stays unknown`);
    }
    if (this.#subject.reserved() > 0) {
      this.#violations.push(`TX-22: ${this.#subject.reserved()} keys stay reserved, and nobody renews that`);
    }
    if (this.#subject.undecided() > 0) {
      this.#violations.push(`liveness: ${this.#subject.undecided()} votes stay undecided, and keys locked`);
    }
    if (untold() > 0) this.#violations.push(`liveness: those who watch were not told of ${untold()} changes`);
    this.#violations.push(...this.#discord());
  }

  /** In what the peers do not agree, where the cells do not cover all keys, and where members stand together, each once. */
  #discord(): string[] {
    return [
      ...this.#subject.disagreements(),
      ...this.#subject.gaps(),
      ...this.#subject.crowds(),
      ...this.#subject.strays(),
    ];
  }

  /** Whether something showed itself that is wrong already, whatever may come. */
  #isWrong(): boolean {
    const { universe, log, coverage, refusals } = this.#subject;
    const parts = [universe.faults, log.violations, coverage.violations, refusals];
    return parts.some(({ length }) => length > 0) || this.#workload.surprises.length + this.#bank.violations.length > 0;
  }

  #judge(): void {
    const { universe, log, coverage, refusals } = this.#subject;
    for (const { host, fault, atMs, isFatal } of universe.faults) {
      const how = isFatal ? 'stopped by' : 'had';
      this.#violations.push(
        `at ${atMs.toFixed(1)} ${host} was ${how} a bug, in ${fault.path} at ${fault.event}: ${textOf(fault.error)}`,
      );
    }
    this.#violations.push(...log.violations, ...coverage.violations, ...refusals);
    this.#violations.push(...this.#workload.surprises, ...this.#bank.violations, ...(this.#redis?.violations ?? []));
    // Where clocks jump nobody can say when a value should go; that it never comes back is judged all the same.
    if (this.#scenario.nemesis.weights.jump === undefined) this.#violations.push(...checkExpiries(this.#history));
    this.#violations.push(...(this.#crossings?.violations() ?? []).map(shortened));
    this.#violations.push(...(this.#spectators?.violations ?? []), ...(this.#staleReaders?.violations ?? []));
    this.#violations.push(...(this.#eventualWriters?.violations ?? []));
    this.#violations.push(...(this.#editors?.violations ?? []));
    for (const violation of checkLinearizable(this.#history)) this.#violations.push(shortened(violation));
  }
}

/** When the last step is over. */
function endOf(steps: readonly Step[]): number {
  const ends = steps.map((step) => step.atMs + (step.kind === 'fault' ? step.lastsMs : settleMs));
  return Math.min(settleMs + chaosMs, Math.max(settleMs, ...ends));
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
}

function shortened(text: string): string {
  const lines = text.split('\n');
  return lines.length <= historyLinesMax ? text : [...lines.slice(0, historyLinesMax), '  ...'].join('\n');
}
