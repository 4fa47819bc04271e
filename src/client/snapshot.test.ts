import { expect, test } from 'vitest';
import { StateBridge } from '../../test/stateBridge.ts';
import { type Entry, json, Store, textKey } from './index.ts';

function openStore(): Store<string, number> {
  return new Store<string, number>(new StateBridge(), textKey, json<number>());
}

async function snapshot(store: Store<string, number>, prefix: string): Promise<readonly Entry<string, number>[]> {
  const entries: Entry<string, number>[] = [];
  for await (const entry of store.snapshot({ prefix })) {
    if (!entry.ok) throw new Error(entry.error.message);
    entries.push(entry.value);
  }
  return entries;
}

/** Keys of five digits, so that they sort as numbers do. */
async function fill(store: Store<string, number>, count: number): Promise<void> {
  const keys = Array.from({ length: count }, (_, i) => `k${String(i).padStart(5, '0')}`);
  await Promise.all(keys.map((key) => store.put(key, 1)));
}

test('a snapshot has all of a range, and nothing of its neighbours', async () => {
  const store = openStore();
  await fill(store, 3);
  await store.put('l', 1);
  expect((await snapshot(store, 'k')).map(({ key, value }) => [key, value])).toEqual([
    ['k00000', 1],
    ['k00001', 1],
    ['k00002', 1],
  ]);
  expect(await snapshot(store, 'm')).toEqual([]);
});

test('of more than one answer holds it has one moment as well, although somebody moves what is in it', async () => {
  const store = openStore();
  const count = 10_500;
  await fill(store, count);
  let moves = 0;
  const move = async (): Promise<void> => {
    for (; moves < 5; moves++) {
      await store.transact(async (tx) => {
        tx.put('k00000', (await tx.get('k00000'))! - 1);
        tx.put('k10499', (await tx.get('k10499'))! + 1);
      });
    }
  };
  const [entries] = await Promise.all([snapshot(store, 'k'), move()]);
  expect(entries.length).toBe(count);
  expect(entries.reduce((sum, { value }) => sum + value, 0)).toBe(count);
  expect(moves).toBe(5);
});
