import { failure, type Result, success } from '../base/index.ts';
import { bytesOfScore, type CollectionKind } from '../command/index.ts';
import { type CollectionRow, textOfScore } from './collectionRow.ts';

const kinds = ['set', 'hash', 'list', 'sortedSet'] as const;
/** Under which names a line says elements: as texts, or in base64 where any of them is no text in UTF-8. */
export const elementFields = ['set', 'set64', 'hash', 'hash64', 'list', 'list64', 'sortedSet', 'sortedSet64'] as const;
type Field = (typeof elementFields)[number];
type One = CollectionRow['elements'][number];
type Found = Pick<CollectionRow, 'of' | 'at' | 'elements'>;

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;
const infinite = /^-?inf$/;

/**
 * The members of a set and the elements of a list as a list, of the latter with its place; the fields of a hash and the members of a
 * sorted set, whose scores are texts, as a list of pairs.
 */
export function spelledElements({ of, at, elements }: CollectionRow): object {
  const isText = elements.every(({ name, value }) => isUtf8(name) && (of === 'sortedSet' || isUtf8(value)));
  const spell = (bytes: Buffer): string => bytes.toString(isText ? 'utf8' : 'base64');
  const spellOne = ({ name, value }: One): unknown => {
    if (of === 'sortedSet') return [spell(name), textOfScore(value)];
    return of === 'hash' ? [spell(name), spell(value)] : spell(of === 'set' ? name : value);
  };
  return { [isText ? of : `${of}64`]: elements.map(spellOne), ...(of === 'list' && at > 0 ? { at } : {}) };
}

export function parseElements(field: Field, named: Readonly<Record<string, unknown>>): Result<Found, string> {
  const others = [...elementFields, 'value', 'value64'].filter((name) => name !== field && named[name] !== undefined);
  if (others.length > 0) return failure(`it has both ${field} and ${others[0]}`);
  const of = kinds.find((kind) => field === kind || field === `${kind}64`) ?? 'set';
  const at = named['at'] ?? 0;
  if (!Number.isSafeInteger(at) || Number(at) < 0 || (of !== 'list' && at !== 0)) {
    return failure('at is the place of the first element of a list: a whole number');
  }
  const listed = named[field];
  const encoding = field.endsWith('64') ? 'base64' : 'utf8';
  const elements = Array.isArray(listed) ? listed.map((one) => elementOf(one, of, encoding)) : [undefined];
  if (elements.includes(undefined)) {
    return failure(`${field} must be a list of ${forms[of]}${encoding === 'base64' ? ' in base64' : ''}`);
  }
  if (elements.length === 0) return failure(`${field} is empty: such a key does not exist`);
  return success({ of, at: Number(at), elements: elements as Found['elements'] });
}

const forms: Readonly<Record<CollectionKind, string>> = {
  set: 'texts',
  list: 'texts',
  hash: 'pairs of texts',
  sortedSet: 'pairs of a text and a score, which is a text too,',
};

function elementOf(one: unknown, of: CollectionKind, encoding: 'base64' | 'utf8'): One | undefined {
  const texts: unknown[] = of === 'set' ? [one, ''] : of === 'list' ? ['', one] : Array.isArray(one) ? one : [];
  const isRight = (text: unknown): text is string =>
    typeof text === 'string' && (encoding === 'utf8' || base64.test(text));
  const [name, value] = texts;
  if (texts.length !== 2 || !isRight(name)) return undefined;
  const bytes = of === 'sortedSet' ? scoreBytes(value) : isRight(value) ? Buffer.from(value, encoding) : undefined;
  return bytes === undefined ? undefined : { name: Buffer.from(name, encoding), value: bytes };
}

function scoreBytes(text: unknown): Buffer | undefined {
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  const score = infinite.test(text) ? Number(text.replace('inf', 'Infinity')) : Number(text);
  return Number.isNaN(score) ? undefined : Buffer.from(bytesOfScore(score));
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8')).equals(bytes);
}
