import { type Context, component, event, port } from '../component/index.ts';
import type { Contact } from '../ring/index.ts';
import { type Address, Links, type World } from '../world/index.ts';
import { shuffleEveryMs } from './limits.ts';
import { type Acquaintance, type SamplingMessage, samplingProtocol } from './messages.ts';
import { Sample } from './sample.ts';

/** Peers by chance: whoever gossips chooses its partners among them. */
export const Sampling = port('sampling', {
  requests: {
    /** Peers that were heard of elsewhere, as a newcomer hears of its contact. */
    introduce: event<{ readonly peers: readonly Contact[] }>(),
  },
  indications: {
    /** The sample after an exchange. */
    sampled: event<{ readonly peers: readonly Contact[] }>(),
  },
});

export interface SamplerInit {
  readonly world: World;
  readonly self: Contact;
  /** How often it exchanges; undefined for `limits.ts`. */
  readonly everyMs: number | undefined;
}

const ports = { provides: { sampling: Sampling }, requires: { network: samplingProtocol.port, links: Links } } as const;

/**
 * Keeps a random sample of all peers, by exchanging a part of it with its oldest member in turn (Cyclon). Who died is asked
 * once more at most by each that knew it, and passed on no longer than its age lasts.
 */
export const Sampler = component('sampler', {
  ...ports,
  setup: (context, init: SamplerInit) => void new Shuffler(context, init),
});

/** An exchange that waits for its answer. */
interface Exchange {
  readonly round: number;
  readonly with: Contact;
  readonly given: readonly Acquaintance[];
}

class Shuffler {
  readonly #context: Context<typeof ports.provides, typeof ports.requires>;
  readonly #sample: Sample;
  #round = 0;
  #open: Exchange | undefined;

  constructor(context: Context<typeof ports.provides, typeof ports.requires>, init: SamplerInit) {
    this.#context = context;
    this.#sample = new Sample(init.self, init.world.entropy);
    const { provides, requires } = context;
    provides.sampling.on.introduce(({ peers }) => this.#introduce(peers));
    requires.network.on.received(({ from, message }) => this.#receive(from, message));
    requires.links.on.down(({ address }) => this.#sample.forget({ address, id: '' }));
    const everyMs = init.everyMs ?? shuffleEveryMs;
    const tick = context.ref(() => {
      this.#shuffle();
      init.world.timer.after(everyMs, tick);
    });
    // Not all at once: who started together shuffles at different times.
    context.onStart(() => void init.world.timer.after(init.world.entropy.fraction() * everyMs, tick));
  }

  #introduce(peers: readonly Contact[]): void {
    this.#sample.merge(
      peers.map((contact) => ({ contact, age: 0 })),
      [],
    );
    this.#tell();
  }

  #shuffle(): void {
    const partner = this.#sample.takeOldest();
    if (partner === undefined) return;
    const given = this.#sample.some(partner.address, true);
    this.#open = { round: ++this.#round, with: partner, given };
    this.#send(partner.address, { kind: 'shuffle', round: this.#round, some: given });
  }

  #receive(from: Address, message: SamplingMessage): void {
    if (message.kind === 'shuffle') {
      const given = this.#sample.some(from, false);
      this.#send(from, { kind: 'shuffled', round: message.round, some: given });
      this.#sample.merge(message.some, given);
    } else {
      const open = this.#open;
      if (open?.round !== message.round || open.with.address !== from) return;
      this.#open = undefined;
      this.#sample.merge(message.some, open.given);
      // Where there is room it stays: in a small system everybody knows everybody.
      this.#sample.fill(open.with);
    }
    this.#tell();
  }

  #tell(): void {
    this.#context.provides.sampling.emit.sampled({ peers: this.#sample.contacts });
  }

  #send(to: Address, message: SamplingMessage): void {
    this.#context.requires.network.emit.send({ to, message });
  }
}
