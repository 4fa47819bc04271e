import type { Bytes } from '../base/index.ts';
import type { AccessMessage } from '../command/index.ts';
import type { PeerId } from '../overlay/index.ts';
import type { AppliedGroup, CellState } from '../state/index.ts';
import type { Address } from '../world/index.ts';
import { Acceptor } from './acceptor.ts';
import { type Ballot, compareBallots, noBallot } from './ballot.ts';
import { type CellConfig, type Member, othersOf } from './cellConfig.ts';
import type { CellHint } from './cellHint.ts';
import type { ReplicaMessage } from './cellMessages.ts';
import type { CellReport } from './cellReport.ts';
import { Copy } from './copy.ts';
import type { CopyHost } from './copyHost.ts';
import { Custody, type CustodyHost } from './custody.ts';
import { type Deciding, decide, type EpochMessage } from './deciding.ts';
import { Divider } from './divider.ts';
import { Election } from './election.ts';
import { Heartbeat, type HeartbeatHost } from './heartbeat.ts';
import type { CheckpointRow } from './journalRecords.ts';
import { Keeper } from './keeper.ts';
import { Leadership, type LeadershipHost } from './leadership.ts';
import { LeaseGranter } from './lease.ts';
import { Merger } from './merger.ts';
import { reach } from './milestones.ts';
import { Poller } from './poller.ts';
import type { ReplicaContext } from './replicaContext.ts';
import { reportOf } from './replicaReport.ts';
import { Service, type ServiceHost } from './service.ts';
import { Succession } from './succession.ts';
import { Voter, type VoterHost } from './voter.ts';
import { type Granted, Wishes } from './wishes.ts';

/**
 * One copy of a cell and its part in deciding what comes next. Members vote and the leader among them serves; learners
 * are fed until they get a vote; who was a member stays until the next epoch is safe without it.
 */
export class Replica implements CopyHost, CustodyHost, HeartbeatHost, LeadershipHost, ServiceHost, VoterHost {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #voter: Voter;
  readonly #service: Service;
  readonly #keeper: Keeper;
  readonly #poller: Poller;
  readonly #custody: Custody;
  readonly merger: Merger;
  readonly #deciding: Deciding;
  readonly #divider: Divider;
  readonly #wishes: Wishes;
  readonly #succession: Succession;
  readonly copy: Copy;
  readonly heartbeat: Heartbeat;
  granter: LeaseGranter;
  election: Election | undefined;
  leadership: Leadership | undefined;
  /** Nothing comes of this replica any more. */
  isRetired = false;
  #elections = 0;

  constructor(context: ReplicaContext, checkpoint: CheckpointRow, state: CellState) {
    this.#context = context;
    this.#acceptor = new Acceptor(context, checkpoint);
    this.granter = new LeaseGranter(context.world.clock, noBallot);
    this.copy = new Copy(context, this.#acceptor, state, checkpoint, this);
    this.heartbeat = new Heartbeat(context, this.#acceptor, this.copy, this);
    this.#voter = new Voter(context, this.#acceptor, () => this.granter, this);
    this.#service = new Service(context, this.#acceptor, state, this);
    this.#keeper = new Keeper(context, this.#acceptor);
    this.#divider = new Divider(context, this.#acceptor, this.copy);
    this.#poller = new Poller(context, this.#acceptor, this.copy);
    this.#custody = new Custody(context, this.#acceptor, this.copy, this.#keeper, this);
    this.merger = new Merger(context, this.#acceptor, this.copy, this.#keeper, this.#poller);
    this.#succession = new Succession(context, this.#acceptor, this.copy);
    this.#wishes = new Wishes(context, this.#acceptor, this.copy, {
      divider: this.#divider,
      merger: this.merger,
      keeper: this.#keeper,
      succession: this.#succession,
    });
    this.#deciding = this.#decider();
  }

  get config(): CellConfig {
    return this.#acceptor.config;
  }

  get mayVote(): 'yes' | 'afresh' | 'no' {
    return this.isRetired ? 'no' : this.copy.mayVote;
  }

  get leader(): Address {
    return this.#leaderId === this.#context.self ? '' : this.#addressOf(this.#leaderId);
  }

  get #leaderId(): PeerId {
    return this.isLeading ? this.#context.self : this.#acceptor.promise.member;
  }

  get expectsToLead(): boolean {
    return this.leadership !== undefined || this.#mayStand();
  }

  get isLeading(): boolean {
    return this.leadership?.isLeading === true;
  }

  /** What this cell was split off from was led here: so shall it be. */
  inheritLead(): void {
    if (this.mayVote === 'yes') this.#campaign();
  }

