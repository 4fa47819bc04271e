import type { Mutation } from './workshop.ts';

/** A way in which membership could be wrong, and the story of `membershipHunt.mjs` that notices it. */
export interface MembershipMutant extends Mutation {
  /** What goes wrong with it. */
  readonly about: string;
  readonly story: string;
}

export const membershipMutants: readonly MembershipMutant[] = [
  {
    name: 'the low mark as high as the other',
    about: 'A cut is decided while others are in doubt, so that one blackout is several cuts (MEM-9).',
    file: 'overlay/cutDetector.ts',
    find: 'return Math.max(1, Math.ceil(observers / doubtShare));',
    replace: 'return observers < doubtShare ? 1 : goneMark(observers) + 1;',
    story: 'blackout',
  },
  {
    name: 'observers that are gone are waited for',
    about: 'The silence of observers that crashed as well counts for their subjects (no implicit alerts).',
    file: 'overlay/cutDetector.ts',
    find: 'const isImplied = mayImply && observer !== self && mute.has(observer);',
    replace: 'const isImplied = mayImply && observer === self && mute.has(observer);',
    story: 'neighbours',
  },
  {
    name: 'a suspicion that is never withdrawn',
    about: 'A peer that answers again is silent for ever to who suspected it once (MEM-6).',
    file: 'overlay/edge.ts',
    find: `    this.#silentSinceMs = undefined;
    this.#isGone = false;`,
    replace: '    this.#deviationMs = Math.abs(this.#deviationMs);',
    story: 'stall',
  },
  {
    name: 'a report counted twice',
    about: 'The same report adds up with itself (MEM-7), so that what was withdrawn comes back.',
    file: 'overlay/reports.ts',
    find: `      if (count <= changes[circle]!) return;
      changes[circle] = count;`,
    replace: `      if (count === 0) return;
      changes[circle]! += count;`,
    story: 'stall',
  },
  {
    name: 'votes counted in another view',
    about: 'A vote counts whatever electorate it was given in (MEM-5).',
    file: 'overlay/agreement.ts',
    find: 'return a.high === b.high && a.low === b.low;',
    replace: 'return a.high === b.high || a.high !== b.high;',
    story: 'second blackout',
  },
  {
    name: 'the deaf are heard',
    about: 'The word of peers that are to go counts, and who hears nobody takes others along (MEM-6).',
    file: 'overlay/cutDetector.ts',
    find: 'const said = unheard.has(observer) ? isThere : this.#reports.finding(life, circle);',
    replace: 'const said = unheard.size < 0 ? isThere : this.#reports.finding(life, circle);',
    story: 'deaf',
  },
];
