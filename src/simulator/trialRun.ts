import { assert } from '../base/index.ts';
import { Cast } from './cast.ts';
import { breach, type Check } from './check.ts';
import type { Exchange } from './exchange.ts';
import { historyLinesMax, quietMsMax } from './limits.ts';
import { Nemesis } from './nemesis.ts';
import type { RunOptions } from './run.ts';
import type { AskStep, ChangeStep, TrialScript, TrialStep } from './step.ts';
import type { Trial } from './trial.ts';
import { TrialSubject } from './trialSubject.ts';

/** What one run of a trial came to. */
export interface TrialReport<Call, Answer> {
  readonly trial: string;
  readonly seed: number;
  /** Sentences; none where all checks hold. */
  readonly violations: readonly string[];
  /** How often what happened: each fault by its name, answers, frames lost, torn writes. */
  readonly coverage: Readonly<Record<string, number>>;
  /** All that clients asked and were answered, in the order in which they asked. */
  readonly exchanges: readonly Exchange<Call, Answer>[];
  readonly simulatedMs: number;
  /** True where it was stopped before its end: then nothing was judged. */
  readonly isStopped: boolean;
  readonly traceHash: string;
  readonly trace: readonly string[];
}

/** An exchange that goes on. */
type Open<Call, Answer> = { -readonly [K in keyof Exchange<Call, Answer>]: Exchange<Call, Answer>[K] };

/** One run of a trial, by its seed or by its script. */
export class TrialRun<Call, Answer, View> {
  readonly #trial: Trial<Call, Answer, View>;
  readonly #seed: number;
  readonly #subject: TrialSubject<Call, Answer, View>;
  readonly #nemesis: Nemesis;
  readonly #steps: TrialStep<Call>[] = [];
  readonly #exchanges: Open<Call, Answer>[] = [];
  /** Of each client whether an answer may still come to what it asked last. */
  readonly #waiting = new Map<number, (patienceMs: number) => boolean>();
  readonly #violations: string[] = [];
  #changes = 0;

  constructor(
    trial: Trial<Call, Answer, View>,
    { seed, peers }: Pick<TrialScript<Call>, 'seed' | 'peers'>,
    options: RunOptions,
  ) {
    const { program, network } = trial;
    this.#trial = trial;
    this.#seed = seed;
    this.#subject = new TrialSubject({ program, network, seed, peers, ...options });
    const random = this.#subject.universe.random.fork();
    this.#nemesis = new Nemesis(this.#subject, random, { weights: {}, pauseMs: 0 }, (step) => this.#steps.push(step));
    this.#nemesis.follow();
  }

  /** What was done, in the order of time. */
  steps(): readonly TrialStep<Call>[] {
    return this.#steps;
  }

  /** Lets the course happen as the seed draws it. */
  improvise(): void {
    const cast = new Cast(this.#subject, this.#trial.course, {
      perform: (deed) => this.#perform({ ...deed, atMs: this.#subject.universe.nowMs }),
      isIdle: (client, patienceMs) => this.#waiting.get(client)?.(patienceMs) !== true,
    });
    cast.play(() => this.#isWrong());
    this.#quieten();
  }

  /** Does what the steps say. */
  follow(steps: readonly TrialStep<Call>[]): void {
    const { universe } = this.#subject;
    for (const step of steps) universe.after(step.atMs, () => this.#perform(step));
    const endsMs = steps.map((step) => step.atMs + (step.kind === 'fault' ? step.lastsMs : 0));
    universe.run(Math.max(0, ...endsMs), () => this.#isWrong());
    this.#quieten();
  }

  report(): TrialReport<Call, Answer> {
    const { universe } = this.#subject;
    if (!universe.isStopped) this.#judge();
    return {
      trial: this.#trial.name,
      seed: this.#seed,
      violations: this.#violations,
      coverage: this.#coverage(),
      exchanges: this.#exchanges,
      simulatedMs: universe.nowMs,
      isStopped: universe.isStopped,
      traceHash: universe.trace.hash,
      trace: universe.trace.lines(),
    };
  }

  #perform(step: TrialStep<Call>): void {
    switch (step.kind) {
      case 'fault':
        return this.#nemesis.perform(step);
      case 'ask':
        return this.#ask(step);
      case 'change':
        return this.#change(step);
    }
  }

  #change(step: ChangeStep): void {
    const { universe } = this.#subject;
    const { change, peer } = step;
    const make = this.#trial.changes?.[change];
    assert(make !== undefined, () => `${this.#trial.name} has no change ${change}: name it in its changes`);
    const life = universe.hosts.get(peer)?.life;
    if (life === undefined) return;
    universe.note(peer, 'change', () => change);
    this.#steps.push(step);
    this.#changes++;
    make(life.system);
  }

