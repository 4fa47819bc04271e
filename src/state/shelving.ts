import {
  bool,
  encode,
  intersection,
  type Key,
  key,
  keyAfter,
  list,
  lowestKey,
  parse,
  prefixRange,
  type Range,
  record,
  u8,
} from '../base/index.ts';
import { elementPrefix, spelled } from '../command/index.ts';
import type { CellRow } from './cellState.ts';

/** One of two places in the engine for the rows of a cell's state. */
export type Shelf = 'lower' | 'upper';

/**
 * On which shelf the rows of a cell are: those of its items, from each key on, and those of all else. A cell that was
 * merged may have its items on both.
 */
export interface Shelving {
  readonly rest: Shelf;
  /** In the order of keys; the first from the lowest key on. */
  readonly items: readonly { readonly from: Key; readonly shelf: Shelf }[];
}

/** A part of a range, as it lies on one shelf. */
export interface ShelvedRange extends Range {
  readonly shelf: Shelf;
}

export const lowerShelf: Shelving = { rest: 'lower', items: [{ from: lowestKey, shelf: 'lower' }] };
export const upperShelf: Shelving = { rest: 'upper', items: [{ from: lowestKey, shelf: 'upper' }] };

/** What the keys of rows of items begin with. Those of elements of collections lie on the shelf of the item that they belong to. */
export const itemPrefix: Key = 'd';
/** Keys on the upper shelf begin with this, and then are what they are on the lower one. */
const upperPrefix = '~';
const upperEnd = '\x7f';
const shelfPrefix = 'h';
const isUpper = new Uint8Array([1]);
const mixed = 2;

const shelvingRow = record({ form: u8, rest: bool, items: list(record({ from: key, isUpper: bool })) });

/** Each row where it is not. */
export function otherShelving({ rest, items }: Shelving): Shelving {
  return { rest: flipped(rest), items: items.map(({ from, shelf }) => ({ from, shelf: flipped(shelf) })) };
}

/** As the one, but in the range as the other. */
export function overlaid(one: Shelving, { from, to }: Range, other: Shelving): Shelving {
  const items = [
    ...one.items.filter((part) => part.from < from),
    { from, shelf: shelfAt(other, from) },
    ...other.items.filter((part) => part.from > from && (to === undefined || part.from < to)),
    ...(to === undefined ? [] : [{ from: to, shelf: shelfAt(one, to) }, ...one.items.filter((part) => part.from > to)]),
  ];
  return { rest: one.rest, items: items.filter(({ shelf }, i) => i === 0 || items[i - 1]!.shelf !== shelf) };
}

/** The row that says where a cell lives. There is none where it is the lower shelf. */
export function shelfRow(cell: string, { rest, items }: Shelving): CellRow {
  const isMixed = items.some(({ shelf }) => shelf !== rest);
  const plain = rest === 'upper' ? isUpper : undefined;
  const parts = items.map(({ from, shelf }) => ({ from, isUpper: shelf === 'upper' }));
  const value = isMixed ? encode(shelvingRow, { form: mixed, rest: rest === 'upper', items: parts }) : plain;
  return { key: shelfKey(cell), value };
}

export function shelfKey(cell: string): Key {
  return shelfPrefix + cell;
}

/** What the row says; undefined where it says nothing that can be read. */
export function shelvingIn(row: Uint8Array | undefined): Shelving | undefined {
  if (row === undefined) return lowerShelf;
  if (row.length === 1 && row[0] === isUpper[0]) return upperShelf;
  const parsed = parse(shelvingRow, row);
  if (!parsed.ok || parsed.value.form !== mixed || parsed.value.items[0]?.from !== lowestKey) return undefined;
  const items = parsed.value.items.map((part) => ({ from: part.from, shelf: shelfNamed(part.isUpper) }));
  return { rest: shelfNamed(parsed.value.rest), items };
}

export function rowsOnShelf(shelving: Shelving, rows: readonly CellRow[]): readonly CellRow[] {
  if (isLower(shelving)) return rows;
  return rows.map(({ key: at, value }) => ({ key: keyOnShelf(shelving, at), value }));
}

export function rangesOnShelf(shelving: Shelving, ranges: readonly Range[]): readonly Range[] {
  return ranges.flatMap((range) => shelvedRanges(shelving, range).map(placed));
}

export function keyOnShelf(shelving: Shelving, at: Key): Key {
  if (isLower(shelving)) return at;
  const shelf = shelvedRanges(shelving, { from: at, to: keyAfter(at) })[0]!.shelf;
  return shelf === 'lower' ? at : upperPrefix + at;
}

/** Whether rows lie where the key of an item says, and not with all else. */
export function isShelvedByKey(at: Key): boolean {
  return at.startsWith(itemPrefix) || at.startsWith(elementPrefix);
}

/** The parts of a range of rows that lie together, in their order. */
export function shelvedRanges({ rest, items }: Shelving, range: Range): ShelvedRange[] {
  if (!isShelvedByKey(range.from)) return [{ ...range, shelf: rest }];
  if (items.length === 1) return [{ ...range, shelf: items[0]!.shelf }];
  const [prefix, place] = range.from.startsWith(itemPrefix) ? [itemPrefix, asItIs] : [elementPrefix, spelled];
  return items.flatMap(({ from, shelf }, i) => {
    const next = items[i + 1]?.from;
    const to = next === undefined ? prefixRange(prefix).to : prefix + place(next);
    const part = intersection(range, { from: prefix + place(from), to });
    return part === undefined ? [] : [{ ...part, shelf }];
  });
}

function asItIs(key: Key): Key {
  return key;
}

/** Where in the engine a part lies. */
export function placed({ from, to, shelf }: ShelvedRange): Range {
  if (shelf === 'lower') return { from, to };
  return { from: upperPrefix + from, to: to === undefined ? upperEnd : upperPrefix + to };
}

/** The key of a row as its cell calls it. */
export function takenDown(shelf: Shelf, at: Key): Key {
  return shelf === 'lower' ? at : at.slice(upperPrefix.length);
}

function shelfAt({ items }: Shelving, at: Key): Shelf {
  let { shelf } = items[0]!;
  for (const part of items) if (part.from <= at) shelf = part.shelf;
  return shelf;
}

function isLower({ rest, items }: Shelving): boolean {
  return rest === 'lower' && items.length === 1 && items[0]!.shelf === 'lower';
}

function flipped(shelf: Shelf): Shelf {
  return shelf === 'lower' ? 'upper' : 'lower';
}

function shelfNamed(isOnUpper: boolean): Shelf {
  return isOnUpper ? 'upper' : 'lower';
}
