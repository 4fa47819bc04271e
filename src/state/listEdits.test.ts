import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyListEdit } from '../../test/anyListCommand.ts';
import { LoggedState } from '../../test/loggedState.ts';
import { textOfBytes } from '../base/index.ts';
import type { Answer, Edit } from '../command/index.ts';

/** A list as an array: changes it, and tells what the answer should be. */
function changed(values: string[], does: Edit): string {
  switch (does.kind) {
    case 'push':
      if (values.length === 0 && does.whenPresent) return '0';
      for (const value of does.values.map(textOfBytes)) does.atEnd ? values.push(value) : values.unshift(value);
      return String(values.length);
    case 'pop': {
      const most = Math.min(does.count, values.length);
      const taken = does.atEnd ? values.splice(values.length - most).reverse() : values.splice(0, most);
      return taken.join();
    }
    case 'assign': {
      const at = does.index < 0 ? values.length + does.index : does.index;
      if (values.length === 0) return 'missing';
      if (values[at] === undefined) return 'notDone';
      values[at] = textOfBytes(does.value);
      return 'ok';
    }
    case 'trim': {
      const [first, last] = [does.first, does.last].map((at) => (at < 0 ? values.length + at : at)) as [number, number];
      const kept = last < 0 ? [] : values.slice(Math.max(0, first), last + 1);
      values.splice(0, values.length, ...kept);
      return 'ok';
    }
    case 'removeValues': {
      const order = [...values.keys()];
      if (does.count < 0) order.reverse();
      const all = order.filter((at) => values[at] === textOfBytes(does.value));
      const gone = does.count === 0 ? all : all.slice(0, Math.abs(does.count));
      const kept = values.filter((_, at) => !gone.includes(at));
      values.splice(0, values.length, ...kept);
      return String(gone.length);
    }
    case 'insert': {
      const at = values.indexOf(textOfBytes(does.pivot));
      if (values.length === 0) return '0';
      if (at < 0) return '-1';
      values.splice(does.before ? at : at + 1, 0, textOfBytes(does.value));
      return String(values.length);
    }
    default:
      throw new Error(`${does.kind} is not about lists`);
  }
}

function told(answer: Answer | string): string {
  if (typeof answer === 'string') return answer;
  if (answer.kind === 'elements') return answer.elements.map(({ value }) => textOfBytes(value)).join();
  return answer.kind === 'integer' ? String(answer.value) : answer.kind;
}

test('every change of a list does what it would do to an array, whatever is in memory or on the disk', () => {
  const anyStep = fc.record({ does: anyListEdit, isSaved: fc.boolean() });
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      const state = new LoggedState();
      const values: string[] = [];
      for (const { does, isSaved } of steps) {
        const expected = changed(values, does);
        expect(told(state.run({ kind: 'edit', key: 'list', of: 'list', does }))).toBe(expected);
        const all = { kind: 'slice', first: 0, last: -1 } as const;
        expect(told(state.read({ kind: 'look', key: 'list', of: 'list', at: all }))).toBe(values.join());
        expect(state.state.size.keys).toBe(values.length === 0 ? 0 : 1);
        if (isSaved) state.checkpoint();
      }
      state.run({ kind: 'rename', key: 'list', to: 'other', whenAbsent: false });
      state.run({ kind: 'delete', keys: ['other'] });
      state.checkpoint();
      expect([...state.storage.rows.entries('p', 'q')]).toEqual([]);
      expect(state.state.size).toEqual({ keys: 0, bytes: 0 });
    }),
    { numRuns: 300 },
  );
});
