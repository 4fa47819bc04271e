import { assert, type Key, prefixRange, type Range } from '../base/index.ts';

/** Cells share this prefix of rows, because their ranges are apart. */
export const elementPrefix: Key = 'p';
/** What stands between the spelled key of a collection and the name of an element. */
const end = '\0\0';
/** A zero in a key is spelled so, which is above the end: so the order of spelled keys is that of the keys. */
const spelledZero = '\0\xff';

/** What an element's row takes of the length that the keys of rows may have. */
export function elementKeyBytes(owner: Key, name: Key): number {
  return elementPrefix.length + rowOf(owner, name).length;
}

/** Where the elements of a range of keys lie, behind the prefix of their rows. */
export function spelledRange({ from, to }: Range): Range {
  return { from: spelled(from), to: to === undefined ? undefined : spelled(to) };
}

/** The rows of the elements of one key, behind their prefix, whose names come after one, or all of them. */
export function elementsOf(owner: Key, after: Key | undefined): Range {
  const before = rowOf(owner, '');
  const { to } = prefixRange(before);
  return { from: after === undefined ? before : `${before}${after}\0`, to };
}

/** The collection and the name that the key of a row says, without its prefix. */
export function namesIn(row: Key): { readonly owner: Key; readonly name: Key } {
  let at = row.indexOf('\0');
  while (row[at + 1] !== '\0') {
    assert(at >= 0 && row[at + 1] === '\xff', 'the key of an element is spelled wrong');
    at = row.indexOf('\0', at + 2);
  }
  return { owner: row.slice(0, at).replaceAll(spelledZero, '\0'), name: row.slice(at + end.length) };
}

/** The row of an element, behind its prefix. */
export function rowOf(owner: Key, name: Key): Key {
  return spelled(owner) + end + name;
}

/** A key as the rows of its elements begin. */
export function spelled(owner: Key): Key {
  return owner.includes('\0') ? owner.replaceAll('\0', spelledZero) : owner;
}
