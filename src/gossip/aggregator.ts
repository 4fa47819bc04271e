import { unreachable } from '../base/index.ts';
import { type Context, component, event, port } from '../component/index.ts';
import type { Contact } from '../ring/index.ts';
import type { Address, World } from '../world/index.ts';
import { Average, type AverageView } from './average.ts';
import { type Estimate, estimateOf, type Figures, massOf } from './figures.ts';
import { averageEveryMs } from './limits.ts';
import { type AverageMessage, averageProtocol } from './messages.ts';
import { Sampling } from './sampler.ts';

/** What holds of all peers together, as every one of them knows it about the same. */
export const Aggregates = port('aggregates', {
  requests: {
    /** What this peer puts in from the next epoch on. */
    report: event<Figures>(),
  },
  indications: {
    /** What this peer holds behind one more exchange: good to be used once it is settled. */
    estimated: event<Estimate>(),
  },
});

export interface AggregatorInit {
  readonly world: World;
  /** Whether it begins the first epoch: the first peer of a system does. */
  readonly isFirst: boolean;
  /** How often it averages; undefined for `limits.ts`. */
  readonly everyMs: number | undefined;
  /** Shows what this peer holds to the checks of a simulation, and calls what it is given whenever that may have changed, and how. */
  readonly show?: (view: AverageView) => (by: 'message' | 'cycle') => void;
}

const ports = {
  provides: { aggregates: Aggregates },
  requires: { network: averageProtocol.port, sampling: Sampling },
} as const;

/**
 * Gossips averages in epochs: mean, deviation, extremes and histogram of the load, and the number of peers from the mean gap
 * (Shafaat, Ghodsi and Haridi 2008). An epoch that begins anywhere begins everywhere, with what each reports then.
 */
export const Aggregator = component('aggregator', {
  ...ports,
  setup: (context, init: AggregatorInit) => void new Averager(context, init),
});

class Averager {
  readonly #context: Context<typeof ports.provides, typeof ports.requires>;
  readonly #init: AggregatorInit;
  readonly #average: Average;
  readonly #changed: ReturnType<NonNullable<AggregatorInit['show']>> | undefined;
  #partners: readonly Contact[] = [];
  #figures: Figures = { gap: 1, load: 0 };

  constructor(context: Context<typeof ports.provides, typeof ports.requires>, init: AggregatorInit) {
    this.#context = context;
    this.#init = init;
    const begin = (): ReturnType<typeof massOf> => massOf(this.#figures);
    this.#average = new Average(begin, (epoch, mass, isSettled) => {
      context.provides.aggregates.emit.estimated(estimateOf(epoch, mass, isSettled));
    });
    this.#changed = init.show?.(this.#average);
    const { provides, requires } = context;
    provides.aggregates.on.report((figures) => {
      this.#figures = figures;
    });
    requires.sampling.on.sampled(({ peers }) => {
      this.#partners = peers;
    });
    requires.network.on.received(({ from, message }) => {
      this.#receive(from, message);
      this.#changed?.('message');
    });
    this.#start();
  }

  #start(): void {
    const { world, isFirst, everyMs = averageEveryMs } = this.#init;
    const tick = this.#context.ref(() => {
      this.#tick();
      this.#changed?.('cycle');
      world.timer.after(everyMs, tick);
    });
    this.#context.onStart(() => {
      if (isFirst) this.#average.begin(1);
      world.timer.after(world.entropy.fraction() * everyMs, tick);
    });
  }

  #tick(): void {
    const { entropy } = this.#init.world;
    const again = this.#average.nextCycle();
    const hopeful = this.#partners.filter(({ address }) => !this.#average.isSilent(address));
    const partners = hopeful.length > 0 ? hopeful : this.#partners;
    const partner = again?.with ?? partners[Math.floor(entropy.fraction() * partners.length)]?.address;
    if (partner === undefined) return;
    this.#send(partner, again?.message ?? this.#average.ask(partner));
  }

  #receive(from: Address, message: AverageMessage): void {
    switch (message.kind) {
      case 'average':
        return this.#send(from, this.#average.answer(from, message));
      case 'averaged':
        return this.#average.answered(message);
      case 'refused':
        return this.#average.refused(message);
      default:
        unreachable(message);
    }
  }

  #send(to: Address, message: AverageMessage): void {
    this.#context.requires.network.emit.send({ to, message });
  }
}
