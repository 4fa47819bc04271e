import { intersection, prefixRange, type Range } from '../base/index.ts';
import { type CellReport, crowding, type MergePolicy, type SplitPolicy, type Stand } from '../cell/index.ts';
import type { Command } from '../command/index.ts';
import { component, type Ref } from '../component/index.ts';
import { type AdmissionPolicy, Figures } from '../gateway/index.ts';
import { Peer, type PeerState } from '../peer/index.ts';
import { makeState, type RowReader } from '../state/index.ts';
import { EventualFigures, type Reply } from '../store/index.ts';
import type { Platform } from '../world/index.ts';
import { type Life, type Moment, type SimulatedHost, type TraceFilter, Universe } from '../world/simulated/index.ts';
import { type Ask, type AskWay, Caller } from './caller.ts';
import { Coverage } from './coverage.ts';
import { checkpointBytes, lookEveryMs, memberDeadMs, peersMost } from './limits.ts';
import type { Victim } from './nemesis.ts';
import { AppliedLog, observed } from './observedState.ts';
import { Spoilage } from './spoilage.ts';
import { disagreements } from './views.ts';
import type { Subject } from './workload.ts';

export interface SubjectOptions {
  readonly seed: number;
  readonly peers: number;
  readonly reads: 'lease' | 'quorum';
  /** Where each peer stands, by the order in which they are added; all together where it is left out. */
  readonly stands?: ((peer: number) => Stand) | undefined;
  readonly split?: SplitPolicy | undefined;
  readonly merge?: MergePolicy | undefined;
  /** How often leaders have the rows of members compared. */
  readonly scrubEveryMs?: number | undefined;
  /** How much gateways let in. */
  readonly admission?: AdmissionPolicy;
  readonly trace?: TraceFilter | undefined;
  readonly until?: Moment | undefined;
}

interface Resident {
  readonly host: SimulatedHost;
  ask: Ref<Ask> | undefined;
  report: Ref<(state: PeerState) => void> | undefined;
  leave: Ref<void> | undefined;
  state: PeerState | undefined;
  hasLeft: boolean;
  isLeaving: boolean;
  /** Of its life now. */
  eventual: EventualFigures;
  readonly open: Set<(reply: 'lost') => void>;
}

/** What one peer says of itself. */
export interface PeerWitness {
  readonly host: SimulatedHost;
  readonly hasLeft: boolean;
  readonly view: PeerState['view'];
  /** Of the replica that it holds, where that serves. */
  readonly role: 'leader' | 'follower' | undefined;
}

/** A whole system of peers in a universe: what clients ask, what the nemesis torments, what checks look at. */
export class SimulatedSubject implements Subject, Victim {
  readonly universe: Universe;
  readonly log = new AppliedLog();
  readonly coverage = new Coverage();
  /** What peers said that they cannot do, for good: each is a violation. */
  readonly refusals: string[] = [];
  readonly #options: SubjectOptions;
  readonly #residents: Resident[] = [];
  readonly spoilage = new Spoilage(() => this.isWhole());

  constructor(options: SubjectOptions) {
    this.#options = options;
    this.universe = new Universe({ seed: options.seed, trace: options.trace, until: options.until });
    for (let i = 0; i < options.peers; i++) this.#add().host.start();
    this.#lookAgain();
  }

  get nowMs(): number {
    return this.universe.nowMs;
  }

  get hosts(): readonly SimulatedHost[] {
    return this.#residents.filter(({ hasLeft }) => !hasLeft).map(({ host }) => host);
  }

  after(delayMs: number, run: () => void): void {
    this.universe.after(delayMs, run);
  }

  note(who: string, kind: string, text: () => string): void {
    this.universe.note(who, kind, text);
  }

  ask(
    command: Command,
    patienceMs: number,
    done: (reply: Reply | 'lost') => void,
    via?: string,
    how: AskWay = {},
  ): string | undefined {
    const ready = this.#residents.filter(({ host, ask }) => host.isRunning && ask !== undefined);
    if (ready.length === 0) return undefined;
    const resident = ready.find(({ host }) => host.name === via) ?? this.universe.random.pick(ready);
    const lost = (): void => done('lost');
    resident.open.add(lost);
    const told = (reply: Reply): void => {
      if (resident.open.delete(lost)) done(reply);
    };
    resident.ask!.tell({ command, patienceMs, how, done: told });
    return resident.host.name;
  }

  serving(draw: number): string | undefined {
    const ready = this.#residents.filter(({ host, ask }) => host.isRunning && ask !== undefined);
    return ready[Math.floor(draw * ready.length)]?.host.name;
  }

  eventualOf(peer: string): EventualFigures | undefined {
    const resident = this.#residents.find(({ host }) => host.name === peer);
    return resident?.ask === undefined || !resident.host.isRunning ? undefined : resident.eventual;
  }

