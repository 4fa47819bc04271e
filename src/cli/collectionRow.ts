import type { Buffer } from 'node:buffer';
import type { CollectionKind } from '../command/index.ts';

/** Some of the elements of a collection: of a set its members alone, of a hash fields and values. */
export interface CollectionRow {
  readonly key: Buffer;
  readonly of: CollectionKind;
  /** How many of its elements come before these. */
  readonly at: number;
  readonly elements: readonly { readonly name: Buffer; readonly value: Buffer }[];
  readonly expiresAtMs: number | undefined;
}

type Words = (string | Buffer)[];

/** The commands that bring them back: done twice they come to the same. */
export function commandsOf({ key, of, at, elements, expiresAtMs }: CollectionRow): readonly Words[] {
  const commands = of === 'list' ? listCommands(key, at, elements) : [unordered(key, of, elements)];
  if (expiresAtMs !== undefined) commands.push(['PEXPIREAT', key, String(expiresAtMs)]);
  return commands;
}

/** What a list holds from there on goes first, so that it comes once however often it is brought. */
function listCommands(key: Buffer, at: number, elements: CollectionRow['elements']): Words[] {
  const cut: Words = at === 0 ? ['DEL', key] : ['LTRIM', key, '0', String(at - 1)];
  return [cut, ['RPUSH', key, ...elements.map(({ value }) => value)]];
}

function unordered(key: Buffer, of: CollectionKind, elements: CollectionRow['elements']): Words {
  const names = elements.map(({ name }) => name);
  const fields = elements.flatMap(({ name, value }) => [name, value]);
  return of === 'set' ? ['SADD', key, ...names] : ['HSET', key, ...fields];
}

interface Sized {
  readonly length: number;
}

/** The bytes of keys, names and values. */
export function bytesOfElements({
  key,
  elements,
}: {
  readonly key: Sized;
  readonly elements: readonly { readonly name: Sized; readonly value: Sized }[];
}): number {
  return elements.reduce((sum, { name, value }) => sum + name.length + value.length, key.length);
}
