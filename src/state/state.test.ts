import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyCollectionCommand } from '../../test/anyCollectionCommand.ts';
import { anyCommand } from '../../test/anyCommand.ts';
import { anyListCommand } from '../../test/anyListCommand.ts';
import { anySortedCommand } from '../../test/anySortedCommand.ts';
import { LoggedState, session, startMs } from '../../test/loggedState.ts';
import { bytesOfText, everything, textOfBytes } from '../base/index.ts';
import type { Answer, Command } from '../command/index.ts';
import { valueBytesMax } from './limits.ts';
import { makeState } from './state.ts';

function put(key: string, value: string, afterMs?: number): Command {
  const expiry = afterMs === undefined ? ({ kind: 'never' } as const) : ({ kind: 'after', afterMs } as const);
  return { kind: 'put', key, value: bytesOfText(value), when: { kind: 'always' }, expiry, returnPrevious: false };
}

function valueIn(answer: Answer | string): string | undefined {
  return typeof answer === 'object' && answer.kind === 'value' ? textOfBytes(answer.value) : undefined;
}

function versionOf(answer: Answer | string): number {
  if (typeof answer === 'string' || answer.kind !== 'value') throw new Error('there is no value');
  return answer.version;
}

const range = { kind: 'range', from: '', to: undefined, rowsMax: 100, bytesMax: 1e6, withValues: true } as const;

describe('the state of a cell', () => {
  test('a key expires by log time alone, and a read ahead of it needs time', () => {
    const cell = new LoggedState();
    cell.run(put('k', 'v', 100));
    expect(valueIn(cell.read({ kind: 'get', key: 'k' }, startMs + 99))).toBe('v');
    expect(cell.read({ kind: 'get', key: 'k' }, startMs + 100)).toBe('needs time');
    expect(cell.state.nextExpiryMs()).toBe(startMs + 100);
    cell.timeMs = startMs + 100;
    cell.apply([]);
    expect(cell.read({ kind: 'get', key: 'k' }, startMs + 100)).toEqual({ kind: 'missing' });
    expect(cell.state.size).toEqual({ keys: 0, bytes: 0 });
    expect(cell.state.nextExpiryMs()).toBeUndefined();
  });

  test('many keys with expiries are removed in time that grows with their number alone', () => {
    const cell = new LoggedState();
    const count = 5_000;
    for (let i = 0; i < count; i++)
      cell.apply([{ sequence: cell.sequence++, command: put(`k${i}`, 'v', 1000 + i) }], i);
    cell.checkpoint();
    for (let i = 0; i < count; i++) cell.apply([{ sequence: cell.sequence++, command: put('same', 'v', 1e9 + i) }], i);
    for (cell.timeMs += 1000; cell.state.size.keys > 1; cell.timeMs += 50) cell.apply([]);
    expect(cell.state.nextExpiryMs()).toBeGreaterThan(cell.timeMs);
  });

  test('log time never goes back', () => {
    const cell = new LoggedState();
    cell.timeMs = startMs - 5000;
    cell.apply([]);
    expect(cell.state.timeMs).toBe(startMs);
  });

  test('an operation is executed once, however often it comes', () => {
    const cell = new LoggedState();
    const once = { sequence: 7, command: { kind: 'increment', key: 'n', by: 1 } as const };
    const first = cell.apply([once]);
    expect(cell.apply([once, { ...once, sequence: 6 }])[0]).toEqual(first[0]);
    expect(valueIn(cell.read({ kind: 'get', key: 'n' }))).toBe('2');
  });

  test('what comes before the operation that it must follow waits, and comes again', () => {
    const cell = new LoggedState();
    expect(cell.apply([{ sequence: 6, after: 5, command: put('k', 'second') }])).toEqual([{ kind: 'early' }]);
    cell.apply([
      { sequence: 5, command: put('k', 'first') },
      { sequence: 6, after: 5, command: put('k', 'second') },
    ]);
    expect(valueIn(cell.read({ kind: 'get', key: 'k' }))).toBe('second');
  });

  test('what was acknowledged is forgotten and not executed again', () => {
    const cell = new LoggedState();
    cell.apply([{ sequence: 5, command: put('k', 'old') }]);
    cell.apply([{ sequence: 6, command: put('k', 'new') }], 6);
    expect(cell.apply([{ sequence: 5, command: put('k', 'old') }])).toEqual([{ kind: 'forgotten' }]);
    expect(valueIn(cell.read({ kind: 'get', key: 'k' }))).toBe('new');
  });

  test('an unknown session executes nothing, and an opening that is late is refused', () => {
    const cell = new LoggedState();
    expect(cell.apply([{ sequence: 1, command: put('k', 'v') }], 0, 'nobody')).toEqual([{ kind: 'unknownSession' }]);
    const late: Command = { kind: 'openSession', openedMs: startMs - 61_000 };
    expect(cell.apply([{ sequence: 1, command: late }], 0, 'nobody')).toMatchObject([
      { answer: { kind: 'error', problem: 'sessionRefused' } },
    ]);
    expect(cell.read({ kind: 'count' })).toEqual({ kind: 'integer', value: 0 });
  });

  test('an operation that was resolved before it came never comes to be', () => {
    const cell = new LoggedState();
    const resolve: Command = { kind: 'resolve', session, sequence: 50 };
    expect(cell.run(resolve)).toEqual({ kind: 'outcome', state: 'never', answer: undefined });
    expect(cell.apply([{ sequence: 50, command: put('k', 'v') }])).toEqual([{ kind: 'barred' }]);
    expect(cell.run(resolve)).toMatchObject({ state: 'never' });
    cell.apply([{ sequence: 51, command: { kind: 'increment', key: 'n', by: 4 } }]);
    expect(cell.run({ ...resolve, sequence: 51 })).toMatchObject({ state: 'executed', answer: { value: 4 } });
    expect(cell.run({ ...resolve, session: 'nobody' })).toMatchObject({ state: 'unknownSession' });
  });

  test('a transaction happens as a whole, or not at all where a version or a range changed', () => {
    const cell = new LoggedState();
    cell.run(put('a', '1'));
    const version = versionOf(cell.read({ kind: 'get', key: 'a' }));
    const transaction: Command & { kind: 'transaction' } = {
      kind: 'transaction',
      checks: [{ key: 'a', version }],
      ranges: [{ from: 'a', to: undefined, count: 1, newestVersion: version }],
      commands: [put('a', '2') as never, { kind: 'get', key: 'a' }],
    };
    cell.run(put('b', 'a phantom'));
    expect(cell.run(transaction)).toEqual({ kind: 'conflict' });
    cell.run({ kind: 'delete', keys: ['b'] });
    expect(cell.run(transaction)).toMatchObject({ kind: 'executed', answers: [{ kind: 'ok' }, { kind: 'value' }] });
    expect(cell.run(transaction)).toEqual({ kind: 'conflict' });
    expect(valueIn(cell.read({ kind: 'get', key: 'a' }))).toBe('2');
  });

  test('a damaged row is seen, and nothing is answered from it', () => {
    const cell = new LoggedState();
    cell.run(put('k', 'v'));
    cell.checkpoint();
    cell.state.load(everything);
    cell.storage.damaged.add('dk');
    expect(cell.read({ kind: 'get', key: 'k' })).toBe('damaged');
    expect(cell.state.isDamaged).toBe(true);
    expect(cell.apply([{ sequence: 90, command: put('k', 'w') }])).toEqual([]);
  });

  test('what is too large is refused with the limit', () => {
    const cell = new LoggedState();
    const large = { kind: 'overwrite', key: 'k', offset: valueBytesMax, value: bytesOfText('x') } as const;
    expect(cell.run(large)).toMatchObject({ kind: 'error', problem: 'valueTooLarge' });
    expect(cell.run(put('k'.repeat(1025), 'v'))).toMatchObject({ kind: 'error', problem: 'tooLarge' });
    expect(cell.run({ kind: 'increment', key: 'n', by: 2n ** 63n - 1n })).toEqual({
      kind: 'integer',
      value: 2n ** 63n - 1n,
    });
    expect(cell.run({ kind: 'increment', key: 'n', by: 1 })).toMatchObject({ kind: 'error', problem: 'overflow' });
    expect(cell.read({ kind: 'get', key: 'n' })).toMatchObject({ value: bytesOfText('9223372036854775807') });
  });

  test('ranges merge memory and engine both ways, a page at a time', () => {
    const cell = new LoggedState();
    for (const key of ['a', 'c', 'e', 'g']) cell.run(put(key, key));
    cell.checkpoint();
    for (const key of ['b', 'e', 'h']) cell.run(put(key, `${key}2`));
    cell.freeze();
    cell.run({ kind: 'delete', keys: ['c', 'h'] });
    const texts = (isDown: boolean, rowsMax: number) => {
      const answer = cell.read({ ...range, isDown, rowsMax });
      if (typeof answer === 'string' || answer.kind !== 'rows') throw new Error('no rows');
      return [...answer.rows.map(({ value }) => textOfBytes(value)), answer.more];
    };
    expect(texts(false, 9)).toEqual(['a', 'b2', 'e2', 'g', false]);
    expect(texts(true, 9)).toEqual(['g', 'e2', 'b2', 'a', false]);
    expect(texts(false, 2)).toEqual(['a', 'b2', true]);
    cell.run({ kind: 'clear' });
    expect(texts(false, 9)).toEqual([false]);
  });
});