  crash(host: SimulatedHost): void {
    host.crash();
    this.#settle(host);
  }

  kill(host: SimulatedHost): void {
    host.kill();
    this.#settle(host);
  }

  start(host: SimulatedHost): void {
    if (this.#residents.some((one) => one.host === host && one.hasLeft)) return;
    this.#settle(host);
    host.start();
  }

  join(): SimulatedHost | undefined {
    if (this.#residents.length >= peersMost) return undefined;
    const { host } = this.#add();
    host.start();
    return host;
  }

  leave(host: SimulatedHost): boolean {
    const staying = this.#residents.filter(({ hasLeft, isLeaving }) => !hasLeft && !isLeaving);
    const resident = staying.find((one) => one.host === host);
    if (staying.length <= 3 || resident?.leave === undefined || !host.isRunning) return false;
    resident.isLeaving = true;
    resident.leave.tell();
    return true;
  }

  leaderApart(): readonly [SimulatedHost[], SimulatedHost[]] | undefined {
    const leader = this.leaderReport();
    if (leader === undefined) return undefined;
    const voters = new Set(leader.members.map(({ id }) => id).filter((id) => id !== leader.leader));
    const names = new Set([...voters].map((id) => id.split('#')[0]!));
    const { hosts } = this;
    return [hosts.filter(({ name }) => !names.has(name)), hosts.filter(({ name }) => names.has(name))];
  }

  /**
   * Each cell has three members or more, each of which runs and votes, and nothing is being repaired. While somebody
   * leaves a cell may become smaller at any moment, sooner than it is looked at.
   */
  isWhole(): boolean {
    if (this.#residents.some(({ isLeaving, hasLeft }) => isLeaving && !hasLeft)) return false;
    return this.gaps().length === 0 && this.leaders().every((leader) => this.#isWhole(leader));
  }

  #isWhole({ cell, repairs, members }: CellReport): boolean {
    const serving = this.#residents.filter(
      ({ host, state }) => host.isRunning && state?.replicas.some((one) => one.cell === cell && isServing(one)),
    );
    // A host that was wiped is another peer under the old name.
    const ids = new Set(serving.map(({ host }) => `${host.name}#${host.disk.incarnation}`));
    return repairs === '' && members.length >= 3 && members.every(({ id }) => ids.has(id));
  }

  /** Where members of cells stand together although they need not, as their leaders see it. */
  crowds(): string[] {
    return this.leaders().flatMap(({ cell, leader, members }) => {
      const peers = this.#residents.find(({ state }) => state?.view?.self === leader)?.state?.view?.peers ?? [];
      return crowding(members, peers).map((text) => `liveness: in cell ${cell} ${text}`);
    });
  }

  /** Cells that somebody leads. */
  get cells(): number {
    return this.leaders().length;
  }

  /** Votes of yes in transactions over several cells that are not decided yet, as the leaders know. */
  undecided(): number {
    return this.leaders().reduce((sum, { transactions }) => sum + transactions.undecided, 0);
  }

  /** Keys that are reserved, as the leaders know. */
  reserved(): number {
    return this.leaders().reduce((sum, { transactions }) => sum + transactions.reserved, 0);
  }

  /** Where the cells that are led leave a gap between them, or overlap: sentences. */
  gaps(): string[] {
    const leaders = this.leaders().sort((a, b) => (a.from < b.from ? -1 : 1));
    let end: string | undefined = '';
    for (const { cell, from, to } of leaders) {
      if (from !== end) return [`CELL-13: cell ${cell} begins at "${from}", and those before it end at "${end}"`];
      end = to;
    }
    return end === undefined ? [] : [`CELL-13: nobody leads a cell of the keys from "${end}" on`];
  }

  /** Cells that lie only partly in a prefix which asks for a number of members: sentences. */
  strays(): string[] {
    return this.leaders().flatMap(({ cell, from, to, degrees }) =>
      degrees
        .map(({ prefix }) => ({ prefix, held: intersection({ from, to }, prefixRange(prefix)) }))
        .filter(({ held }) => held?.from !== from || held.to !== to)
        .map(({ prefix }) => `CELL-22: cell ${cell} lies in the prefix "${prefix}" only in part`),
    );
  }

  /** The latest report of a leader of each cell. */
  leaders(): CellReport[] {
    const leaders = new Map<string, CellReport>();
    for (const { host, state } of this.#residents) {
      for (const report of host.isRunning ? (state?.replicas ?? []) : []) {
        const known = leaders.get(report.cell);
        if (report.role === 'leader' && (known === undefined || known.epoch < report.epoch)) {
          leaders.set(report.cell, report);
        }
      }
    }
    return [...leaders.values()];
  }

  /** In what the peers that run do not agree about who is there. */
  disagreements(): string[] {
    const running = this.#residents.filter(({ host, hasLeft }) => host.isRunning && !hasLeft);
    return disagreements(running.map(({ host, state }) => ({ name: host.name, state })));
  }

  /** Every peer that ever was, with what it said of itself last: nothing of those that do not run. */
  witnesses(): readonly PeerWitness[] {
    return this.#residents.map(({ host, hasLeft, state }) => {
      const role = state?.replicas.map((replica) => replica.role).find((one) => one === 'leader' || one === 'follower');
      return { host, hasLeft, view: state?.view, role };
    });
  }

