import { type Bytes, encode, type Infer, must, parse, record, varint, word } from '../base/index.ts';

/** What a key can hold. Their order is their code on disks: add at the end only. */
export const valueKinds = ['plain', 'set', 'hash', 'list', 'sortedSet'] as const;
export const valueKind = word(valueKinds);
export type ValueKind = Infer<typeof valueKind>;
export type CollectionKind = Exclude<ValueKind, 'plain'>;
export const collectionKind = word(['set', 'hash', 'list', 'sortedSet']);

/** What the row of a key says of a collection: how many elements, the bytes of their rows, where a list begins. */
const collectionHead = record({ count: varint, bytes: varint, first: varint });
export type CollectionHead = Infer<typeof collectionHead>;

export function headOf(value: Bytes): CollectionHead {
  const parsed = parse(collectionHead, value);
  return must(parsed.ok ? parsed.value : undefined, 'the head of a collection cannot be read');
}

export function bytesOfHead(head: CollectionHead): Bytes {
  return encode(collectionHead, head);
}
