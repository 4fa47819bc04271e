import type { Mutation } from './workshop.ts';

/** A way in which the state of a cell could be wrong, and the tests that notice it without a seed of the simulator. */
export interface StoryMutant extends Mutation {
  /** What goes wrong with it. */
  readonly about: string;
  /** The file in `src/` that holds the tests. */
  readonly story: string;
}

export const storyMutants: readonly StoryMutant[] = [
  {
    name: 'what was removed counts on',
    about: 'The head of a collection says more elements than there are (TX-17).',
    file: 'state/collection.ts',
    find: '    this.#count--;',
    replace: '    void this.#count;',
    story: 'state/collectionModel.test.ts',
  },
  {
    name: 'elements without a head',
    about: 'A key that is deleted leaves the elements of its collection behind (TX-17).',
    file: 'state/stateData.ts',
    find: '    if (!old.isPlain) this.elements.clearOf(key);',
    replace: '',
    story: 'state/collectionModel.test.ts',
  },
  {
    name: 'a merge forgets sessions',
    about: 'Nobody can be told any more what became of an operation of the cell above (CELL-19, TX-1).',
    file: 'state/stateUnion.ts',
    find: ', ...upper.sessions.rows(sessionPrefix(cell)));',
    replace: ');',
    story: 'state/stateUnion.test.ts',
  },
  {
    name: 'a merge forgets the intentions of the sealed cell',
    about:
      'What the cell above has voted for is not locked any more, and never happens (TX-16). One seed of transfers in a hundred sees it.',
    file: 'state/union.ts',
    find: 'const known = [...lower.data.intents.records, ...upper.data.intents.records];',
    replace: 'const known = [...lower.data.intents.records];',
    story: 'state/stateUnion.test.ts',
  },
  {
    name: 'a merge undoes a vote and bars nothing',
    about: 'Where the two are parted again, what was undone can be voted for, and half of it happens (TX-16).',
    file: 'state/union.ts',
    find: '  return barOf(record.name, record.sinceMs);',
    replace: '  return barOf({ ...record.name, participants: [] }, record.sinceMs);',
    story: 'state/stateUnion.test.ts',
  },
  {
    name: 'a merge keeps the version floor of the absorber',
    about: 'What is written behind a merge may have the version of what was there before (TX-5).',
    file: 'state/stateMeta.ts',
    find: '    version: Math.max(lower.version, upper.version),',
    replace: '    version: lower.version,',
    story: 'state/stateUnion.test.ts',
  },
  {
    name: 'what a member lacks counts as old enough',
    about: 'A member that was given an older state vouches for it by what it had applied before (TX-18).',
    file: 'cell/freshness.ts',
    find: 'if (this.#reached === undefined || this.#reached.index > applied) return false;',
    replace: 'if (this.#reached === undefined) return false;',
    story: 'cell/freshness.test.ts',
  },
  {
    name: 'a split loses reservations',
    about:
      'The upper part of a split knows nothing of what is reserved in it: nothing wrong comes of it but work in vain (TX-22).',
    file: 'state/reservations.ts',
    find: '      this.delete(key);\n      rows.push({ key: prefix + key, value: encode(reservationRow, row) });',
    replace: '      this.delete(key);\n      void [prefix, rows, row];',
    story: 'state/stateReservations.test.ts',
  },
];