  /** The latest report of a peer that leads. */
  leaderReport(): CellReport | undefined {
    for (const { host, state } of this.#residents) {
      const report = host.isRunning ? state?.replicas.find(({ role }) => role === 'leader') : undefined;
      if (report !== undefined) return report;
    }
    return undefined;
  }

  #add(): Resident {
    const name = String.fromCharCode(97 + this.#residents.length);
    const isFirst = this.#residents.length === 0;
    const host = this.universe.addHost(name, (life) => this.#boot(resident, life, isFirst));
    const resident: Resident = {
      host,
      ask: undefined,
      report: undefined,
      leave: undefined,
      state: undefined,
      hasLeft: false,
      isLeaving: false,
      eventual: new EventualFigures(),
      open: new Set(),
    };
    this.#residents.push(resident);
    return resident;
  }

  #boot(resident: Resident, { system, platform }: Life, isFirst: boolean): void {
    const others = this.hosts.filter((host) => host !== resident.host).map(({ address }) => address);
    resident.eventual = new EventualFigures();
    const isNew = isFirst && this.universe.nowMs === 0;
    const root = component('root', {
      setup: (context) => {
        const peer = context.create(Peer, this.#peerInit(resident, platform, isNew ? [] : others));
        const caller = context.create(Caller, {
          hand: (ref) => {
            resident.ask = ref;
          },
        });
        context.connect(peer.provides.access, caller.requires.access);
        const life = context.attach(peer.provides.life);
        life.on.ended(({ kind }) => this.#ended(resident, kind));
        life.on.trouble(({ reason, isFinal }) => {
          if (!isFinal) return;
          // Who died between its goodbye and its end comes back, is told that it has left, and ends for good.
          if (resident.isLeaving) this.#ended(resident, 'left');
          else this.refusals.push(`${resident.host.name}: ${reason}`);
        });
        resident.leave = context.ref(() => life.emit.leave());
        resident.report = context.ref((done) => life.emit.report({ reply: context.ref(done) }));
      },
    });
    system.create(root).start();
  }

  #peerInit(resident: Resident, platform: Platform, contacts: readonly string[]) {
    const { name } = platform.identity;
    const { reads, split, merge, scrubEveryMs, admission, stands } = this.#options;
    return {
      platform,
      redis: '',
      http: '',
      ...(stands?.(this.#residents.indexOf(resident)) ?? { zone: '', host: '' }),
      contacts,
      policy: { replicas: 3, memberDeadMs, checkpointBytes, reads, split, merge, scrubEveryMs },
      makeState: (cell: string, range: Range, storage: RowReader) =>
        observed(makeState({ storage, cell, range }), cell, name, this.log),
      eventual: resident.eventual,
      gateway: {
        figures: new Figures(),
        identity: { name, version: '0', address: platform.address, platform: 'simulated', processId: 1 },
        ...(admission === undefined ? {} : { admission }),
      },
    };
  }

  #ended(resident: Resident, kind: 'left' | 'failed'): void {
    if (kind === 'left') resident.hasLeft = true;
    // A peer does not end itself in the middle of its own turn: whoever runs it does.
    this.universe.after(0, () => this.kill(resident.host));
  }

  /** Whoever waited for an answer of a peer that is gone waits in vain. */
  #settle(host: SimulatedHost): void {
    const resident = this.#residents.find((one) => one.host === host)!;
    this.coverage.look(host.name, resident.state);
    resident.ask = undefined;
    resident.report = undefined;
    resident.leave = undefined;
    resident.state = undefined;
    const open = [...resident.open];
    resident.open.clear();
    for (const lost of open) lost('lost');
  }

  #lookAgain(): void {
    for (const resident of this.#residents) {
      if (!resident.host.isRunning) continue;
      resident.report?.tell((state) => {
        resident.state = state;
        this.coverage.look(resident.host.name, state);
      });
    }
    this.universe.after(lookEveryMs, () => this.#lookAgain());
  }
}

function isServing({ role }: CellReport): boolean {
  return role === 'leader' || role === 'follower';
}
