import { type Context, component, event, port } from '../component/index.ts';
import type { Contact } from '../ring/index.ts';
import type { Address, World } from '../world/index.ts';
import { measureEveryMs, pingsPerMeasure, roundTripMsMax } from './limits.ts';
import { type DistanceMessage, distanceProtocol } from './messages.ts';
import { Sampling } from './sampler.ts';
import { type Located, located, somewhere } from './vivaldi.ts';

/** How far peers are from one another, without having measured it. */
export const Distances = port('distances', {
  indications: {
    /** The coordinate of this peer moved. `roundTripMs` of two coordinates says how far they are. */
    located: event<Located>(),
  },
});

export interface SurveyorInit {
  readonly world: World;
  /** How often it measures; undefined for `limits.ts`. */
  readonly everyMs: number | undefined;
}

const ports = {
  provides: { distances: Distances },
  requires: { network: distanceProtocol.port, sampling: Sampling },
} as const;

/** Measures the round trip to one peer of its sample after the other, and moves its coordinate by each. */
export const Surveyor = component('surveyor', {
  ...ports,
  setup: (context, init: SurveyorInit) => void new Survey(context, init),
});

/** Pings to one peer, one after the other: the fastest counts. */
interface Measure {
  readonly with: Address;
  sequence: number;
  sentMs: number;
  left: number;
  leastMs: number;
}

class Survey {
  readonly #context: Context<typeof ports.provides, typeof ports.requires>;
  readonly #world: World;
  #partners: readonly Contact[] = [];
  #own: Located;
  #sequence = 0;
  #measure: Measure | undefined;

  constructor(context: Context<typeof ports.provides, typeof ports.requires>, { world, everyMs }: SurveyorInit) {
    this.#context = context;
    this.#world = world;
    this.#own = somewhere(world.entropy);
    const { sampling, network } = context.requires;
    sampling.on.sampled(({ peers }) => {
      this.#partners = peers;
    });
    network.on.received(({ from, message }) => this.#receive(from, message));
    const pauseMs = everyMs ?? measureEveryMs;
    const tick = context.ref(() => {
      this.#begin();
      world.timer.after(pauseMs, tick);
    });
    context.onStart(() => void world.timer.after(world.entropy.fraction() * pauseMs, tick));
  }

  #begin(): void {
    // Who is far answers late: to begin anew each time would leave out all who are farther than a third of the pause.
    const isUnderWay = this.#measure !== undefined && this.#nowMs - this.#measure.sentMs < roundTripMsMax;
    if (isUnderWay) return;
    const partner = this.#partners[Math.floor(this.#world.entropy.fraction() * this.#partners.length)];
    if (partner === undefined) return;
    this.#measure = {
      ...{ with: partner.address, sequence: 0, sentMs: 0 },
      ...{ left: pingsPerMeasure, leastMs: Number.POSITIVE_INFINITY },
    };
    this.#ping(this.#measure);
  }

  #ping(measure: Measure): void {
    this.#sequence = (this.#sequence + 1) >>> 0;
    measure.sequence = this.#sequence;
    measure.sentMs = this.#nowMs;
    measure.left--;
    this.#send(measure.with, { kind: 'ping', sequence: measure.sequence });
  }

  #receive(from: Address, message: DistanceMessage): void {
    const { coordinate, error } = this.#own;
    if (message.kind === 'ping') {
      return this.#send(from, { kind: 'pong', sequence: message.sequence, coordinate, error });
    }
    const measure = this.#measure;
    if (measure?.sequence !== message.sequence || measure.with !== from) return;
    measure.leastMs = Math.min(measure.leastMs, this.#nowMs - measure.sentMs);
    if (measure.left > 0) return this.#ping(measure);
    this.#measure = undefined;
    // A clock that stood still measures nothing, and a trip of seconds says more of a queue than of the way.
    if (measure.leastMs <= 0 || measure.leastMs > roundTripMsMax) return;
    this.#own = located(this.#own, message, measure.leastMs, this.#world.entropy);
    this.#context.provides.distances.emit.located(this.#own);
  }

  get #nowMs(): number {
    return this.#world.clock.monotonicMs();
  }

  #send(to: Address, message: DistanceMessage): void {
    this.#context.requires.network.emit.send({ to, message });
  }
}