  get hearsMajority(): boolean {
    return this.config.members.length === 1 || this.election?.mayHearMajority(this.#now()) === true;
  }

  /** The other members, to whom heartbeats go. */
  get others(): readonly Member[] {
    return this.#acceptor.isMember() ? othersOf(this.config, this.#context.self) : [];
  }

  /** Somebody leads a later epoch, or what this cell went into. */
  onHint(hint: CellHint): void {
    if (hint.cell !== this.config.cell) this.#custody.learn(hint);
    else if (hint.epoch > this.#acceptor.epoch) this.copy.catchUp.fetch(hint.leaderAddress);
  }

  onAccess(from: Address, message: AccessMessage): void {
    this.#service.receive(from, message);
  }

  receive(from: Address, message: ReplicaMessage): void {
    if (this.isRetired) return;
    switch (message.kind) {
      case 'invite':
        // A copy is wanted here, and that is where to get it.
        this.#poller.source = from;
        if (!this.#acceptor.isMember()) this.copy.catchUp.fetch(from);
        return;
      case 'ahead':
        if (message.epoch <= this.#acceptor.epoch && message.chosen <= this.copy.chosen) return;
        this.#poller.source = from;
        return this.copy.catchUp.fetch(from);
      case 'fetch':
        return this.#custody.onFetch(from, message);
      case 'chosen':
        return this.copy.catchUp.onChosen(from, message);
      case 'snapshot':
        return this.copy.catchUp.onSnapshot(from, message);
      case 'pull':
        return this.copy.feeder.onPull(from, message);
      case 'rows':
        return this.copy.catchUp.onRows(from, message);
      case 'expired':
        return this.copy.catchUp.onExpired(from, message);
      case 'settled':
        return this.#custody.onSettled(message.epoch);
      case 'merge':
        return this.merger.receive(from, message, this.leadership);
      default:
        return this.#decide(from, message);
    }
  }

  /** What belongs to one epoch: who speaks of another learns, or teaches. */
  #decide(from: Address, message: EpochMessage): void {
    const { epoch } = this.#acceptor;
    if (message.epoch > epoch) return this.copy.catchUp.fetch(from);
    if (message.epoch < epoch || this.copy.isOver) {
      const ahead = { kind: 'ahead', cell: this.config.cell, epoch, from: this.#context.self } as const;
      if (this.copy.hasState) this.#context.reply(from, { ...ahead, chosen: this.#acceptor.chosen });
      return;
    }
    decide(this.#deciding, from, message);
  }

  /** Ends a round of heartbeats. */
  endRound(): void {
    const elected = this.election?.endRound(this.#now(), !this.isRetired && this.copy.mayLead);
    if (elected === undefined) return;
    this.#elections++;
    this.#stand();
  }

  tick(): void {
    if (this.isRetired) return;
    this.#stand();
    this.#service.tick();
    this.leadership?.tick();
    this.#care();
    this.copy.tick(this.#poller.next());
    this.#poller.tick();
    this.#custody.tick();
    this.#succession.tick();
    this.flush();
  }

  /** What a leader does of its own accord. */
  #care(): void {
    const isHeld = this.copy.state.stage !== undefined;
    if (this.isLeading) this.#keeper.tick(this.leadership!, isHeld);
    const isSound = this.#keeper.repairs === '' && !isHeld;
    if (this.isLeading) this.#divider.tick(this.leadership!, isSound);
    if (this.isLeading) this.merger.tick(this.leadership!, isSound);
    if (this.isLeading) this.copy.scrubber.lead(this.leadership!, isSound);
  }

  /** At the end of a turn. */
  flush(): void {
    if (this.isRetired) return;
    this.#voter.flush();
    this.#service.flush();
    this.copy.flush();
  }

  applied(index: number, groups: readonly AppliedGroup[]): void {
    this.#service.applied(index, groups);
  }

  flushLater(): void {
    this.#context.flushLater();
  }

  choose(upTo: number): void {
    this.copy.choose(upTo);
  }

  advance(): void {
    this.copy.advance();
  }

  damaged(): void {
    this.copy.damaged();
  }

  synced(): void {
    this.copy.synced();
  }

  grant(wish: Bytes): Granted {
    return this.#wishes.grant(this.leadership, wish);
  }

  get isSealed(): boolean {
    return this.copy.isSealed && !this.isRetired;
  }

  absorbs(): void {
    if (this.isLeading) this.leadership!.announce();
  }

  sealed(): void {
    this.absorbs();
    this.#endLeadership();
    this.merger.sealed();
  }

  fetch(from: Address): void {
    this.copy.catchUp.fetch(from);
  }

  fetchFrom(member: Member): void {
    this.copy.catchUp.fetch(this.#context.addressOf(member));
  }

  feed(follower: Member, chosen: number): void {
    this.copy.feeder.feed(this.#context.addressOf(follower), follower.id, this.#acceptor.epoch, chosen);
  }

  giveWay(ballot: Ballot): void {
    this.election?.observe(ballot);
    if (this.leadership && compareBallots(ballot, this.leadership.ballot) > 0) this.#endLeadership(ballot.member);
  }

  leads(): void {
    const { config, leadership } = this;
    const { ballot } = leadership!;
    const text = () => `cell ${config.cell}: leads epoch ${config.epoch} with ballot ${ballot.n}`;
    this.#context.world.log.note('info', 'cell', text);
    this.#keeper.publish(ballot);
    this.flushLater();
  }

  overtaken(): void {
    if (this.isLeading) this.#endLeadership();
  }

  withdrawn(): void {
    this.#endLeadership();
  }

  begins(promise: Ballot): void {
    this.granter = new LeaseGranter(this.#context.world.clock, promise);
    this.#beginElection(promise);
  }

  /** The stop-sign is chosen: those who wait for it are told at once, so that nobody stands still for long. */
  leaving(): void {
    if (!this.isLeading) return;
    this.leadership!.announce();
    this.#succession.leaves();
  }

  entered(): void {
    const { heir } = this.#succession;
    this.#voter.forget();
    this.#endLeadership(heir === this.#context.self ? '' : heir);
    this.begins(noBallot);
    if (this.#succession.begin()) this.#campaign();
  }

  report(): CellReport {
    const { copy, leadership, election } = this;
    const own = { context: this.#context, acceptor: this.#acceptor, keeper: this.#keeper, service: this.#service };
    const counted = { merger: this.merger, voter: this.#voter, leader: this.#leaderId, elections: this.#elections };
    return reportOf({ ...own, ...counted, copy, leadership, election });
  }

  #decider(): Deciding {
    const replica = this;
    return {
      voter: this.#voter,
      service: this.#service,
      copy: this.copy,
      get leadership() {
        return replica.leadership;
      },
      takeOver: () => {
        if (this.mayVote !== 'yes' || this.#acceptor.promise.n > 0) return;
        this.#campaign();
        reach(this.#context.world.log, 'lead/2 taken over');
      },
      outbid: (by) => this.#endLeadership(by),
    };
  }

  #beginElection(floor: Ballot): void {
    const { self } = this.#context;
    const isMember = this.#acceptor.isMember();
    this.election = isMember ? new Election(self, this.config.members.length, floor, this.#now()) : undefined;
  }

  /** Whether the ballot that this member was elected with can still lead. */
  #mayStand(): boolean {
    const ballot = this.election?.leader;
    if (ballot === undefined || ballot.member !== this.#context.self || this.mayVote !== 'yes') return false;
    return compareBallots(ballot, this.#acceptor.promise) > 0;
  }

  /** Elected: promises its own ballot to itself, as soon as no lease that it granted stands against it. */
  #stand(): void {
    if (!this.#mayStand() || this.granter.blocks(this.#context.self)) return;
    this.#endLeadership(this.#context.self);
    const leadership = new Leadership(this.#context, this.#acceptor, this.election!.leader, this);
    this.leadership = leadership;
    this.#acceptor.promiseTo(leadership.ballot, () => leadership.prepare());
  }

  #campaign(): void {
    this.election?.campaign();
    this.#elections++;
    this.#stand();
  }

  #endLeadership(successor: PeerId = ''): void {
    if (this.leadership === undefined) return;
    this.leadership.end();
    this.leadership = undefined;
    this.#service.lost(this.#addressOf(successor));
  }

  /** What this replica may have voted in before, it will not again. */
  vanish(epoch: number): void {
    this.retire();
    this.copy.remove(epoch, () => this.#context.vanish(epoch));
  }

  /** Nothing comes of this replica any more: its rows are about to go, or to be those of another cell. */
  retire(): void {
    this.isRetired = true;
    this.#endLeadership();
    this.copy.close();
  }

  /** The disk filled up, or has room again. */
  diskChanged(): void {
    if (this.leadership?.isLeading) this.#keeper.publish(this.leadership.ballot);
    this.flush();
  }

  #addressOf(id: PeerId): Address {
    const member = this.config.members.find((one) => one.id === id);
    return member === undefined ? '' : this.#context.addressOf(member);
  }

  #now(): number {
    return this.#context.world.clock.monotonicMs();
  }
}