const anyStep = fc.record({
  passMs: fc.nat(20),
  commands: fc.array(fc.oneof(anyCommand, anyCollectionCommand, anyListCommand, anySortedCommand), { maxLength: 4 }),
  next: fc.constantFrom('nothing', 'freeze', 'settle', 'reload'),
});

test('checkpoints, reloads and their moments change no result and no row', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 25 }), (steps) => {
      const plain = new LoggedState();
      const disturbed = new LoggedState();
      let isFrozen = false;
      for (const { passMs, commands, next } of steps) {
        const results = [plain, disturbed].map((cell) => {
          cell.timeMs += passMs;
          return cell.apply(commands.map((asked) => ({ sequence: cell.sequence++, command: asked })));
        });
        expect(results[1]).toEqual(results[0]);
        if (next !== 'nothing' && next !== 'freeze' && isFrozen) {
          disturbed.storage.settle();
          disturbed.state.committed();
          isFrozen = false;
        }
        if (next === 'freeze' && !isFrozen) {
          disturbed.freeze();
          isFrozen = true;
        }
        if (next === 'reload') {
          disturbed.checkpoint();
          disturbed.state = makeState({ storage: disturbed.storage, cell: '1', range: everything });
        }
        expect(disturbed.state.size).toEqual(plain.state.size);
        expect(disturbed.state.nextExpiryMs()).toEqual(plain.state.nextExpiryMs());
      }
      if (isFrozen) {
        disturbed.storage.settle();
        disturbed.state.committed();
      }
      plain.checkpoint();
      disturbed.checkpoint();
      expect([...disturbed.storage.rows.entries()]).toEqual([...plain.storage.rows.entries()]);
    }),
    { numRuns: 300 },
  );
});
