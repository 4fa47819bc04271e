import fc from 'fast-check';
import { bytesOfText, emptyBytes } from '../src/base/index.ts';
import type { Answer, Command } from '../src/command/index.ts';
import type { LoggedState } from './loggedState.ts';

/** Among them those whose elements lie beside each other, and one that is spelled in another way. */
export const collectionKeys = ['', 'a', 'a\0', 'ab', 'b', '\xff'];
const anyKey = fc.constantFrom(...collectionKeys);
const anyName = fc.constantFrom('', '\0', '\0\0', 'm', 'mm', '7', '\xff');
const anyNames = fc.array(anyName, { maxLength: 3 });
const anyKind = fc.constantFrom('set' as const, 'set' as const, 'hash' as const);
const anyValue = fc.constantFrom('', '7', 'text').map(bytesOfText);
const anyHow = fc.constantFrom('union' as const, 'intersection' as const, 'difference' as const);
const anySeed = fc.nat(3);
const anyElement = fc.record({ name: anyName, value: anyValue });

const anyAdd = fc.record({
  kind: fc.constant('add' as const),
  elements: fc.array(anyElement, { minLength: 1, maxLength: 4 }),
  whenAbsent: fc.boolean(),
});
const anyEdit = fc.oneof(
  { weight: 4, arbitrary: anyAdd },
  fc.record({ kind: fc.constant('remove' as const), names: anyNames }),
  fc.record({ kind: fc.constant('takeRandom' as const), count: fc.nat(3), seed: anySeed }),
  fc.record({ kind: fc.constant('increment' as const), name: anyName, by: fc.integer({ min: -9, max: 9 }) }),
);
const anyLook = fc.oneof(
  fc.constant({ kind: 'size' as const }),
  fc.constant({ kind: 'elements' as const }),
  fc.record({ kind: fc.constant('holds' as const), names: anyNames }),
  fc.record({ kind: fc.constant('values' as const), names: anyNames }),
  fc.record({
    kind: fc.constant('random' as const),
    count: fc.nat(9),
    repeats: fc.boolean(),
    seed: anySeed,
  }),
);

/** The members of sets have no values, and no integers. */
function fitting(asked: Command): Command {
  if (asked.kind !== 'edit' || asked.of !== 'set') return asked;
  if (asked.does.kind === 'increment') return { ...asked, does: { kind: 'remove', names: [asked.does.name] } };
  if (asked.does.kind !== 'add') return asked;
  const elements = asked.does.elements.map(({ name }) => ({ name, value: emptyBytes }));
  return { ...asked, does: { ...asked.does, elements } };
}

/** Commands about few collections, and others on their keys, so that they meet. */
export const anyCollectionCommand = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({ kind: fc.constant('edit'), key: anyKey, of: anyKind, does: anyEdit })
      .map((asked) => fitting(asked as Command)),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look'), key: anyKey, of: anyKind, at: anyLook }) },
  fc.record({ kind: fc.constant('typeOf'), key: anyKey }),
  fc.record({ kind: fc.constant('combine'), keys: fc.array(anyKey, { minLength: 1, maxLength: 3 }), how: anyHow }),
  fc.record({
    kind: fc.constant('combineInto'),
    keys: fc.array(anyKey, { minLength: 1, maxLength: 3 }),
    how: anyHow,
    to: anyKey,
  }),
  fc.record({ kind: fc.constant('moveMember'), key: anyKey, to: anyKey, member: anyName }),
  fc.record({ kind: fc.constant('copy'), key: anyKey, to: anyKey, replaces: fc.boolean() }),
) as fc.Arbitrary<Command>;

/** What the collections of a state hold, but for versions. */
export function collectionsIn(cell: LoggedState, keys: readonly string[] = collectionKeys): unknown[] {
  return keys.flatMap((key) => {
    const answer = cell.read({ kind: 'contents', key }, 0);
    if (typeof answer === 'string') throw new Error(answer);
    return answer.kind === 'contents' ? [[key, answer.of, answer.expiresAtMs, spelled(answer)]] : [];
  });
}

/** The elements of an answer as texts, in their order. */
export function spelled(answer: Answer): string[] {
  const found = answer.kind === 'contents' ? answer.rows : answer.kind === 'elements' ? answer.elements : [];
  return found.map(({ name, value }) => `${name}=${value.join()}`);
}
