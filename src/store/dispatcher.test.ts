import { assert, expect, test } from 'vitest';
import { keyAfter, lowestKey } from '../base/index.ts';
import type { Command } from '../command/index.ts';
import { Dispatcher } from './dispatcher.ts';
import { type Heading, Lanes } from './lanes.ts';
import { type Pending, pendingOf } from './pending.ts';
import { Routes } from './routes.ts';

const nobody = { members: [], degrees: [], learners: [], leader: '', leaderAddress: '', isFull: false };

/** Calls of the order 7, named by their keys, and where each goes: to the cell of its first letter. */
class Line {
  readonly lanes = new Lanes();
  readonly gone: string[] = [];
  readonly unknown = new Set<string>();

  ask(...keys: string[]): void {
    for (const key of keys) this.lanes.add(callOf(key));
    this.pump();
  }

  pump(): void {
    this.lanes.pump(
      7,
      (pending) => this.#headingOf(pending),
      (pending) => this.gone.push(nameOf(pending)),
    );
  }

  end(): void {
    if (this.lanes.leave(7)) this.pump();
  }

  #headingOf(pending: Pending): Heading {
    const cell = nameOf(pending)[0]!;
    if (this.unknown.has(cell)) return 'none yet';
    return cell === '*' ? 'many cells' : { cell };
  }
}

function callOf(key: string): Pending {
  const reply = { tell: () => undefined } as never;
  const call = { command: { kind: 'get', key }, patienceMs: 10, reply, tag: 0, order: 7 } as const;
  return pendingOf(call, new Uint8Array(0), true, Number(key.slice(1)) * 10);
}

function nameOf({ call: { command } }: Pending): string {
  return command.kind === 'get' ? command.key : '';
}

test('calls of an order for one cell go together, and those for another wait for them', () => {
  const line = new Line();
  line.ask('a1', 'a2', 'b3', 'b4', 'a5');
  expect(line.gone).toEqual(['a1', 'a2']);
  line.end();
  expect(line.gone).toEqual(['a1', 'a2']);
  line.end();
  expect(line.gone).toEqual(['a1', 'a2', 'b3', 'b4']);
  line.end();
  line.end();
  expect(line.gone).toEqual(['a1', 'a2', 'b3', 'b4', 'a5']);
});

test('a call for many cells goes alone', () => {
  const line = new Line();
  line.ask('a1', '*2', '*3', 'a4');
  expect(line.gone).toEqual(['a1']);
  line.end();
  expect(line.gone).toEqual(['a1', '*2']);
  line.end();
  line.end();
  expect(line.gone).toEqual(['a1', '*2', '*3', 'a4']);
});

test('a call whose cell is not known holds up those behind it', () => {
  const line = new Line();
  line.unknown.add('b');
  line.ask('b1', 'a2');
  expect(line.gone).toEqual([]);
  line.unknown.clear();
  line.pump();
  expect(line.gone).toEqual(['b1']);
  line.end();
  expect(line.gone).toEqual(['b1', 'a2']);
});

test('calls that waited too long are taken out, and those behind them may go', () => {
  const line = new Line();
  line.ask('a1', 'b2', 'a3', 'b4');
  expect(line.lanes.expire(30).map(nameOf)).toEqual(['b2', 'a3']);
  line.end();
  expect(line.gone).toEqual(['a1', 'b4']);
  line.end();
  expect(line.lanes.waiting).toEqual([]);
});

test('a hint from before a split gives way to that of the cell that was split off', () => {
  const routes = new Routes();
  routes.add({ cell: 'old', epoch: 1, from: lowestKey, to: undefined, ...nobody }, 1, 's');
  expect(routes.locate({ from: 'x', to: keyAfter('x') })).toBe(routes.get('old'));
  routes.add({ cell: 'new', epoch: 2, from: 'm', to: 't', ...nobody }, 1, 's');
  expect(routes.locate({ from: 'n', to: keyAfter('n') })).toBe(routes.get('new'));
  expect(routes.locate({ from: 'a', to: keyAfter('a') })).toBe(routes.get('old'));
  expect(routes.locate({ from: 'a', to: 'n' })).toBe('many cells');
  expect(routes.locate({ from: 'x', to: keyAfter('x') })).toBe('none yet');
  expect(routes.firstPart({ from: 'c', to: 'z' }, false)).toEqual({ from: 'c', to: 'm' });
  expect(routes.firstPart({ from: 'c', to: 'p' }, true)).toEqual({ from: 'm', to: 'p' });
  // Nobody is known to hold the end: whoever asks waits until somebody is.
  expect(routes.firstPart({ from: 'c', to: 'z' }, true)).toEqual({ from: 'c', to: 'z' });
});

test('a range from the last key down waits until it is known who holds that', () => {
  const routes = new Routes();
  routes.add({ cell: 'low', epoch: 2, from: lowestKey, to: 'm', ...nobody }, 1, 's');
  const asked: Command[] = [];
  const dispatcher = new Dispatcher(routes, {
    send: () => assert.fail('it was sent to one cell'),
    refuse: () => assert.fail('it was refused'),
    done: () => undefined,
    askPart: (_whole, part) => asked.push(part),
    transact: () => assert.fail('it is no transaction'),
  });
  const limits = { rowsMax: 9, bytesMax: 9, withValues: true, isDown: true };
  const command: Command = { kind: 'range', from: 'a', to: 'z', ...limits };
  dispatcher.dispatch(pendingOf({ ...callOf('a1').call, command }, new Uint8Array(0), true, 100));
  expect(asked).toEqual([]);
  routes.add({ cell: 'high', epoch: 2, from: 'm', to: undefined, ...nobody }, 1, 's');
  dispatcher.learned();
  expect(asked).toMatchObject([{ from: 'm', to: 'z' }]);
});

test('who asks a cell what became of something, and is turned away because the cell is about to go, asks the cell that it goes into', () => {
  const routes = new Routes();
  routes.add({ cell: 'low', epoch: 2, from: lowestKey, to: 'm', ...nobody }, 1, 's');
  routes.add({ cell: 'high', epoch: 2, from: 'm', to: undefined, ...nobody }, 1, 's');
  const asked: string[] = [];
  const dispatcher = new Dispatcher(routes, {
    send: ({ hint }) => asked.push(hint.cell),
    refuse: () => assert.fail('it was refused'),
    done: () => undefined,
    askPart: () => assert.fail('it is for one cell'),
    transact: () => assert.fail('it is no transaction'),
  });
  const command: Command = { kind: 'resolve', session: '1.high', sequence: 1 };
  const call = { ...callOf('a1').call, command, order: 0 };
  dispatcher.dispatch(pendingOf(call, new Uint8Array(0), true, 100, { shunned: { cell: 'high', version: 1 } }));
  dispatcher.learned();
  expect(asked).toEqual([]);
  const united = { cell: 'low', epoch: 3, from: lowestKey, to: undefined, ...nobody };
  routes.get('low')!.learn(united, 2);
  routes.retire(united, 2);
  dispatcher.learned();
  expect(asked).toEqual(['low']);
});
