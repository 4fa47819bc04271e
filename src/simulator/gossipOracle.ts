import type { AverageView } from '../gossip/index.ts';
import { estimateErrorMax } from './limits.ts';
import type { Gossiper, RingSubject } from './ringSubject.ts';

/** The load among the means that a peer holds. Where its sum stays so do all others, which are treated alike. */
const loadAt = 1;

/** A question that was answered, or not: what it adds to who asked it once it hears the answer. */
interface Exchange {
  readonly nonce: number;
  readonly offered: number;
  /** Who took it, and what it owes since; undefined while nobody did. */
  taken: { readonly by: Gossiper; readonly due: number } | undefined;
}

/** What was seen of a gossiper the last time that it was looked at. */
interface Look {
  epoch: number;
  held: number | undefined;
  open: Exchange | undefined;
  /** The nonces that it answered last, by who asked. */
  readonly answered: Map<string, number>;
}

/**
 * Keeps account of the averages of a town (GOS-1): what all hold of an epoch, and what is on its way between two of them, is what
 * they put in, but for what those take along that end, begin the next epoch, or are out of reach for all tries.
 */
export class GossipOracle {
  readonly violations: string[] = [];
  readonly #subject: RingSubject;
  readonly #looks = new Map<Gossiper, Look>();
  /** What there must be of an epoch. */
  readonly #sums = new Map<number, number>();
  /** Questions that were given up before anybody took them: they may still be taken. */
  readonly #forsaken = new Map<string, number>();

  constructor(subject: RingSubject) {
    this.#subject = subject;
    subject.ears.averaged = (one, by) => this.#see(one, by);
  }

  /** What a peer holds may have changed; or it ended. */
  #see(one: Gossiper, by: 'message' | 'cycle' | 'end'): void {
    const look = this.#looks.get(one) ?? { epoch: 0, held: undefined, open: undefined, answered: new Map() };
    const { epoch } = look;
    if (by === 'end') this.#part(one, look);
    else this.#follow(one, look, by === 'message');
    this.#check(epoch);
    if (look.epoch !== epoch) this.#check(look.epoch);
  }

  /** Whether somebody does not know how many there are, of an epoch that began after that one. */
  missing(sinceEpoch: number): string[] {
    const { gossipers } = this.#subject;
    const load = gossipers.reduce((sum, one) => sum + one.load, 0) / gossipers.length;
    return gossipers.flatMap(({ host, estimate }) => {
      if (estimate === undefined || estimate.epoch <= sinceEpoch) return [`${host.name} has no estimate yet`];
      const { peers, load: seen } = estimate;
      const isRight = isNear(peers, gossipers.length) && isNear(seen.mean, load);
      const found = `${peers.toFixed(2)} peers that carry ${seen.mean.toFixed(1)}`;
      return isRight ? [] : [`${host.name} estimates ${found}: ${gossipers.length} carry ${load.toFixed(1)}`];
    });
  }

  /** The latest epoch that anybody takes part in. */
  get epoch(): number {
    return Math.max(0, ...this.#subject.gossipers.map(({ view }) => view.epoch));
  }

  #follow(one: Gossiper, look: Look, isHearing: boolean): void {
    const { view } = one;
    this.#looks.set(one, look);
    if (view.epoch !== look.epoch || (look.held === undefined && view.mass !== undefined)) this.#enter(one, look);
    else if (look.open !== undefined && look.open.nonce !== view.question?.message.nonce)
      this.#close(one, look, isHearing);
    look.held = heldBy(view);
    const { question } = view;
    if (question !== undefined && look.open === undefined) {
      const offered = question.message.mass.means[loadAt]!;
      look.open = { nonce: question.message.nonce, offered, taken: undefined };
    }
    for (const [asker, answer] of view.answers) {
      if (look.answered.get(asker) === answer.nonce) continue;
      look.answered.set(asker, answer.nonce);
      if (answer.kind === 'averaged') this.#take(one, asker, answer.nonce, answer.mass.means[loadAt]!);
    }
  }

  /** It begins an epoch, and what it held of the one before counts no more. */
  #enter(one: Gossiper, look: Look): void {
    this.#part(one, look);
    this.#looks.set(one, look);
    look.epoch = one.view.epoch;
    look.answered.clear();
    if (one.view.mass !== undefined) this.#add(look.epoch, one.view.input!.means[loadAt]!);
  }

  #part(one: Gossiper, look: Look): void {
    if (look.open !== undefined) this.#giveUp(one, look, look.open);
    this.#add(look.epoch, -(look.held ?? 0));
    look.held = undefined;
    this.#looks.delete(one);
  }

  /** A question is over: it was answered, or refused, or nobody came forward for all tries. */
  #close(one: Gossiper, look: Look, isHearing: boolean): void {
    const { taken } = look.open!;
    // Who took it is dead, and the one in its place knows nothing of it.
    const isRefused = taken !== undefined && heldBy(one.view) === look.held && !this.#subject.isGossiping(taken.by);
    if (!isHearing || isRefused) this.#giveUp(one, look, look.open!);
    look.open = undefined;
  }

  #giveUp({ host }: Gossiper, look: Look, { nonce, offered, taken }: Exchange): void {
    if (taken === undefined) this.#forsaken.set(nameOf(host.address, look.epoch, nonce), offered);
    else this.#add(look.epoch, -taken.due);
    look.open = undefined;
  }

  /** Somebody averaged with what was offered: it holds the mean, and the other half of the difference is on its way. */
  #take(by: Gossiper, asker: string, nonce: number, held: number): void {
    const { epoch } = by.view;
    for (const [{ host }, { epoch: own, open }] of this.#looks) {
      if (host.address !== asker || own !== epoch || open?.nonce !== nonce) continue;
      open.taken ??= { by, due: (held - open.offered) / 2 };
      return;
    }
    const name = nameOf(asker, epoch, nonce);
    const offered = this.#forsaken.get(name);
    if (offered !== undefined) this.#add(epoch, (offered - held) / 2);
    this.#forsaken.delete(name);
  }

  #add(epoch: number, mass: number): void {
    this.#sums.set(epoch, (this.#sums.get(epoch) ?? 0) + mass);
  }

  #check(epoch: number): void {
    const expected = this.#sums.get(epoch) ?? 0;
    let sum = 0;
    for (const look of this.#looks.values()) {
      if (look.epoch === epoch) sum += (look.held ?? 0) + (look.open?.taken?.due ?? 0);
    }
    if (Math.abs(sum - expected) <= 1e-6 * (1 + Math.abs(expected))) return;
    const { nowMs } = this.#subject.universe;
    this.violations.push(
      `at ${nowMs.toFixed(1)} GOS-1: of epoch ${epoch} there is a load of ${sum}, and ${expected} were put in and are left`,
    );
  }
}

function heldBy({ mass }: AverageView): number | undefined {
  return mass?.means[loadAt];
}

function nameOf(address: string, epoch: number, nonce: number): string {
  return `${address} ${epoch} ${nonce}`;
}

function isNear(found: number, truth: number): boolean {
  return Math.abs(found - truth) <= estimateErrorMax * truth;
}
