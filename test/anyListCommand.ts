import fc from 'fast-check';
import { bytesOfText } from '../src/base/index.ts';
import type { Command } from '../src/command/index.ts';
import { collectionKeys } from './anyCollectionCommand.ts';

const anyValue = fc.constantFrom('a', 'b', 'c', '').map(bytesOfText);
const anyPlace = fc.integer({ min: -5, max: 5 });

/** Changes of lists that are short, so that places are often right, and often wrong. */
export const anyListEdit = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('push' as const),
      values: fc.array(anyValue, { minLength: 1, maxLength: 3 }),
      atEnd: fc.boolean(),
      whenPresent: fc.boolean(),
    }),
  },
  fc.record({ kind: fc.constant('pop' as const), count: fc.nat(2), atEnd: fc.boolean() }),
  fc.record({ kind: fc.constant('assign' as const), index: anyPlace, value: anyValue }),
  fc.record({ kind: fc.constant('trim' as const), first: anyPlace, last: anyPlace }),
  fc.record({ kind: fc.constant('removeValues' as const), count: fc.integer({ min: -2, max: 2 }), value: anyValue }),
  fc.record({ kind: fc.constant('insert' as const), pivot: anyValue, value: anyValue, before: fc.boolean() }),
);

const anyKey = fc.constantFrom(...collectionKeys);
export const anyListCommand = fc.oneof(
  fc.record({ kind: fc.constant('edit'), key: anyKey, of: fc.constant('list'), does: anyListEdit }),
  fc.record({
    kind: fc.constant('moveElement'),
    key: anyKey,
    to: anyKey,
    fromEnd: fc.boolean(),
    toEnd: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('popFirst'),
    keys: fc.array(anyKey, { minLength: 1, maxLength: 3 }),
    of: fc.constantFrom('list', 'sortedSet'),
    count: fc.integer({ min: 1, max: 2 }),
    atEnd: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('copy'), key: anyKey, to: anyKey, replaces: fc.boolean() }),
) as fc.Arbitrary<Command>;
