import type { Buffer } from 'node:buffer';
import { type CollectionKind, scoreOf } from '../command/index.ts';
import { Exit } from './exit.ts';

/** Some of the elements of a collection: of a set its members alone, of a sorted set with their scores, of a hash fields and values. */
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
  if (of === 'set') return ['SADD', key, ...names];
  if (of === 'hash') return ['HSET', key, ...fields];
  return ['ZADD', key, ...elements.flatMap(({ name, value }) => [textOfScore(value), name])];
}

/** The score that the value of a member is, as Redis reads it. */
export function textOfScore(value: Buffer): string {
  const score = scoreOf(value);
  if (score === undefined) throw new Exit(1, 'a member of a sorted set has no score');
  return Number.isFinite(score) ? String(score) : score > 0 ? 'inf' : '-inf';
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
