import type { Ref } from '../component/index.ts';
import type { Timeout, World } from '../world/index.ts';
import { indirectProbes, probeEveryMs, probePatienceMs, suspicionMs } from './limits.ts';
import type { PeerId, PeerInfo } from './membership.ts';
import type { News, OverlayMessage } from './messages.ts';
import type { PeerTable } from './peerTable.ts';

/** What probing needs of the overlay. */
export interface LivenessEffects {
  send(to: string, message: OverlayMessage): void;
  ref<E>(handler: (event: E) => void): Ref<E>;
  /** A peer's status became graver. */
  marked(info: PeerInfo): void;
  /** The changes to send along. */
  news(): News;
}

interface Probe {
  readonly target: PeerId;
  patience: Timeout;
}

/**
 * Finds out who is alive: probes in a shuffled round, asks others to try where no answer comes, suspects, and only
 * after that counts as dead (SWIM, with Lifeguard's rule that who is slow itself accuses later).
 */
export class Liveness {
  readonly #world: World;
  readonly #table: PeerTable;
  readonly #effects: LivenessEffects;
  readonly #probes = new Map<number, Probe>();
  readonly #suspicions = new Map<PeerId, Timeout>();
  /** Probes made for others: our number, to whom the answer goes and under which number they asked. */
  readonly #favours = new Map<number, { to: string; sequence: number }>();
  #round: PeerInfo[] = [];
  #sequence = 0;
  #lastTickMs = 0;

  constructor(world: World, table: PeerTable, effects: LivenessEffects) {
    this.#world = world;
    this.#table = table;
    this.#effects = effects;
  }

  start(): void {
    this.#lastTickMs = this.#world.clock.monotonicMs();
    this.#world.timer.after(
      probeEveryMs,
      this.#effects.ref(() => this.#tick()),
    );
  }

  /** An answer came: to a probe of ours, or to one made for another. */
  acknowledged(sequence: number, from: PeerId): void {
    const favour = this.#favours.get(sequence);
    if (favour !== undefined) {
      this.#favours.delete(sequence);
      this.#effects.send(favour.to, {
        kind: 'ack',
        sequence: favour.sequence,
        from,
        news: { peers: [], hints: [] },
      });
      return;
    }
    const probe = this.#probes.get(sequence);
    if (probe === undefined || probe.target !== from) return;
    probe.patience.cancel();
    this.#probes.delete(sequence);
  }

  /** Another peer asks us to try. */
  probeFor(asker: string, sequence: number, target: PeerId, address: string): void {
    const own = this.#next();
    this.#favours.set(own, { to: asker, sequence });
    this.#world.timer.after(
      probePatienceMs * 2,
      this.#effects.ref(() => void this.#favours.delete(own)),
    );
    this.#effects.send(address, { kind: 'ping', sequence: own, target, news: { peers: [], hints: [] } });
  }

  /** The status of a peer changed, by our word or another's: suspicions run from there. */
  statusChanged(info: PeerInfo): void {
    if (info.status !== 'suspected') {
      this.#suspicions.get(info.id)?.cancel();
      this.#suspicions.delete(info.id);
      return;
    }
    if (this.#suspicions.has(info.id)) return;
    const end = this.#effects.ref(() => this.#condemn(info.id));
    this.#suspicions.set(info.id, this.#world.timer.after(suspicionMs, end));
  }

  #tick(): void {
    this.#world.timer.after(
      probeEveryMs,
      this.#effects.ref(() => this.#tick()),
    );
    const now = this.#world.clock.monotonicMs();
    const gap = now - this.#lastTickMs;
    this.#lastTickMs = now;
    // Whoever stood still heard nobody: it must not accuse others of its own silence.
    if (gap > probeEveryMs * 4) this.#forgive();
    const target = this.#nextTarget();
    if (target !== undefined) this.#probe(target);
  }

  #nextTarget(): PeerInfo | undefined {
    for (;;) {
      const candidate = this.#round.pop();
      if (candidate === undefined) break;
      const known = this.#table.get(candidate.id);
      if (known !== undefined && this.#table.others().includes(known)) return known;
    }
    const others = this.#table.others();
    this.#round = others
      .map((peer) => ({ peer, order: this.#world.entropy.u32() }))
      .sort((a, b) => a.order - b.order)
      .map(({ peer }) => peer);
    return this.#round.pop();
  }

  #probe(target: PeerInfo): void {
    const sequence = this.#next();
    const patience = this.#world.timer.after(
      probePatienceMs,
      this.#effects.ref(() => this.#askOthers(sequence)),
    );
    this.#probes.set(sequence, { target: target.id, patience });
    this.#ping(target, sequence);
  }

  #ping(target: PeerInfo, sequence: number): void {
    this.#effects.send(target.address, { kind: 'ping', sequence, target: target.id, news: this.#effects.news() });
  }

  #askOthers(sequence: number): void {
    const probe = this.#probes.get(sequence);
    const target = probe && this.#table.get(probe.target);
    if (probe === undefined || target === undefined) return;
    const helpers = this.#table.others().filter((peer) => peer.id !== target.id && peer.status === 'alive');
    for (let i = 0; i < indirectProbes && helpers.length > 0; i++) {
      const [helper] = helpers.splice(Math.floor(this.#world.entropy.fraction() * helpers.length), 1);
      const { id, address } = target;
      this.#effects.send(helper!.address, { kind: 'pingFor', sequence, target: id, address });
    }
    this.#ping(target, sequence);
    probe.patience = this.#world.timer.after(
      probePatienceMs,
      this.#effects.ref(() => this.#suspect(sequence)),
    );
  }

  #suspect(sequence: number): void {
    const probe = this.#probes.get(sequence);
    if (probe === undefined) return;
    this.#probes.delete(sequence);
    const marked = this.#table.mark(probe.target, 'suspected');
    if (marked !== undefined) this.#effects.marked(marked);
  }

  #condemn(id: PeerId): void {
    this.#suspicions.delete(id);
    if (this.#table.get(id)?.status !== 'suspected') return;
    const marked = this.#table.mark(id, 'dead');
    if (marked !== undefined) this.#effects.marked(marked);
  }

  /** Starts all probes and suspicions anew. */
  #forgive(): void {
    for (const probe of this.#probes.values()) probe.patience.cancel();
    this.#probes.clear();
    for (const [id, timeout] of this.#suspicions) {
      timeout.cancel();
      this.#suspicions.set(
        id,
        this.#world.timer.after(
          suspicionMs,
          this.#effects.ref(() => this.#condemn(id)),
        ),
      );
    }
  }

  #next(): number {
    this.#sequence = (this.#sequence + 1) >>> 0;
    return this.#sequence;
  }
}
