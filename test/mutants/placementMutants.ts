import type { Mutant } from './mutants.ts';

/** Ways in which members could come to stand where they should not. */
export const placementMutants: readonly Mutant[] = [
  {
    name: 'members stand together for ever',
    about: 'A newcomer in a zone of its own takes the place of nobody.',
    file: 'cell/placement.ts',
    find: 'betterSpread(staying.map(standing), newcomers)?.map(memberOf)',
    replace: '[staying].find(() => false)',
    scenario: 'members',
    firstSeed: 1,
    seeds: 4,
  },
  {
    name: 'a degree for more than the prefix',
    about: 'A cell takes note of what a prefix asks for without ending where that ends (CELL-22).',
    file: 'cell/wishes.ts',
    find: '    if (border !== undefined) return this.#split(leadership, border);',
    replace: '    void border;',
    scenario: 'members',
    firstSeed: 1,
    seeds: 10,
  },
];
