import { expect, test } from 'vitest';
import { bytesOfText } from '../base/index.ts';
import { type Command, isRead } from '../command/index.ts';
import type { Call, Reply } from './access.ts';
import { Backlog } from './backlog.ts';
import { EventualFigures } from './eventualFigures.ts';
import { owedBytesMax } from './limits.ts';
import { pendingOf } from './pending.ts';

const connection = 7;
const always = { when: { kind: 'always' }, expiry: { kind: 'never' }, returnPrevious: false } as const;
const put = (key: string): Command => ({ kind: 'put', key, value: bytesOfText('v'), ...always });
const get = (key: string): Command => ({ kind: 'get', key });

/** A backlog, what was answered by it, and what it let go to the cells, by numbers of calls. */
class Desk {
  readonly figures = new EventualFigures();
  readonly answered: number[] = [];
  readonly gone: number[] = [];
  readonly notes: string[] = [];
  isFull = false;
  /** What the backlog sent, in its order. */
  readonly sent: Call[] = [];
  #turn: (() => void)[] = [];
  readonly #backlog = new Backlog(this.figures, {
    replies: { tell: (reply: Reply) => this.#backlog.over(reply) } as never,
    isFull: () => this.isFull,
    dispatch: ({ call }) => void this.gone.push(call.tag),
    atTurnEnd: (run) => void this.#turn.push(run),
    note: (text) => void this.notes.push(text()),
  });

  ask(tag: number, command: Command, { order = 0, bytes = 100, ...how }: Partial<Call> & { bytes?: number } = {}) {
    const reply = { tell: () => void this.answered.push(tag) } as never;
    const call = this.#backlog.take({ command, patienceMs: 1_000, reply, tag, order, ...how }, bytes);
    const pending = pendingOf(call, bytesOfText(''), isRead(command), 1_000);
    if (this.answered.includes(tag)) this.sent.push(call);
    else if (!this.#backlog.keeps(pending)) this.gone.push(tag);
  }

  write(tag: number, key: string, how: Partial<Call> = {}): void {
    this.ask(tag, put(key), { isEventual: true, ...how });
  }

  /** The cell has done, or refused, the write that was sent as the so manieth. */
  end(index: number, reply: Omit<Extract<Reply, { kind: 'refused' }>, 'tag'> | 'done' = 'done'): void {
    const { reply: ref, tag } = this.sent[index]!;
    ref.tell(reply === 'done' ? { kind: 'done', tag, answer: { kind: 'ok', version: 1 } } : { ...reply, tag });
    for (const run of this.#turn.splice(0)) run();
  }

  expire(nowMs: number): number[] {
    return this.#backlog.expire(nowMs).map(({ call }) => call.tag);
  }
}

test('writes of a connection keep its order, and its reads wait for all of them', () => {
  const desk = new Desk();
  desk.write(1, 'a', { order: connection });
  desk.write(2, 'b', { order: connection });
  expect(desk.sent.map(({ order }) => order)).toEqual([connection, connection]);
  desk.ask(3, get('c'), { order: connection });
  desk.ask(4, get('a'), { order: connection + 1 });
  desk.ask(5, put('c'), { order: connection });
  expect([desk.answered, desk.gone]).toEqual([
    [1, 2],
    [4, 5],
  ]);
  desk.end(1);
  expect(desk.gone).not.toContain(3);
  desk.end(0);
  expect(desk.gone).toContain(3);
});

test('of programs, what names a key waits for the writes of it, and what names several for all', () => {
  const desk = new Desk();
  desk.write(1, 'a');
  desk.write(2, 'a');
  desk.write(3, 'b');
  const [first, second, other] = desk.sent.map(({ order }) => order);
  expect([first === second, first === other, first! < 0]).toEqual([true, false, true]);
  desk.ask(4, get('b'));
  desk.ask(5, put('a'));
  desk.ask(6, get('c'));
  desk.ask(7, { kind: 'getMany', keys: ['c', 'd'] });
  desk.ask(8, { kind: 'count' });
  expect(desk.gone).toEqual([6, 8]);
  desk.end(2);
  expect(desk.gone).toEqual([6, 8, 4]);
  desk.end(0);
  desk.end(1);
  expect(desk.gone.slice(3).sort()).toEqual([5, 7]);
});

test('who waits does not wait for writes that came behind it, and not for ever', () => {
  const desk = new Desk();
  desk.write(1, 'a');
  desk.ask(2, get('a'));
  desk.write(3, 'a');
  desk.ask(4, get('a'));
  desk.end(0);
  expect(desk.gone).toEqual([2]);
  expect(desk.expire(999)).toEqual([]);
  expect(desk.expire(1_000)).toEqual([4]);
  desk.end(1);
  expect(desk.gone).toEqual([2]);
});

test.each<[string, Command]>([
  ['with a condition', { kind: 'put', key: 'a', value: bytesOfText('v'), ...always, when: { kind: 'absent' } }],
  ['that says what was there', { kind: 'put', key: 'a', value: bytesOfText('v'), ...always, returnPrevious: true }],
  ['of several keys', { kind: 'delete', keys: ['a', 'b'] }],
  ['of a key that is too long', put('k'.repeat(1_025))],
  ['that adds', { kind: 'increment', key: 'a', by: 1 }],
])('a write %s is answered when it is done', (_, command) => {
  const desk = new Desk();
  desk.ask(1, command, { isEventual: true });
  expect([desk.answered, desk.gone]).toEqual([[], [1]]);
});

test('at the limit, or where there is no room, a write is answered when it is done', () => {
  const desk = new Desk();
  desk.ask(1, put('a'), { isEventual: true, bytes: owedBytesMax });
  desk.write(2, 'b');
  desk.end(0);
  desk.write(3, 'b');
  desk.isFull = true;
  desk.write(4, 'c');
  expect([desk.answered, desk.gone]).toEqual([
    [1, 3],
    [2, 4],
  ]);
});

test('what is lost is counted, and said once a turn', () => {
  const desk = new Desk();
  desk.write(1, 'a');
  desk.end(0, { kind: 'refused', reason: 'its disk is full' });
  expect(desk.figures).toEqual({ taken: 1, owed: 0, lost: 1 });
  expect(desk.notes).toEqual(['eventual writes that had been answered are lost, 1 of them: its disk is full']);
  expect(() => desk.end(0)).toThrow('TX-23');
});
