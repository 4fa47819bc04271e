import fc from 'fast-check';
import type { Command, Selection, Span } from '../src/command/index.ts';
import { collectionKeys } from './anyCollectionCommand.ts';

/** Names that sort in several ways beside scores that do, too. */
export const anyMember = fc.constantFrom('', '\0', 'm', 'mm', 'n', '\xff');
export const anyScore = fc.constantFrom(-Infinity, -3.5, -1e-300, -0, 0, 1, 2, 2.5, 1e300, Infinity);
const anyPlace = fc.integer({ min: -4, max: 4 });

export const anySpan: fc.Arbitrary<Span> = fc.oneof(
  fc.record({ kind: fc.constant('places' as const), first: anyPlace, last: anyPlace }),
  fc.record({
    kind: fc.constant('scores' as const),
    from: anyScore,
    withoutFrom: fc.boolean(),
    to: anyScore,
    withoutTo: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('names' as const),
    from: fc.option(anyMember, { nil: undefined }),
    withoutFrom: fc.boolean(),
    to: fc.option(anyMember, { nil: undefined }),
    withoutTo: fc.boolean(),
  }),
);

export const anySelection: fc.Arbitrary<Selection> = fc.record({
  span: anySpan,
  isDown: fc.boolean(),
  skip: fc.constantFrom(0, 0, 1, 2),
  countMax: fc.constantFrom(undefined, undefined, 0, 1, 2),
});

const anyScoring = fc
  .record({
    kind: fc.constant('score' as const),
    members: fc.array(fc.record({ name: anyMember, score: anyScore }), { minLength: 1, maxLength: 4 }),
    when: fc.constantFrom('always' as const, 'always' as const, 'absent' as const, 'present' as const),
    than: fc.constantFrom('any' as const, 'any' as const, 'greater' as const, 'less' as const),
    increments: fc.boolean(),
    countsChanged: fc.boolean(),
  })
  .map((does) => (does.increments ? { ...does, members: does.members.slice(0, 1) } : does));

export const anySortedEdit = fc.oneof(
  { weight: 5, arbitrary: anyScoring },
  fc.record({ kind: fc.constant('remove' as const), names: fc.array(anyMember, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('removeIn' as const), span: anySpan }),
  fc.record({ kind: fc.constant('pop' as const), count: fc.nat(2), atEnd: fc.boolean() }),
);

export const anySortedLook = fc.oneof(
  fc.constant({ kind: 'size' as const }),
  fc.constant({ kind: 'elements' as const }),
  fc.record({ kind: fc.constant('values' as const), names: fc.array(anyMember, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('selected' as const), selection: anySelection }),
  fc.record({ kind: fc.constant('countIn' as const), span: anySpan }),
  fc.record({ kind: fc.constant('rank' as const), name: anyMember, isDown: fc.boolean() }),
);

const anyKey = fc.constantFrom(...collectionKeys);
/** What is exact in whichever order it is added. */
const anyWeight = fc.constantFrom(0, 1, 2, -1);
const combination = {
  keys: fc.array(anyKey, { minLength: 1, maxLength: 3 }),
  weights: fc.array(anyWeight, { minLength: 3, maxLength: 3 }),
  how: fc.constantFrom('union' as const, 'intersection' as const, 'difference' as const),
  aggregate: fc.constantFrom('least' as const, 'greatest' as const),
};
const of = fc.constant('sortedSet' as const);

/** Commands about few sorted sets, so that they meet. Sums are left out: they depend on the order of what is added. */
export const anySortedCommand = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('edit'), key: anyKey, of, does: anySortedEdit }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look'), key: anyKey, of, at: anySortedLook }) },
  fc.record({ kind: fc.constant('combineScores'), ...combination }),
  fc.record({ kind: fc.constant('combineScoresInto'), ...combination, to: anyKey }),
  fc.record({ kind: fc.constant('keepSelected'), key: anyKey, selection: anySelection, to: anyKey }),
  fc.record({ kind: fc.constant('copy'), key: anyKey, to: anyKey, replaces: fc.boolean() }),
) as fc.Arbitrary<Command>;
