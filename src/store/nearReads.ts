import { NumberedMap } from '../base/index.ts';
import type { AccessMessage } from '../command/index.ts';
import { piecesOf } from '../command/index.ts';
import type { Address, World } from '../world/index.ts';
import type { Reply } from './access.ts';
import { nearKnownMs, nearSilenceMs } from './limits.ts';
import type { OutboxHost } from './outbox.ts';
import { decodeResult, hasMoved, type Pending, replyFor } from './pending.ts';
import type { Route } from './route.ts';

/** What near reads need of the router. */
export interface NearReadsHost extends OutboxHost {
  /** It has its reply. */
  done(pending: Pending, reply: Reply): void;
  /** Nobody near can answer it: it goes to the leader of its cell. */
  decline(pending: Pending): void;
}

interface Asked {
  readonly pending: Pending;
  readonly to: Address;
  readonly sentMs: number;
}

type ReadNear = AccessMessage & { readonly kind: 'readNear' };

/**
 * Reads that may be answered with what is a little old, by the nearest member of their cell: this peer, else whoever answered
 * fastest of late. Whatever keeps that one from answering sends them to the leader like any other read.
 */
export class NearReads {
  readonly #world: World;
  readonly #own: Address;
  readonly #host: NearReadsHost;
  readonly #asked = new NumberedMap<Asked>();
  /** How long each member took for its last answer, and when that was. */
  readonly #tookMs = new Map<Address, { readonly ms: number; readonly atMs: number }>();
  /** Those of this turn, by whom they are for. */
  #fresh = new Map<
    string,
    { readonly to: Address; readonly message: ReadNear; readonly reads: ReadNear['reads'][number][] }
  >();
  #reader = '';
  #last = 0;

  constructor(world: World, own: Address, host: NearReadsHost) {
    this.#world = world;
    this.#own = own;
    this.#host = host;
  }

  /** Asks the nearest member; false where the call is for the leader. */
  take(route: Route, pending: Pending): boolean {
    const { call, isRead, isDeclined, isPart } = pending;
    const { staleMs, order } = call;
    const { kind } = call.command;
    if (staleMs === undefined || !isRead || isDeclined || isPart || order !== 0) return false;
    if (kind === 'border' || kind === 'merge' || kind === 'changes') return false;
    const to = this.#nearest(route);
    if (to === undefined) return false;
    const id = ++this.#last;
    this.#asked.set(id, { pending, to, sentMs: this.#world.clock.monotonicMs() });
    this.#gather(route.hint.cell, to, staleMs, { id, command: pending.command });
    return true;
  }

  answered(from: Address, { reader, answers }: AccessMessage & { readonly kind: 'nearAnswers' }): void {
    if (reader !== this.#reader) return;
    for (const { id, result } of answers) {
      const asked = this.#asked.get(id);
      if (asked === undefined || asked.to !== from) continue;
      this.#learn(from, this.#world.clock.monotonicMs() - asked.sentMs);
      const decoded = result && decodeResult(result);
      const isAnswer = decoded?.kind === 'done' && !hasMoved(decoded);
      if (!isAnswer) this.#decline(id, asked);
      else {
        this.#asked.delete(id);
        const { pending } = asked;
        this.#host.done(pending, replyFor(pending.call, decoded, '', id));
      }
    }
  }

  /** Who says nothing is not waited for. */
  tick(nowMs: number): void {
    for (const [id, asked] of [...this.#asked]) {
      if (nowMs - asked.sentMs < nearSilenceMs) continue;
      this.#learn(asked.to, nowMs - asked.sentMs);
      this.#decline(id, asked);
    }
  }

  #decline(id: number, { pending }: Asked): void {
    this.#asked.delete(id);
    pending.isDeclined = true;
    this.#host.decline(pending);
  }

  #learn(member: Address, ms: number): void {
    this.#tookMs.set(member, { ms, atMs: this.#world.clock.monotonicMs() });
  }

  /** Members of whom nothing is known are tried first: so all are known after a few reads. */
  #nearest({ hint: { members } }: Route): Address | undefined {
    const addresses = members.map(({ address }) => address);
    if (addresses.includes(this.#own)) return this.#own;
    const sinceMs = this.#world.clock.monotonicMs() - nearKnownMs;
    for (const [member, { atMs }] of this.#tookMs) if (atMs < sinceMs) this.#tookMs.delete(member);
    const took = (member: Address): number => this.#tookMs.get(member)?.ms ?? 0;
    return addresses.reduce<Address | undefined>(
      (best, one) => (best === undefined || took(one) < took(best) ? one : best),
      undefined,
    );
  }

  #gather(cell: string, to: Address, staleMs: number, read: ReadNear['reads'][number]): void {
    if (this.#fresh.size === 0) this.#host.atTurnEnd(() => this.#flush());
    const key = `${to} ${cell} ${staleMs}`;
    let fresh = this.#fresh.get(key);
    if (fresh === undefined) {
      if (this.#reader === '') this.#reader = this.#world.entropy.hex(16);
      const ageMaxMs = Number.isFinite(staleMs) ? Math.max(0, Math.floor(staleMs)) : undefined;
      const reads: ReadNear['reads'][number][] = [];
      fresh = { to, reads, message: { kind: 'readNear', cell, reader: this.#reader, ageMaxMs, reads } };
      this.#fresh.set(key, fresh);
    }
    fresh.reads.push(read);
  }

  #flush(): void {
    const fresh = this.#fresh;
    this.#fresh = new Map();
    for (const { to, message } of fresh.values()) for (const piece of piecesOf(message)) this.#host.send(to, piece);
  }
}
