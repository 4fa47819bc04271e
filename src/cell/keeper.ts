import type { PeerId, View } from '../overlay/index.ts';
import type { Acceptor } from './acceptor.ts';
import { type Ballot, noBallot, sameBallot } from './ballot.ts';
import { type CellConfig, isMember, type Member, sameMembers } from './cellConfig.ts';
import { hintVersion } from './cellHint.ts';
import { wantedBy } from './degree.ts';
import type { Leadership } from './leadership.ts';
import { learnerHeardMs, learnerLagMax, mergeWishMs, planMs } from './limits.ts';
import { reach } from './milestones.ts';
import { type Placement, place } from './placement.ts';
import type { ReplicaContext } from './replicaContext.ts';

interface Learner {
  readonly member: Member;
  /** What it had when it was last heard; undefined before it holds any state. */
  chosen: number | undefined;
  heardMs: number;
}

/**
 * The leader's care for the membership of its cell: it has learners fed before they get a vote, replaces the dead, lets
 * the leaving go, all by stop-signs (design: reconfiguration).
 */
export class Keeper {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #learners = new Map<PeerId, Learner>();
  /** Since when the peers that the overlay calls dead have been called so, by the clock here. */
  readonly #deadSinceMs = new Map<PeerId, number>();
  #planMs = 0;
  /** The members that are wanted, where they are not those of the epoch. */
  #wanted: readonly Member[] | undefined;
  /** Who is waited for before a member may leave. */
  #awaited: readonly PeerId[] = [];
  #hasPlan = false;
  #aligned: { readonly members: readonly Member[]; readonly untilMs: number } | undefined;
  /** The ballot of the last hint, and what was changed in it since. */
  #published = noBallot;
  #changes = 0;

  constructor(context: ReplicaContext, acceptor: Acceptor) {
    this.#context = context;
    this.#acceptor = acceptor;
  }

