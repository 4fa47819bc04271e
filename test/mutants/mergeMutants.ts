import type { Mutant } from './mutants.ts';

/** Ways in which the merging of cells could be wrong. */
export const mergeMutants: readonly Mutant[] = [
  {
    name: 'the sealed cell answers on',
    about: 'What comes behind the seal in the log of a cell is done, and acknowledged (CELL-19).',
    file: 'store/entry.ts',
    find: "  return of.kind !== 'batch';",
    replace: "  return of.kind !== 'batch' && of.kind !== 'seal';",
    scenario: 'cells',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'absorb before the seal is chosen',
    about: 'A member absorbs the cell above as it is here, sealed or not (CELL-19).',
    file: 'store/merger.ts',
    find: '    return this.#copy.isSealed && this.#copy.isAtRest;',
    replace: '    return this.#copy.isAtRest;',
    scenario: 'cells',
    firstSeed: 1,
    seeds: 10,
  },
];
