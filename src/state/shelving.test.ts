import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryStorage } from '../../test/memoryStorage.ts';
import { contains, type Key } from '../base/index.ts';
import { elementPrefix, elementsOf, rowOf } from '../command/index.ts';
import { Shelves } from './shelves.ts';
import {
  itemPrefix,
  keyOnShelf,
  lowerShelf,
  otherShelving,
  overlaid,
  rangesOnShelf,
  rowsOnShelf,
  type Shelving,
  shelfRow,
  shelvingIn,
  upperShelf,
} from './shelving.ts';

const anyKey = fc.constantFrom('', 'a', 'aa', 'b', 'c', 'd', '~', '\xff');
const anyPlain = fc.constantFrom(lowerShelf, upperShelf);
/** What merges and snapshots make of the two. */
const anyShelving = fc
  .tuple(anyPlain, fc.array(fc.tuple(anyKey, fc.option(anyKey, { nil: undefined }), anyPlain), { maxLength: 4 }))
  .map(([first, parts]) =>
    parts
      .filter(([from, to]) => to === undefined || from < to)
      .reduce<Shelving>((shelving, [from, to, other]) => overlaid(shelving, { from, to }, other), first),
  );

test('a row is found where its range lies, and nowhere on the other shelf', () => {
  fc.assert(
    fc.property(anyShelving, anyKey, anyKey, fc.option(anyKey, { nil: undefined }), (shelving, key, from, to) => {
      const range = { from: itemPrefix + from, to: itemPrefix + (to ?? '\xff\xff') };
      const isIn = contains(range, itemPrefix + key);
      const here = keyOnShelf(shelving, itemPrefix + key);
      const there = keyOnShelf(otherShelving(shelving), itemPrefix + key);
      expect(rangesOnShelf(shelving, [range]).some((part) => contains(part, here))).toBe(isIn);
      expect(rangesOnShelf(shelving, [range]).some((part) => contains(part, there))).toBe(false);
    }),
  );
});

test('the elements of a collection lie where its item lies, and are found there', () => {
  const anyOwner = fc.constantFrom('', 'a', 'a\0', 'aa', 'b\0\xff', 'c', '~', '\xff');
  const anyName = fc.constantFrom('', '\0', 'm', '\xff');
  fc.assert(
    fc.property(anyShelving, anyOwner, anyName, (shelving, owner, name) => {
      const row = elementPrefix + rowOf(owner, name);
      const isUpper = keyOnShelf(shelving, itemPrefix + owner) !== itemPrefix + owner;
      expect(keyOnShelf(shelving, row)).toBe(isUpper ? `~${row}` : row);
      const { from, to } = elementsOf(owner, undefined);
      const parts = rangesOnShelf(shelving, [{ from: elementPrefix + from, to: elementPrefix + to! }]);
      expect(parts.some((part) => contains(part, keyOnShelf(shelving, row)))).toBe(true);
    }),
  );
});

test('what is laid over counts in its range alone', () => {
  fc.assert(
    fc.property(anyShelving, anyShelving, anyKey, anyKey, anyKey, (one, other, from, to, key) => {
      fc.pre(from < to);
      const made = overlaid(one, { from, to }, other);
      const expected = contains({ from, to }, key) ? other : one;
      expect(keyOnShelf(made, itemPrefix + key)).toBe(keyOnShelf(expected, itemPrefix + key));
      expect(keyOnShelf(made, 'tcell')).toBe(keyOnShelf(one, 'tcell'));
    }),
  );
});

test('the row of a shelving gives it again, and that of the lower shelf is none', () => {
  fc.assert(
    fc.property(anyShelving, (shelving) => {
      const { value } = shelfRow('cell', shelving);
      const again = shelvingIn(value)!;
      for (const key of ['', 'a', 'aa', 'b', 'c', 'd', '\xff', 'zz']) {
        expect(keyOnShelf(again, itemPrefix + key)).toBe(keyOnShelf(shelving, itemPrefix + key));
      }
      expect(again.rest).toBe(shelving.rest);
    }),
  );
  expect(shelfRow('cell', lowerShelf).value).toBeUndefined();
  expect(shelvingIn(new Uint8Array([7]))).toBeUndefined();
});

test('rows on both shelves are read in one order, forwards and backwards, a few at a time', () => {
  fc.assert(
    fc.property(anyShelving, fc.uniqueArray(anyKey), fc.integer({ min: 1, max: 3 }), (shelving, keys, rowsMax) => {
      const storage = new MemoryStorage();
      const rows = keys.map((key) => ({ key: itemPrefix + key, value: new Uint8Array(1) }));
      storage.commit({ clear: [], rows: rowsOnShelf(shelving, rows) });
      storage.settle();
      const shelves = new Shelves(storage, shelving);
      const limit = { rowsMax, bytesMax: 1_000 };
      const read = (isDown: boolean): Key[] => {
        const found: Key[] = [];
        let range = { from: itemPrefix, to: 'e' as Key };
        for (;;) {
          const page = isDown ? shelves.scanDown(range, limit) : shelves.scan(range, limit);
          if (page === 'damaged') throw new Error('damaged');
          found.push(...page.rows.map(({ key }) => key));
          const last = page.rows.at(-1);
          if (!page.more || last === undefined) return found;
          range = isDown ? { from: range.from, to: last.key } : { from: `${last.key}\0`, to: range.to };
        }
      };
      const sorted = rows.map(({ key }) => key).sort();
      expect(read(false)).toEqual(sorted);
      expect(read(true)).toEqual([...sorted].reverse());
    }),
  );
});
