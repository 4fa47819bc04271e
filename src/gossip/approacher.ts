import { type Context, component, event, port } from '../component/index.ts';
import type { Contact } from '../ring/index.ts';
import { type Address, Links, type World } from '../world/index.ts';
import { approachEveryMs, approachQuietRounds } from './limits.ts';
import { type Acquaintance, type ApproachMessage, approachProtocol } from './messages.ts';
import { Nearest } from './nearest.ts';
import { Sampling } from './sampler.ts';

/** Who stands next to a peer on the ring, found by gossip: how a big ring forms at once, from nothing. */
export const Approaches = port('approaches', {
  indications: {
    /** Nobody nearer was heard of for some rounds. The nearest come first. A hint: whoever is named is to be asked itself. */
    arrived: event<{ readonly before: readonly Contact[]; readonly behind: readonly Contact[] }>(),
  },
});

export interface ApproacherInit {
  readonly world: World;
  readonly self: Contact;
  /** How often it exchanges; undefined for `limits.ts`. */
  readonly everyMs: number | undefined;
}

const ports = {
  provides: { approaches: Approaches },
  requires: { network: approachProtocol.port, sampling: Sampling, links: Links },
} as const;

/**
 * T-Man on a ring: each round a peer gives one of its nearest those that stand near to it, and hears of those near to itself. A ring
 * of any size is there in some log N rounds. It rests once nothing new is heard, and answers others for ever.
 */
export const Approacher = component('approacher', {
  ...ports,
  setup: (context, init: ApproacherInit) => void new Approach(context, init),
});

class Approach {
  readonly #context: Context<typeof ports.provides, typeof ports.requires>;
  readonly #init: ApproacherInit;
  readonly #nearest: Nearest;
  #sample: readonly Acquaintance[] = [];
  #quietRounds = 0;
  #turn = 0;

  constructor(context: Context<typeof ports.provides, typeof ports.requires>, init: ApproacherInit) {
    this.#context = context;
    this.#init = init;
    this.#nearest = new Nearest(init.self);
    const { sampling, network, links } = context.requires;
    sampling.on.sampled(({ peers }) => {
      this.#sample = peers.map((contact) => ({ contact, age: 1 }));
    });
    network.on.received(({ from, message }) => this.#receive(from, message));
    links.on.down((gone) => this.#nearest.forget(gone));
    const everyMs = init.everyMs ?? approachEveryMs;
    const tick = context.ref(() => {
      this.#round();
      init.world.timer.after(everyMs, tick);
    });
    context.onStart(() => void init.world.timer.after(init.world.entropy.fraction() * everyMs, tick));
  }

  #round(): void {
    if (this.#quietRounds > approachQuietRounds) return;
    this.#nearest.grow();
    const partner = this.#partner();
    if (partner === undefined) return;
    const { id: place } = this.#init.self;
    this.#send(partner.address, { kind: 'approach', place, some: this.#nearest.around(partner.id, this.#sample) });
    if (++this.#quietRounds !== approachQuietRounds) return;
    const { before, behind } = this.#nearest;
    this.#context.provides.approaches.emit.arrived({ before, behind });
  }

  /** One of the nearest, in turn on either side, or somebody by chance: from there come those that nobody near has heard of. */
  #partner(): Contact | undefined {
    const { entropy } = this.#init.world;
    const { behind, before } = this.#nearest;
    const byChance = this.#sample.map(({ contact }) => contact);
    const lists = [behind, before, byChance].filter(({ length }) => length > 0);
    const list = lists[this.#turn++ % Math.max(1, lists.length)] ?? [];
    return list[Math.floor(entropy.fraction() ** 2 * list.length)];
  }

  #receive(from: Address, message: ApproachMessage): void {
    if (message.kind === 'approach') {
      this.#send(from, { kind: 'approached', some: this.#nearest.around(message.place, this.#sample) });
    }
    if (this.#nearest.learn(message.some)) this.#quietRounds = 0;
  }

  #send(to: Address, message: ApproachMessage): void {
    this.#context.requires.network.emit.send({ to, message });
  }
}
