import { failure, type Result, success } from '../base/index.ts';
import type { CollectionRow } from './collectionRow.ts';

/** Under which names a line says elements: as texts, or in base64 where any of them is no text in UTF-8. */
export const elementFields = ['set', 'set64', 'hash', 'hash64', 'list', 'list64'] as const;
type Field = (typeof elementFields)[number];
type One = CollectionRow['elements'][number];
type Found = Pick<CollectionRow, 'of' | 'at' | 'elements'>;

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The members of a set and the elements of a list as a list, of the latter with its place; the fields of a hash as a list of pairs. */
export function spelledElements({ of, at, elements }: CollectionRow): object {
  const isText = elements.every(({ name, value }) => isUtf8(name) && isUtf8(value));
  const spell = (bytes: Buffer): string => bytes.toString(isText ? 'utf8' : 'base64');
  const spellOne = ({ name, value }: One): unknown =>
    of === 'hash' ? [spell(name), spell(value)] : spell(of === 'set' ? name : value);
  return { [isText ? of : `${of}64`]: elements.map(spellOne), ...(of === 'list' && at > 0 ? { at } : {}) };
}

export function parseElements(field: Field, named: Readonly<Record<string, unknown>>): Result<Found, string> {
  const others = [...elementFields, 'value', 'value64'].filter((name) => name !== field && named[name] !== undefined);
  if (others.length > 0) return failure(`it has both ${field} and ${others[0]}`);
  const of = field.startsWith('set') ? 'set' : field.startsWith('list') ? 'list' : 'hash';
  const at = named['at'] ?? 0;
  if (!Number.isSafeInteger(at) || Number(at) < 0 || (of !== 'list' && at !== 0)) {
    return failure('at is the place of the first element of a list: a whole number');
  }
  const listed = named[field];
  const encoding = field.endsWith('64') ? 'base64' : 'utf8';
  const elements = Array.isArray(listed) ? listed.map((one) => elementOf(one, of, encoding)) : [undefined];
  if (elements.includes(undefined)) {
    const form = of === 'hash' ? 'pairs of texts' : 'texts';
    return failure(`${field} must be a list of ${form}${encoding === 'base64' ? ' in base64' : ''}`);
  }
  if (elements.length === 0) return failure(`${field} is empty: such a key does not exist`);
  return success({ of, at: Number(at), elements: elements as Found['elements'] });
}

function elementOf(
  one: unknown,
  of: 'set' | 'hash' | 'list',
  encoding: 'base64' | 'utf8',
): Found['elements'][number] | undefined {
  const texts = of === 'set' ? [one, ''] : of === 'list' ? ['', one] : Array.isArray(one) ? one : [];
  const isRight = (text: unknown): boolean => typeof text === 'string' && (encoding === 'utf8' || base64.test(text));
  if (texts.length !== 2 || !texts.every(isRight)) return undefined;
  return { name: Buffer.from(texts[0], encoding), value: Buffer.from(texts[1], encoding) };
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8')).equals(bytes);
}
