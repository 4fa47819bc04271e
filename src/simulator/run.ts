import type { Moment, TraceFilter } from '../world/simulated/index.ts';
import { Bank } from './bank.ts';
import { coverageNames, type Seen } from './coverage.ts';
import { checkExpiries } from './expiries.ts';
import { History } from './history.ts';
import { chaosMs, historyLinesMax, quietMsMax, settleMs } from './limits.ts';
import { checkLinearizable } from './linearizability.ts';
import { Nemesis } from './nemesis.ts';
import { RedisUsers } from './redisUsers.ts';
import type { Scenario } from './scenario.ts';
import { SimulatedSubject } from './subject.ts';
import { Workload } from './workload.ts';

/** What one seed of a scenario came to. */
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

/** Runs one seed: chaos for a minute, then quiet, then every check. */
export function runSeed(scenario: Scenario, seed: number, options: RunOptions = {}): RunReport {
  return new Run(scenario, seed, options).report();
}

/** Runs the seed of a report once more: a sentence where another run came of it, which no seed may do. */
export function checkRepeats(scenario: Scenario, report: RunReport): string[] {
  const again = runSeed(scenario, report.seed).traceHash;
  if (again === report.traceHash) return [];
  return [`SIM-1: the seed does not repeat: its trace has the hash ${report.traceHash}, and then ${again}`];
}

class Run {
  readonly #scenario: Scenario;
  readonly #seed: number;
  readonly #subject: SimulatedSubject;
  readonly #history = new History();
  readonly #workload: Workload;
  readonly #bank: Bank;
  readonly #nemesis: Nemesis;
  readonly #redis: RedisUsers | undefined;
  readonly #violations: string[] = [];

  constructor(scenario: Scenario, seed: number, options: RunOptions) {
    this.#scenario = scenario;
    this.#seed = seed;
    // The number of peers and the way of reading are the seed's too, but not of the universe that it makes.
    const draw = Math.imul(seed, 0x9e3779b1) >>> 0;
    const { least, most } = scenario.peers;
    const peers = least + ((draw >>> 8) % (most - least + 1));
    const reads = (draw >>> 4) % 2 === 0 ? 'quorum' : 'lease';
    this.#subject = new SimulatedSubject({ seed, peers, reads, ...options });
    const { random } = this.#subject.universe;
    const calls = { patienceMs: 2_000, pauseMs: 150 };
    this.#workload = new Workload(this.#subject, random.fork(), this.#history, {
      ...calls,
      clients: 5,
      keys: 12,
      expiringKeys: 3,
    });
    this.#bank = new Bank(this.#subject, random.fork(), { ...calls, accounts: 5, balance: 100 });
    this.#nemesis = new Nemesis(this.#subject, random.fork(), scenario.nemesis);
    if (scenario.hasRedisClients) this.#redis = new RedisUsers(this.#subject, random.fork(), this.#history);
  }

  report(): RunReport {
    const { universe, coverage } = this.#subject;
    universe.runFor(settleMs);
    this.#workload.start();
    this.#bank.start();
    this.#redis?.start();
    this.#nemesis.start();
    coverage.begin();
    universe.runFor(chaosMs);
    this.#nemesis.stop();
    universe.runFor(settleMs);
    this.#quieten();
    if (!universe.isStopped) this.#judge();
    if (this.#workload.resolved > 0) coverage.seen.add('unknown outcome resolved');
    for (const host of universe.hosts.values()) {
      if (host.disk.tornWrites > 0) coverage.seen.add('torn-write recovery');
    }
    return {
      scenario: this.#scenario.name,
      seed: this.#seed,
      violations: this.#violations,
      seen: coverageNames.filter((name) => coverage.seen.has(name)),
      operations: this.#history.operations.length + this.#bank.transfers + this.#bank.audits,
      faults: this.#nemesis.faults,
      simulatedMs: universe.nowMs,
      isStopped: universe.isStopped,
      traceHash: universe.trace.hash,
      trace: universe.trace.lines(),
    };
  }

  /** Liveness: once faults stop everything is answered, every key can be read and no outcome stays unknown. */
  #quieten(): void {
    this.#workload.stop();
    this.#bank.stop();
    this.#redis?.stop();
    let open = 2;
    const done = (): void => {
      open--;
    };
    const audit = (): void => this.#bank.audit((isDone) => (isDone ? done() : this.#subject.after(500, audit)));
    const readAll = (): void => {
      const before = this.#workload.done;
      this.#workload.readAll(() =>
        this.#workload.done - before >= this.#workload.keys ? done() : this.#subject.after(500, readAll),
      );
    };
    this.#subject.after(settleMs, () => {
      audit();
      readAll();
    });
    const isQuiet = (): boolean => open === 0 && this.#workload.unresolved === 0;
    this.#subject.universe.runFor(quietMsMax, isQuiet);
    if (open > 0)
      this.#violations.push(`liveness: ${quietMsMax / 1000} s after the last fault not every key can be read`);
    if (this.#workload.unresolved > 0) {
      this.#violations.push(`liveness: the outcome of ${this.#workload.unresolved} operations stays unknown`);
    }
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
    for (const violation of checkLinearizable(this.#history)) this.#violations.push(shortened(violation));
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
}

function shortened(text: string): string {
  const lines = text.split('\n');
  return lines.length <= historyLinesMax ? text : [...lines.slice(0, historyLinesMax), '  ...'].join('\n');
}
