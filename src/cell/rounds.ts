import type { PeerId } from '../overlay/index.ts';
import type { Address, World } from '../world/index.ts';
import type { Member } from './cellConfig.ts';
import type { Beat, CellMessage, MessageOf } from './cellMessages.ts';
import { type Moment, momentOf } from './lease.ts';
import { beatMs, roundsKept, tickMs } from './limits.ts';
import type { Replica } from './replica.ts';

/** What rounds need of the peer that hosts the replicas. */
export interface RoundsHost {
  readonly self: PeerId;
  addressOf(member: Member): Address;
  send(to: Address, message: CellMessage): void;
}

/** The heartbeats of one peer: one message to each peer that shares a cell, whatever the number of cells. */
export class Rounds {
  readonly #world: World;
  readonly #host: RoundsHost;
  readonly #replicas: ReadonlyMap<string, Replica>;
  /** When the last rounds began. */
  readonly #begun = new Map<number, Moment>();
  #round = 0;
  #roundMs = Number.NEGATIVE_INFINITY;

  constructor(world: World, replicas: ReadonlyMap<string, Replica>, host: RoundsHost) {
    this.#world = world;
    this.#replicas = replicas;
    this.#host = host;
  }

  tick(): void {
    if (this.#world.clock.monotonicMs() - this.#roundMs >= beatMs - tickMs / 2) this.#begin();
  }

  onPing(from: Address, { from: peer, round, beats }: MessageOf<'ping'>): void {
    const answers: Beat[] = [];
    for (const beat of beats) {
      const answer = this.#replicas.get(beat.cell)?.heartbeat.onPing(from, peer, beat);
      if (answer !== undefined) answers.push(answer);
    }
    this.#host.send(from, { kind: 'pong', from: this.#host.self, round, beats: answers });
  }

  onPong(from: Address, { from: peer, round, beats }: MessageOf<'pong'>): void {
    const askedAt = this.#begun.get(round);
    if (askedAt === undefined) return;
    for (const beat of beats) this.#replicas.get(beat.cell)?.heartbeat.onPong(from, peer, beat, askedAt);
    for (const [cell, replica] of this.#replicas) {
      if (!beats.some((beat) => beat.cell === cell)) this.#inviteMember(replica, from, peer);
    }
  }

  /**
   * A member answers, but not for this cell: it may have let its copy go on the word of an earlier leader, just before
   * it was given a vote. The epoch may never have a leader without it, so any member invites it.
   */
  #inviteMember({ others, config }: Replica, at: Address, peer: PeerId): void {
    if (!others.some(({ id }) => id === peer)) return;
    const { cell, epoch } = config;
    this.#host.send(at, { kind: 'invite', cell, epoch, from: this.#host.self, config });
  }

  #begin(): void {
    for (const replica of this.#replicas.values()) replica.endRound();
    const now = momentOf(this.#world.clock);
    this.#roundMs = now.monotonicMs;
    this.#begun.set(++this.#round, now);
    this.#begun.delete(this.#round - roundsKept);
    const beats = new Map<PeerId, { to: Member; beats: Beat[] }>();
    for (const replica of this.#replicas.values()) {
      for (const member of replica.others) {
        const known = beats.get(member.id);
        if (known === undefined) beats.set(member.id, { to: member, beats: [replica.heartbeat.ping()] });
        else known.beats.push(replica.heartbeat.ping());
      }
    }
    for (const { to, beats: list } of beats.values()) {
      const message = { kind: 'ping', from: this.#host.self, round: this.#round, beats: list } as const;
      this.#host.send(this.#host.addressOf(to), message);
    }
  }
}
