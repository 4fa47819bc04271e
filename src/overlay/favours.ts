import type { Ref } from '../component/index.ts';
import type { Address, Timeout, World } from '../world/index.ts';
import { nackMs, patienceMsMax } from './limits.ts';
import type { OverlayMessage } from './messages.ts';
import type { PeerTable } from './peerTable.ts';

export interface FavourEffects {
  send(to: Address, message: OverlayMessage): void;
  ref<E>(handler: (event: E) => void): Ref<E>;
  /** A number for a probe. */
  next(): number;
}

interface Favour {
  readonly asker: Address;
  /** The number under which it was asked for. */
  readonly sequence: number;
  nack: Timeout | undefined;
}

/** Probes made for others, who had no answer themselves. Silence is told too: it shows that the helper hears the asker. */
export class Favours {
  readonly #world: World;
  readonly #table: PeerTable;
  readonly #effects: FavourEffects;
  readonly #open = new Map<number, Favour>();

  constructor(world: World, table: PeerTable, effects: FavourEffects) {
    this.#world = world;
    this.#table = table;
    this.#effects = effects;
  }

  probe(asker: Address, sequence: number, life: number): void {
    const target = this.#table.byLife(life);
    if (target === undefined) return this.#effects.send(asker, { kind: 'vouch', sequence, isThere: false });
    const own = this.#effects.next();
    const favour: Favour = { asker, sequence, nack: undefined };
    const nack = (): void => this.#effects.send(asker, { kind: 'vouch', sequence, isThere: false });
    favour.nack = this.#world.timer.after(nackMs, this.#effects.ref(nack));
    this.#open.set(own, favour);
    const forget = this.#effects.ref(() => void this.#open.delete(own));
    this.#world.timer.after(patienceMsMax, forget);
    const from = this.#table.self.life;
    this.#effects.send(target.address, { kind: 'ping', sequence: own, from, target: life, isDoubted: false });
  }

  /** True if the answer is to a probe that was made for another, who is told. */
  acknowledged(own: number): boolean {
    const favour = this.#open.get(own);
    if (favour === undefined) return false;
    favour.nack?.cancel();
    this.#open.delete(own);
    this.#effects.send(favour.asker, { kind: 'vouch', sequence: favour.sequence, isThere: true });
    return true;
  }
}
