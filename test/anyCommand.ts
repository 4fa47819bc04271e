import fc from 'fast-check';
import { bytesOfText } from '../src/base/index.ts';
import type { Command } from '../src/command/index.ts';
import { startMs } from './loggedState.ts';

const range = { kind: 'range', from: '', to: undefined, rowsMax: 100, bytesMax: 1e6, withValues: true } as const;
const keys = ['', 'a', 'ab', 'b', '\xff', '__proto__'];
const anyKey = fc.constantFrom(...keys);
const anyValue = fc.constantFrom('', '0', '7', '-3', 'text', '9007199254740993').map(bytesOfText);
const anyExpiry = fc.oneof(
  fc.constant({ kind: 'never' } as const),
  fc.constant({ kind: 'keep' } as const),
  fc.record({ kind: fc.constant('after' as const), afterMs: fc.integer({ min: -5, max: 40 }) }),
  fc.record({ kind: fc.constant('at' as const), atMs: fc.integer({ min: startMs - 5, max: startMs + 200 }) }),
);
const anyWhen = fc.constantFrom({ kind: 'always' } as const, { kind: 'absent' } as const, { kind: 'present' } as const);
const anyExpiryCondition = fc.constantFrom('always', 'absent', 'present', 'later', 'earlier', 'earlierIfPresent');
/** Commands on few keys with short expiries, so that they meet. */
export const anyCommand = fc.oneof(
  fc.record({
    kind: fc.constant('put'),
    key: anyKey,
    value: anyValue,
    when: anyWhen,
    expiry: anyExpiry,
    returnPrevious: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('delete'), keys: fc.array(anyKey, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('take'), key: anyKey }),
  fc.record({ kind: fc.constant('increment'), key: anyKey, by: fc.integer({ min: -9, max: 9 }) }),
  fc.record({ kind: fc.constant('append'), key: anyKey, value: anyValue }),
  fc.record({ kind: fc.constant('overwrite'), key: anyKey, offset: fc.nat(4), value: anyValue }),
  fc.record({ kind: fc.constant('setExpiry'), key: anyKey, expiry: anyExpiry, when: anyExpiryCondition }),
  fc.record({ kind: fc.constant('getAndExpire'), key: anyKey, expiry: anyExpiry }),
  fc.record({ kind: fc.constant('persist'), key: anyKey }),
  fc.record({ kind: fc.constant('rename'), key: anyKey, to: anyKey, whenAbsent: fc.boolean() }),
  fc.record({ kind: fc.constant('getMany'), keys: fc.array(anyKey, { maxLength: 4 }) }),
  fc.constant({ ...range, isDown: false }),
  fc.constant({ ...range, isDown: true, rowsMax: 3 }),
  fc.constant({ kind: 'clear' }),
) as fc.Arbitrary<Command>;