  get learners(): readonly Member[] {
    return [...this.#learners.values()].map(({ member }) => member);
  }

  /** What is being repaired, in words for people; empty where nothing is. */
  get repairs(): string {
    if (this.#awaited.length > 0) return `waiting for ${this.#awaited.join(', ')} before a member can leave`;
    if (this.#wanted === undefined) return '';
    const { members } = this.#acceptor.config;
    const added = this.#wanted.filter(({ id }) => !members.some((member) => member.id === id));
    const removed = members.filter(({ id }) => !this.#wanted!.some((member) => member.id === id));
    const words: string[] = [];
    if (added.length > 0) words.push(`adding ${added.map(({ id }) => id).join(', ')}`);
    if (removed.length > 0) words.push(`removing ${removed.map(({ id }) => id).join(', ')}`);
    return words.join('; ');
  }

  /** Whether the peer has a part in the cell, or may have one: nothing is known before the first plan. */
  isKnown(peer: PeerId): boolean {
    return !this.#hasPlan || this.#learners.has(peer) || isMember(this.#acceptor.config, peer);
  }

  /** A learner asked for more: it has everything up to `chosen`. */
  heard(peer: PeerId, hasState: boolean, chosen: number): void {
    const learner = this.#learners.get(peer);
    if (learner === undefined) return;
    learner.chosen = hasState ? chosen : undefined;
    learner.heardMs = this.#now();
  }

  /** Tells everybody who holds the cell and who leads it. */
  publish(ballot: Ballot): void {
    const { self, address, isDiskFull: isFull } = this.#context;
    const { config } = this.#acceptor;
    this.#changes = sameBallot(ballot, this.#published) ? this.#changes + 1 : 0;
    this.#published = ballot;
    const hint = { ...config, learners: this.learners, leader: self, leaderAddress: address, isFull };
    this.#context.publish(hint, hintVersion(config, ballot, this.#changes));
  }

  /** The members are to be these for now, so that the cell can be merged. */
  align(members: readonly Member[]): void {
    this.#aligned = { members, untilMs: this.#now() + mergeWishMs };
  }

  /** Plans now and then. While the cell `isHeld` in the middle of a merge its members stay. */
  tick(leadership: Leadership, isHeld: boolean): void {
    const now = this.#now();
    const view = this.#context.view();
    if (view === undefined || now - this.#planMs < planMs) return;
    this.#planMs = now;
    const lost = this.#findLost(view, now);
    const { config } = this.#acceptor;
    const replicas = wantedBy(config.degrees, this.#context.policy.replicas);
    const plan =
      this.#alignment(view, lost, now) ??
      place({ config, peers: view.peers, lost, leader: this.#context.self, replicas });
    if (this.#setLearners(plan.learners)) this.publish(leadership.ballot);
    this.#hasPlan = true;
    this.#awaited = plan.awaited;
    this.#wanted = sameMembers(plan.members, config.members) ? undefined : plan.members;
    this.#invite(leadership, now);
    if (this.#wanted !== undefined && !isHeld && leadership.stopSign === undefined && this.#areReady(now)) {
      const { cell, epoch } = config;
      const next: CellConfig = { ...config, epoch: epoch + 1, members: this.#wanted };
      this.#context.world.log.note('info', 'cell', () => `cell ${cell}: ${this.repairs} (epoch ${epoch + 1})`);
      leadership.propose({ kind: 'stopSign', config: next });
      reach(this.#context.world.log, 'members/2 proposed');
    }
  }

  /** The members that a merge needs, if all of them are there. */
  #alignment({ peers }: View, lost: ReadonlySet<PeerId>, now: number): Placement | undefined {
    const { members, untilMs } = this.#aligned ?? { members: [], untilMs: 0 };
    const isThere = (id: PeerId): boolean => peers.some((peer) => peer.id === id && peer.status === 'alive');
    if (now >= untilMs || !members.every(({ id }) => isThere(id) && !lost.has(id))) return undefined;
    const learners = members.filter(({ id }) => !isMember(this.#acceptor.config, id));
    return { members, learners, awaited: [] };
  }

  #findLost(view: View, now: number): ReadonlySet<PeerId> {
    const dead = new Set<PeerId>();
    const known = new Set<PeerId>();
    for (const { id, status } of view.peers) {
      known.add(id);
      if (status === 'dead') dead.add(id);
    }
    // Who is not in the view at all is gone as well: its name has another incarnation now, perhaps.
    for (const { id } of this.#acceptor.config.members) if (!known.has(id)) dead.add(id);
    dead.delete(this.#context.self);
    for (const id of this.#deadSinceMs.keys()) if (!dead.has(id)) this.#deadSinceMs.delete(id);
    for (const id of dead) if (!this.#deadSinceMs.has(id)) this.#deadSinceMs.set(id, now);
    const { memberDeadMs } = this.#context.policy;
    return new Set([...dead].filter((id) => now - this.#deadSinceMs.get(id)! >= memberDeadMs));
  }

  #setLearners(members: readonly Member[]): boolean {
    let isChanged = false;
    for (const id of [...this.#learners.keys()]) {
      if (members.some((member) => member.id === id)) continue;
      this.#learners.delete(id);
      isChanged = true;
    }
    for (const member of members) {
      if (this.#learners.has(member.id)) continue;
      this.#learners.set(member.id, { member, chosen: undefined, heardMs: Number.NEGATIVE_INFINITY });
      isChanged = true;
    }
    if (isChanged && members.length > 0) reach(this.#context.world.log, 'members/1 learners wanted');
    return isChanged;
  }

  /** Members that do not answer may have no replica: they are invited like learners, which harms no replica there. */
  #invite(leadership: Leadership, now: number): void {
    const { config } = this.#acceptor;
    const header = { cell: config.cell, epoch: config.epoch, from: this.#context.self };
    for (const { member, heardMs } of this.#learners.values()) {
      if (now - heardMs >= learnerHeardMs) this.#context.send(member, { ...header, kind: 'invite', config });
    }
    for (const { member, promised } of leadership.followers) {
      if (promised === undefined) this.#context.send(member, { ...header, kind: 'invite', config });
    }
  }

  /** Whether all who are to get a vote hold the state and lack next to nothing: service goes on without a pause. */
  #areReady(now: number): boolean {
    const { config, chosen: upTo } = this.#acceptor;
    return this.#wanted!.every(({ id }) => {
      if (isMember(config, id)) return true;
      const { chosen, heardMs } = this.#learners.get(id) ?? { chosen: undefined, heardMs: 0 };
      return chosen !== undefined && upTo - chosen <= learnerLagMax && now - heardMs <= learnerHeardMs;
    });
  }

  #now(): number {
    return this.#context.world.clock.monotonicMs();
  }
}
