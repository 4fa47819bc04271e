import { expect, test } from 'vitest';
import { keyOfBytes } from '../base/index.ts';
import type { Contact } from './contact.ts';
import { Pointers } from './pointers.ts';

const at = (place: number): Contact => ({ id: keyOfBytes(Uint8Array.of(place)), address: `p${place}:7000` });

function pointing(): Pointers {
  const pointers = new Pointers(at(100), 2);
  pointers.learn(0, at(120), at(110));
  return pointers;
}

test('who is pointed to holds what it said that it holds', () => {
  const pointers = pointing();
  pointers.learnBefore('p120:7000', at(115).id);
  expect(pointers.holderOf(at(118).id)).toEqual(at(120));
  expect(pointers.holderOf(at(112).id)).toBeUndefined();
});

test('who says that it holds the place of this peer too speaks of a ring without it, and is not believed', () => {
  const pointers = pointing();
  pointers.learnBefore('p120:7000', at(115).id);
  pointers.learnBefore('p120:7000', at(130).id);
  expect(pointers.holderOf(at(200).id)).toBeUndefined();
  expect(pointers.holderOf(at(118).id)).toBeUndefined();
  pointers.learnBefore('p120:7000', at(100).id);
  expect(pointers.holderOf(at(101).id)).toEqual(at(120));
});

test('what a pointer once said is forgotten when it turns out to be old', () => {
  const pointers = pointing();
  pointers.learnBefore('p120:7000', at(115).id);
  pointers.doubt('p120:7000');
  expect(pointers.holderOf(at(118).id)).toBeUndefined();
});
