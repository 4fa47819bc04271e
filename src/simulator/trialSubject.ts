import { type AskProgram, type Program, programRoot } from '../world/index.ts';
import {
  type Life,
  type Moment,
  type NetworkConditions,
  type SimulatedHost,
  type TraceFilter,
  Universe,
} from '../world/simulated/index.ts';
import type { Views } from './check.ts';
import { trialPeersMax } from './limits.ts';
import type { Victim } from './nemesis.ts';
import { Spoilage } from './spoilage.ts';

export interface TrialSubjectOptions<Call, Answer, View> {
  readonly program: Program<Call, Answer, View>;
  readonly seed: number;
  readonly peers: number;
  readonly network?: Partial<NetworkConditions> | undefined;
  readonly trace?: TraceFilter | undefined;
  readonly until?: Moment | undefined;
}

/** Peers in a universe that run somebody's own program: what clients ask, what the nemesis torments. */
export class TrialSubject<Call, Answer, View> implements Victim {
  readonly universe: Universe;
  readonly #program: Program<Call, Answer, View>;
  readonly #gone = new Set<SimulatedHost>();
  readonly #asks = new Map<SimulatedHost, AskProgram<Call, Answer>>();
  readonly #views = new Map<string, View>();
  readonly spoilage = new Spoilage(() => this.isWhole());

  constructor({ program, seed, peers, network, trace, until }: TrialSubjectOptions<Call, Answer, View>) {
    this.#program = program;
    this.universe = new Universe({ seed, trace, until, ...(network === undefined ? {} : { network }) });
    const hosts = Array.from({ length: peers }, () => this.#add());
    for (const host of hosts) host.start();
  }

  get hosts(): readonly SimulatedHost[] {
    return [...this.universe.hosts.values()].filter((host) => !this.#gone.has(host));
  }

  get views(): Views<View> {
    return this.#views;
  }

  /** Asks the peer of that name; `done` is told the answer. False where it does not run. */
  ask(via: string, call: Call, done: (answer: Answer) => void): boolean {
    const host = this.universe.hosts.get(via);
    const ask = host?.isRunning ? this.#asks.get(host) : undefined;
    ask?.tell({ call, done });
    return ask !== undefined;
  }

  crash(host: SimulatedHost): void {
    host.crash();
    this.#views.delete(host.name);
  }

  kill(host: SimulatedHost): void {
    host.kill();
    this.#views.delete(host.name);
  }

  start(host: SimulatedHost): void {
    if (!this.#gone.has(host)) host.start();
  }

  join(): SimulatedHost | undefined {
    if (this.universe.hosts.size >= trialPeersMax) return undefined;
    const host = this.#add();
    host.start();
    return host;
  }

  /** It goes without a word: a program whose peers say goodbye is asked for that by its clients. */
  leave(host: SimulatedHost): boolean {
    if (this.hosts.length <= 1) return false;
    this.kill(host);
    this.#gone.add(host);
    return true;
  }

  leaderApart(): undefined {
    return undefined;
  }

  isWhole(): boolean {
    return this.hosts.every((host) => host.isRunning);
  }

  #add(): SimulatedHost {
    const host: SimulatedHost = this.universe.addHost(nameOf(this.universe.hosts.size), (life) =>
      this.#boot(host, life),
    );
    return host;
  }

  #boot(host: SimulatedHost, { system, platform }: Life): void {
    this.#asks.delete(host);
    const { life } = host;
    const init = {
      platform,
      peers: this.hosts.map(({ address }) => address),
      show: (view: View) => {
        if (host.life === life) this.#views.set(host.name, view);
      },
    };
    system.create(programRoot(this.#program, init, (ask) => this.#asks.set(host, ask))).start();
  }
}

/** a to z, then p26 and so on. */
function nameOf(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `p${index}`;
}
