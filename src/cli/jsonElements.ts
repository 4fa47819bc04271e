import { failure, type Result, success } from '../base/index.ts';
import type { CollectionRow } from './collectionRow.ts';

/** Under which names a line says elements: as texts, or in base64 where any of them is no text in UTF-8. */
export const elementFields = ['set', 'set64', 'hash', 'hash64'] as const;
type Field = (typeof elementFields)[number];
type Found = Pick<CollectionRow, 'of' | 'at' | 'elements'>;

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The members of a set as a list; the fields of a hash as a list of pairs. */
export function spelledElements({ of, elements }: CollectionRow): object {
  const isText = elements.every(({ name, value }) => isUtf8(name) && isUtf8(value));
  const spell = (bytes: Buffer): string => bytes.toString(isText ? 'utf8' : 'base64');
  const listed = elements.map(({ name, value }) => (of === 'set' ? spell(name) : [spell(name), spell(value)]));
  return { [isText ? of : `${of}64`]: listed };
}

export function parseElements(field: Field, named: Readonly<Record<string, unknown>>): Result<Found, string> {
  const others = [...elementFields, 'value', 'value64'].filter((name) => name !== field && named[name] !== undefined);
  if (others.length > 0) return failure(`it has both ${field} and ${others[0]}`);
  const of = field.startsWith('set') ? 'set' : 'hash';
  const listed = named[field];
  const encoding = field.endsWith('64') ? 'base64' : 'utf8';
  const elements = Array.isArray(listed) ? listed.map((one) => elementOf(one, of, encoding)) : [undefined];
  if (elements.includes(undefined)) {
    const form = of === 'set' ? 'texts' : 'pairs of texts';
    return failure(`${field} must be a list of ${form}${encoding === 'base64' ? ' in base64' : ''}`);
  }
  if (elements.length === 0) return failure(`${field} is empty: such a key does not exist`);
  return success({ of, at: 0, elements: elements as Found['elements'] });
}

function elementOf(
  one: unknown,
  of: 'set' | 'hash',
  encoding: 'base64' | 'utf8',
): Found['elements'][number] | undefined {
  const texts = of === 'set' ? [one, ''] : Array.isArray(one) ? one : [];
  const isRight = (text: unknown): boolean => typeof text === 'string' && (encoding === 'utf8' || base64.test(text));
  if (texts.length !== 2 || !texts.every(isRight)) return undefined;
  return { name: Buffer.from(texts[0], encoding), value: Buffer.from(texts[1], encoding) };
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8')).equals(bytes);
}
