import { unreachable } from '../base/index.ts';
import type { SimulatedHost } from '../world/simulated/index.ts';
import type { Victim } from './nemesis.ts';

/** What somebody who watches can do to the peers of any run, and to their links. Peers stand by their names. */
export type Meddling =
  | { readonly kind: 'crash' | 'start' | 'leave'; readonly peer: string }
  | { readonly kind: 'stall'; readonly peer: string; readonly lastsMs: number }
  /** Nothing passes between the one and the others, in both directions. */
  | { readonly kind: 'cut'; readonly peer: string; readonly from: readonly string[] }
  /** Everything passes again, everywhere. */
  | { readonly kind: 'heal' };

/** Does to a run what whoever watches it wants, and remembers what is cut. */
export class Meddler {
  readonly #victim: Victim;
  readonly #stayersLeast: string;
  readonly #cuts = new Map<string, Set<string>>();

  /** `stayersLeast` says how many must stay where somebody is to leave: `Three peers`. */
  constructor(victim: Victim, stayersLeast: string) {
    this.#victim = victim;
    this.#stayersLeast = stayersLeast;
  }

  /** From whom a peer is cut off. */
  cutFrom(name: string): readonly string[] {
    return [...(this.#cuts.get(name) ?? [])];
  }

  /** Intervenes now. A sentence says why it cannot be done. */
  perform(meddling: Meddling): string | undefined {
    const { universe } = this.#victim;
    if (meddling.kind === 'heal') return this.#heal();
    const { kind, peer } = meddling;
    const host = universe.hosts.get(peer);
    if (host === undefined) return `There is no peer ${peer}.`;
    // Links are cut also of who is down, or its return would bridge what was parted.
    if (kind !== 'cut' && host.isRunning === (kind === 'start'))
      return `${peer} ${host.isRunning ? 'runs' : 'is down'} already.`;
    universe.note('nemesis', 'fault', () => `${kind} peer=${peer}`);
    switch (meddling.kind) {
      case 'crash':
        this.#victim.crash(host);
        return undefined;
      case 'start':
        this.#victim.start(host);
        return host.isRunning ? undefined : `${peer} has left for good.`;
      case 'leave':
        return this.#victim.leave(host) ? undefined : `${this.#stayersLeast} or more must stay.`;
      case 'stall':
        host.stall(meddling.lastsMs);
        return undefined;
      case 'cut':
        return this.#cut(host, meddling.from);
      default:
        return unreachable(meddling);
    }
  }

  #cut(host: SimulatedHost, from: readonly string[]): string | undefined {
    const { universe } = this.#victim;
    for (const name of from) {
      const other = universe.hosts.get(name);
      if (other === undefined || other === host) return `${host.name} cannot be cut off from ${name}.`;
      universe.network.cut(host, other);
      this.#cutsOf(host.name).add(name);
      this.#cutsOf(name).add(host.name);
    }
    return undefined;
  }

  #cutsOf(name: string): Set<string> {
    let cuts = this.#cuts.get(name);
    if (cuts === undefined) {
      cuts = new Set();
      this.#cuts.set(name, cuts);
    }
    return cuts;
  }

  #heal(): undefined {
    this.#victim.universe.network.heal();
    this.#cuts.clear();
  }
}
