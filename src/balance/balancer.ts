import { assert, unreachable } from '../base/index.ts';
import { type Context, component, event, port, type Ref } from '../component/index.ts';
import { Aggregates, Sampling } from '../gossip/index.ts';
import type { Contact } from '../ring/index.ts';
import type { Address, Timeout, World } from '../world/index.ts';
import { Burden, type Carried } from './burden.ts';
import { type Compared, Comparison } from './comparison.ts';
import { comparedPeers, compareEveryMs, compareMs, loadChangeMax, moveMsMax } from './limits.ts';
import { type BalanceMessage, type BalanceMessageOf, balanceProtocol } from './messages.ts';
import { gainOfShare, type Overview, shareFor } from './policy.ts';

/** Where a newcomer should stand: before `contact`, with about so much of its load. */
export interface Vacancy {
  readonly contact: Contact;
  readonly amount: number;
}

/** The policy, for those who look for a place by it. */
export const Balance = port('balance', {
  requests: {
    /** Who carries most of some peers by chance? Undefined is told where nobody answers. */
    findPlace: event<{ readonly peers: number; readonly reply: Ref<Vacancy | undefined> }>(),
  },
});

export interface BalancerInit {
  readonly world: World;
  readonly self: Contact;
  /** How often it compares; undefined for `limits.ts`. */
  readonly everyMs: number | undefined;
  /** Whether it waits for the mean that gossip estimates. Without it two peers share alike, and more is moved. */
  readonly knowsMean: boolean;
}

const ports = {
  provides: { balance: Balance },
  requires: { network: balanceProtocol.port, sampling: Sampling, aggregates: Aggregates, burden: Burden },
} as const;

/**
 * Compares the load of this peer with others now and then, and has the lighter take from the heavier. One move is under way for a
 * peer at most (BAL-1), and each is agreed on by both.
 */
export const Balancer = component('balancer', {
  ...ports,
  setup: (context, init: BalancerInit) => void new Scales(context, init),
});

/** A move that this peer takes part in. */
interface Agreement {
  readonly token: number;
  readonly with: Contact;
  readonly patience: Timeout;
  /** What this peer does itself, once both agree; undefined where the other does it. */
  readonly act: (() => void) | undefined;
}

class Scales {
  readonly #context: Context<typeof ports.provides, typeof ports.requires>;
  readonly #init: BalancerInit;
  #sample: readonly Contact[] = [];
  #overview: Overview | undefined;
  #own: Carried = { load: 0, behind: undefined };
  #behindLoad: number | undefined;
  #token = 0;
  #comparison: Comparison | undefined;
  #agreement: Agreement | undefined;

  constructor(context: Context<typeof ports.provides, typeof ports.requires>, init: BalancerInit) {
    this.#context = context;
    this.#init = init;
    const { network, sampling, aggregates, burden } = context.requires;
    sampling.on.sampled(({ peers }) => {
      this.#sample = peers;
    });
    aggregates.on.estimated(({ isSettled, load }) => {
      if (isSettled && init.knowsMean) this.#overview = { mean: load.mean };
    });
    burden.on.carried((carried) => {
      if (carried.behind?.id !== this.#own.behind?.id) this.#behindLoad = undefined;
      this.#own = carried;
    });
    burden.on.moved(() => this.#finish());
    network.on.received(({ from, message }) => this.#receive(from, message));
    context.provides.balance.on.findPlace(({ peers, reply }) => this.#findPlace(peers, reply));
    this.#start();
  }

  #start(): void {
    const { world, everyMs = compareEveryMs } = this.#init;
    const tick = this.#context.ref(() => {
      if (this.#agreement === undefined && this.#comparison === undefined) this.#compare();
      world.timer.after(everyMs, tick);
    });
    this.#context.onStart(() => void world.timer.after(world.entropy.fraction() * everyMs, tick));
  }

  /** Asks some by chance and the one behind, and then shares with whom it is worth most. */
  #compare(): void {
    if (this.#init.knowsMean && this.#overview === undefined) return;
    const { behind } = this.#own;
    const asked = behind === undefined ? this.#some(comparedPeers) : [behind, ...this.#some(comparedPeers)];
    this.#ask(asked, (answers) => this.#choose(answers));
  }

  #some(count: number): readonly Contact[] {
    const rest = this.#sample.filter(({ id }) => id !== this.#own.behind?.id);
    const { entropy } = this.#init.world;
    return Array.from({ length: Math.min(count, rest.length) }, () => {
      const [one] = rest.splice(Math.floor(entropy.fraction() * rest.length), 1);
      return one!;
    });
  }

  #ask(whom: readonly Contact[], done: (answers: readonly Compared[]) => void): void {
    const token = this.#nextToken();
    const end = this.#after(compareMs, () => this.#endComparison());
    this.#comparison = new Comparison(token, whom, end, done);
    for (const { address } of whom) this.#send(address, { kind: 'compare', token });
  }

