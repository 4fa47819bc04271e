import type { Address, World } from '../world/index.ts';
import type { Gossip } from './gossip.ts';
import { comparisonsLeftOutMax, sectionsAtOnce } from './limits.ts';
import type { News, OverlayMessage } from './messages.ts';
import type { PeerTable } from './peerTable.ts';

export interface ComparisonEffects {
  send(to: Address, message: OverlayMessage): void;
  learn(news: News): void;
  /** Who knows the same counts more cuts: those cut out are back. */
  outnumbered(number: number): void;
}

/**
 * Makes two peers know the same: one number first, and where it differs one for each section, and then what is in those
 * that differ. What gossip missed is found in this way, and a divided system finds itself again.
 */
export class Comparison {
  readonly #world: World;
  readonly #table: PeerTable;
  readonly #gossip: Gossip;
  readonly #effects: ComparisonEffects;
  #leftOut = 0;

  constructor(world: World, table: PeerTable, gossip: Gossip, effects: ComparisonEffects) {
    this.#world = world;
    this.#table = table;
    this.#gossip = gossip;
    this.#effects = effects;
  }

  /** Compares with one peer, and with a dead one if there is any: so divided systems meet again. */
  compareWithSomebody(): void {
    const isLeftOut = this.#gossip.isBusy && this.#leftOut < comparisonsLeftOutMax;
    this.#leftOut = isLeftOut ? this.#leftOut + 1 : 0;
    for (const pool of [isLeftOut ? [] : this.#table.others(), this.#table.dead()]) {
      const chosen = pool[Math.floor(this.#world.entropy.fraction() * pool.length)];
      if (chosen === undefined) continue;
      this.begin(chosen.address);
      const { life, statement } = chosen;
      if (this.#table.isBuried(chosen.id)) this.#effects.send(chosen.address, { kind: 'buried', life, statement });
    }
  }

  begin(to: Address): void {
    const { sections, number } = this.#table;
    this.#effects.send(to, { kind: 'digest', digest: sections.digest, number });
  }

  receive(from: Address, message: Extract<OverlayMessage, { kind: 'digest' | 'sections' | 'difference' }>): void {
    const { sections } = this.#table;
    if (message.kind === 'digest') {
      if (message.digest !== sections.digest)
        return this.#effects.send(from, { kind: 'sections', digests: sections.digests });
      if (message.number > this.#table.number) this.#effects.outnumbered(message.number);
      return;
    }
    if (message.kind === 'sections')
      return this.#tellDifference(from, this.#some(sections.different(message.digests)), false);
    // What is told back is what was known before: the other one knows what it has just said.
    if (!message.isReply) this.#tellDifference(from, message.sections, true);
    this.#effects.learn(message.news);
  }

  /** Not all at once: where much is new, gossip is on its way with most of it. */
  #some(sections: readonly number[]): readonly number[] {
    const from = Math.floor(this.#world.entropy.fraction() * sections.length);
    return [...sections.slice(from), ...sections.slice(0, from)].slice(0, sectionsAtOnce);
  }

  #tellDifference(to: Address, sections: readonly number[], isReply: boolean): void {
    const news = this.#gossip.within(new Set(sections));
    this.#effects.send(to, { kind: 'difference', sections, isReply, news });
  }
}