  #ask(step: AskStep<Call>): void {
    const { universe } = this.#subject;
    const { client, call, via } = step;
    const exchange: Open<Call, Answer> = {
      ...{ client, call, via, invokedMs: universe.nowMs },
      ...{ returnedMs: Number.POSITIVE_INFINITY, answer: undefined },
    };
    const isAsked = this.#subject.ask(via, call, (answer) => {
      universe.note(`client-${client}`, 'told', () => `${JSON.stringify(call)}: ${JSON.stringify(answer)}`);
      exchange.answer = answer;
      exchange.returnedMs = universe.nowMs;
    });
    if (!isAsked) return;
    universe.note(`client-${client}`, 'asks', () => `${JSON.stringify(call)} through ${via}`);
    this.#steps.push(step);
    this.#exchanges.push(exchange);
    const host = universe.hosts.get(via);
    const life = host?.life;
    this.#waiting.set(client, (patienceMs) => {
      const isPatient = universe.nowMs - exchange.invokedMs < patienceMs;
      return exchange.answer === undefined && host?.life === life && isPatient;
    });
  }

  /** No fault is left: what must come to hold has so much time for it. */
  #quieten(): void {
    const { universe } = this.#subject;
    if (universe.isStopped || this.#isWrong()) return;
    this.#nemesis.stop();
    const missing = (): string[] => this.#breaches((check) => check.kind === 'eventually');
    if (missing().length === 0) return;
    universe.runFor(this.#trial.quietMs ?? quietMsMax, () => this.#isWrong() || missing().length === 0);
    if (!this.#isWrong()) this.#violations.push(...missing());
  }

  /** Whether something showed itself that is wrong already, whatever may come. */
  #isWrong(): boolean {
    if (this.#violations.length === 0) {
      this.#violations.push(...this.#breaches((check) => check.kind === 'invariant'));
      for (const { host, fault, atMs } of this.#subject.universe.faults) {
        const error =
          fault.error instanceof Error ? `${fault.error.message}\n${fault.error.stack}` : String(fault.error);
        this.#violations.push(`at ${atMs.toFixed(1)} ${host} had a bug, in ${fault.path} at ${fault.event}: ${error}`);
      }
    }
    return this.#violations.length > 0;
  }

  #breaches(isMeant: (check: Check<Call, Answer, View>) => boolean): string[] {
    const found: string[] = [];
    for (const check of this.#trial.checks) {
      if (!isMeant(check) || check.kind === 'history') continue;
      const text = breach(check, check.holds(this.#subject.views, this.#exchanges));
      if (text !== undefined) found.push(text);
    }
    return found;
  }

  #judge(): void {
    for (const check of this.#trial.checks) {
      if (check.kind !== 'history') continue;
      for (const text of check.judge(this.#exchanges)) this.#violations.push(`${check.name}: ${shortened(text)}`);
    }
  }

  #coverage(): Readonly<Record<string, number>> {
    const { universe, hosts } = this.#subject;
    const counts: Record<string, number> = {
      answered: this.#exchanges.filter(({ answer }) => answer !== undefined).length,
      unanswered: this.#exchanges.filter(({ answer }) => answer === undefined).length,
      'frames sent': universe.network.framesSent,
      'frames lost': universe.network.framesLost,
      changes: this.#changes,
      'torn writes': hosts.reduce((sum, { disk }) => sum + disk.tornWrites, 0),
    };
    for (const [kind, count] of this.#nemesis.counts) counts[`fault ${kind}`] = count;
    return counts;
  }
}

function shortened(text: string): string {
  const lines = text.split('\n');
  return lines.length <= historyLinesMax ? text : [...lines.slice(0, historyLinesMax), '  ...'].join('\n');
}