  #endComparison(): void {
    const comparison = this.#comparison;
    this.#comparison = undefined;
    comparison?.end();
  }

  #choose(answers: readonly Compared[]): void {
    const { behind } = this.#own;
    this.#behindLoad = answers.find(({ contact }) => contact.id === behind?.id)?.load ?? this.#behindLoad;
    const best = Comparison.best(
      { contact: this.#init.self, ...this.#own, behindLoad: this.#behindLoad },
      answers,
      this.#overview,
    );
    if (best === undefined || this.#agreement !== undefined) return;
    const { move, other } = best;
    const isLight = this.#own.load < other.load;
    const token = this.#nextToken();
    const act = this.#actFor(move.kind, move.amount, other.contact, isLight);
    this.#agree(token, other.contact, act);
    const proposal = {
      self: this.#init.self,
      how: move.kind,
      amount: move.amount,
      ownLoad: this.#own.load,
      yourLoad: other.load,
    };
    this.#send(other.contact.address, { kind: 'propose', token, ...proposal });
  }

  /** Who carries more slides its border; who carries less jumps. The other one waits. */
  #actFor(how: 'slide' | 'jump', amount: number, other: Contact, isLight: boolean): (() => void) | undefined {
    const { burden } = this.#context.requires;
    if (how === 'slide') return isLight ? undefined : () => burden.emit.slide({ to: other, amount });
    return isLight ? () => burden.emit.jump({ from: other, amount }) : undefined;
  }

  #agree(token: number, other: Contact, act: (() => void) | undefined): void {
    assert(this.#agreement === undefined, 'BAL-1: a peer that takes part in a move agrees on another');
    const patience = this.#after(moveMsMax, () => this.#free());
    this.#agreement = { token, with: other, patience, act };
  }

  #receive(from: Address, message: BalanceMessage): void {
    switch (message.kind) {
      case 'compare':
        return this.#answer(from, message.token);
      case 'compared':
        if (this.#comparison?.hear(from, message) === true) this.#endComparison();
        return;
      case 'propose':
        return this.#consider(from, message);
      case 'accept':
        if (this.#isAgreed(from, message.token)) this.#agreement!.act?.();
        return;
      case 'decline':
      case 'finished':
        if (this.#isAgreed(from, message.token)) this.#free();
        return;
      default:
        unreachable(message);
    }
  }

  #answer(to: Address, token: number): void {
    const { load, behind } = this.#own;
    const known =
      this.#behindLoad === undefined || behind === undefined ? undefined : { behind, behindLoad: this.#behindLoad };
    this.#send(to, { kind: 'compared', token, load, ...(known ?? { behind: this.#init.self, behindLoad: load }) });
  }

  /** A proposal rests on loads that were said a moment ago: where they changed much it is not what it was. */
  #consider(from: Address, { token, self: other, how, amount, ownLoad, yourLoad }: BalanceMessageOf<'propose'>): void {
    const { load } = this.#own;
    const isAsSaid = Math.abs(load - yourLoad) <= loadChangeMax * Math.max(load, yourLoad);
    if (this.#agreement !== undefined || !isAsSaid) return this.#send(from, { kind: 'decline', token });
    const act = this.#actFor(how, amount, other, load < ownLoad);
    this.#agree(token, other, act);
    this.#send(from, { kind: 'accept', token });
    act?.();
  }

  #isAgreed(from: Address, token: number): boolean {
    return this.#agreement?.token === token && this.#agreement.with.address === from;
  }

  #finish(): void {
    const agreement = this.#agreement;
    if (agreement === undefined) return;
    this.#send(agreement.with.address, { kind: 'finished', token: agreement.token });
    this.#free();
  }

  #free(): void {
    this.#agreement?.patience.cancel();
    this.#agreement = undefined;
  }

  #findPlace(peers: number, reply: Ref<Vacancy | undefined>): void {
    if (this.#comparison !== undefined) return reply.tell(undefined);
    this.#ask(this.#some(peers), (answers) => {
      const gain = ({ load }: Compared): number => gainOfShare(load, this.#overview);
      const best = [...answers].sort((a, b) => gain(b) - gain(a))[0];
      reply.tell(best && { contact: best.contact, amount: shareFor(best.load, this.#overview) });
    });
  }

  #nextToken(): number {
    this.#token = (this.#token + 1) >>> 0;
    return this.#token;
  }

  #after(delayMs: number, run: () => void): Timeout {
    return this.#init.world.timer.after(delayMs, this.#context.ref(run));
  }

  #send(to: Address, message: BalanceMessage): void {
    this.#context.requires.network.emit.send({ to, message });
  }
}
