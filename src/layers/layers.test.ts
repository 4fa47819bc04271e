import { expect, test } from 'vitest';
import { StateBridge } from '../../test/stateBridge.ts';
import { bytesEqual } from '../base/index.ts';
import { json, Store, type Tuple, textKey, tupleKey } from '../client/index.ts';
import { Blobs, deleteRange, IndexedTable, Pages, Queue } from './index.ts';
import { partBytes } from './limits.ts';

function openStore(): Store<string, unknown> {
  return new Store<string, unknown>(new StateBridge(), textKey, json());
}

function good<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function keysOf<K>(store: Store<K, unknown>): Promise<K[]> {
  return good(await store.range()).entries.map(({ key }) => key);
}

test('tuples keep the order of their parts, of every kind, and come back as they were', async () => {
  const inOrder: Tuple[] = [
    [],
    [''],
    ['', 'a'],
    ['\0'],
    ['a'],
    ['a', -Infinity],
    ['a', -1.5],
    ['a', 0],
    ['a', 2],
    ['a', 10],
    ['a\0'],
    ['ab'],
    [new Uint8Array([])],
    [new Uint8Array([0])],
    [new Uint8Array([0, 255])],
    [{ atMs: -1 }],
    [{ atMs: 1_800_000_000_000 }],
    [false],
    [true, 'more'],
    [[]],
    [['a']],
    [['a'], 'x'],
    [['a', 0]],
    [['a', ['\0', 1]], true],
    [['b']],
  ];
  const store = openStore().as(tupleKey<Tuple>(), json());
  for (const key of [...inOrder].reverse()) good(await store.put(key, 1));
  expect(await keysOf(store)).toEqual(inOrder);
});

test('a subspace sees its own keys alone, and no other sees them', async () => {
  const store = openStore();
  const [users, usersToo] = [
    ['app', 'users'],
    ['app', 'users2'],
  ].map((space) => store.as(tupleKey(space), json()));
  good(await users!.put(['ada'], 1));
  good(await users!.put([], 2));
  good(await usersToo!.put(['bob'], 3));
  expect(await keysOf(users!)).toEqual([[], ['ada']]);
  expect(await keysOf(usersToo!)).toEqual([['bob']]);
  expect(good(await users!.range({ isDown: true, limit: 1 })).entries[0]!.key).toEqual(['ada']);
  expect(await keysOf(store.as(tupleKey(), json()))).toHaveLength(3);
});

test('a counter is added to by many at once, and no transaction is tried again', async () => {
  const bridge = new StateBridge();
  const store = new Store<string, unknown>(bridge, textKey, json());
  const adding = Array.from({ length: 50 }, (_, i) =>
    store.transact(async (tx) => {
      tx.increment('visits');
      tx.put(`visitor ${i}`, true);
    }),
  );
  await Promise.all(adding);
  expect([bridge.conflicts, good(await store.increment('visits', 8)), good(await store.get('visits'))?.value]).toEqual([
    0, 58, 58,
  ]);
});

test('what is put into a queue is taken once, and in that order, whoever puts and takes', async () => {
  const queue = new Queue<number>(openStore(), ['work']);
  for (let i = 0; i < 30; i++) good(await queue.put(i));
  const taken = await Promise.all(Array.from({ length: 10 }, () => queue.take()));
  expect(taken.map(good).sort((a, b) => a! - b!)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await Promise.all([100, 101, 102].map((value) => queue.put(value)));
  const rest: (number | undefined)[] = [];
  for (let value = good(await queue.take()); value !== undefined; value = good(await queue.take())) rest.push(value);
  expect(rest.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, i) => i + 10));
  expect(rest.slice(20).sort()).toEqual([100, 101, 102]);
});

test('an index finds rows by what is in them, and follows every change', async () => {
  interface User {
    readonly city: string;
    readonly tags: readonly string[];
  }
  const store = openStore();
  const users = new IndexedTable<User, 'city' | 'tag'>(store, ['users'], {
    city: ({ city }: User) => [[city]],
    tag: ({ tags, city }: User) => tags.map((tag) => [tag, city]),
  });
  good(await users.put(['ada'], { city: 'London', tags: ['math', 'poems'] }));
  good(await users.put(['bob'], { city: 'Berlin', tags: ['math'] }));
  const found = async (index: 'city' | 'tag', ...place: Tuple) =>
    good(await users.find(index, place)).map(({ key }) => key[0]);
  expect(await found('city', 'London')).toEqual(['ada']);
  expect(await found('tag', 'math')).toEqual(['bob', 'ada']);
  expect(await found('tag', 'math', 'London')).toEqual(['ada']);
  good(await users.put(['ada'], { city: 'Paris', tags: [] }));
  expect([await found('city', 'London'), await found('tag', 'math'), await found('city')]).toEqual([
    [],
    ['bob'],
    ['bob', 'ada'],
  ]);
  expect(good(await users.get(['ada']))).toEqual({ city: 'Paris', tags: [] });
  expect([good(await users.delete(['ada'])), good(await users.delete(['ada']))]).toEqual([true, false]);
  expect(await found('city')).toEqual(['bob']);
  good(await users.delete(['bob']));
  expect(await keysOf(store)).toEqual([]);
});

test('a value of many parts is whole or another one, and leaves nothing behind', async () => {
  const store = openStore();
  const blobs = new Blobs(store, ['files']);
  const value = (fill: number, length: number): Uint8Array => new Uint8Array(length).fill(fill);
  for (const length of [0, 1, partBytes, 20 * partBytes + 7]) {
    good(await blobs.put('one', value(length & 7, length)));
    expect(bytesEqual(good(await blobs.get('one'))!, value(length & 7, length))).toBe(true);
  }
  await Promise.all([1, 2, 3].map((fill) => blobs.put('one', value(fill, 2 * partBytes))));
  const read = good(await blobs.get('one'))!;
  expect([1, 2, 3].filter((fill) => bytesEqual(read, value(fill, 2 * partBytes)))).toHaveLength(1);
  expect(good(await blobs.get('none'))).toBeUndefined();
  expect([good(await blobs.delete('one')), good(await blobs.delete('one'))]).toEqual([true, false]);
  expect(await keysOf(store.as(tupleKey(['files', 'part']), json()))).toEqual([]);
});

test('a range is deleted whatever its length, and its neighbours stay', async () => {
  const store = openStore().as(tupleKey<readonly [string, number]>(), json());
  const numbers = Array.from({ length: 1_200 }, (_, i) => i);
  await Promise.all(numbers.map((i) => store.put(['old', i], i)));
  good(await store.put(['new', 1], 1));
  expect(good(await deleteRange(store, { prefix: ['old'] as unknown as readonly [string, number] }))).toBe(1_200);
  expect(await keysOf(store)).toEqual([['new', 1]]);
});

test('pages follow each other by a text, and by nothing that is kept', async () => {
  const keys = tupleKey<readonly [string, number]>();
  const store = openStore().as(keys, json<number>());
  await Promise.all(Array.from({ length: 25 }, (_, i) => store.put(['list', i], i)));
  const seen: number[] = [];
  let token: string | undefined;
  do {
    const pages = new Pages(store, keys, { limit: 10, isDown: true });
    const { entries, next } = good(await pages.page(token));
    seen.push(...entries.map(({ value }) => value));
    token = next;
  } while (token !== undefined);
  expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => 24 - i));
});
