import type { Mutant } from './mutants.ts';

/** Ways in which the merging of cells could be wrong. */
export const mergeMutants: readonly Mutant[] = [
  {
    name: 'the sealed cell answers on',
    about: 'What comes behind the seal in the log of a cell is done, and acknowledged (CELL-19).',
    file: 'cell/entry.ts',
    find: "  return of.kind !== 'batch';",
    replace: "  return of.kind !== 'batch' && of.kind !== 'seal';",
    scenario: 'cells',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'absorb before the seal is chosen',
    about: 'A member absorbs the cell above as it is here, sealed or not (CELL-19).',
    file: 'cell/merger.ts',
    find: '    return this.#copy.isSealed && this.#copy.isAtRest;',
    replace: '    return this.#copy.isAtRest;',
    scenario: 'cells',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'a merge is called off behind the seal',
    about: 'A cell does not absorb the one above although that was sealed for it (CELL-18).',
    file: 'cell/merger.ts',
    find: '    if (upper?.isSealed) return this.#absorb(leadership, upper.config, upper.copy.state.stage);',
    replace: '    if (upper?.isSealed) return this.#cancel(leadership);',
    scenario: 'cells',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'a merge keeps the places of the absorber',
    about: 'Who watched the cell above goes on at a place of the cell below, and misses what lies between (WATCH-2).',
    file: 'state/history.ts',
    find: '    const first = Math.max(lower.history.#index, upper.history.end.index);',
    replace: '    const first = lower.history.#index;',
    scenario: 'cells',
    firstSeed: 1,
    seeds: 20,
  },
];
