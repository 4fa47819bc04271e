import { expect, test } from 'vitest';
import { TimedBridge } from '../../test/timedBridge.ts';
import { type Change, json, type LockNews, Store, textKey } from './index.ts';

function open(): { store: Store<string, number>; bridge: TimedBridge } {
  const bridge = new TimedBridge();
  return { store: new Store<string, number>(bridge, textKey, json<number>()), bridge };
}

async function numberAt(store: Store<string, number>, key: string): Promise<number | undefined> {
  const found = await store.get(key);
  if (!found.ok) throw new Error(found.error.message);
  return found.value?.value;
}

/** Ids of holders are drawn: what is told of them has the same form in every run. */
function textOf(news: LockNews<string>): string {
  if (news.kind === 'reserved') return `${news.kind} ${news.key} ${news.isExclusive ? 'to write' : 'to read'}`;
  return news.kind === 'waiting' ? `waiting for ${news.by} at ${news.key}` : `lost ${news.key}`;
}

test('a body that takes a minute is not undone at its end, and who writes meanwhile is told who has it', async () => {
  const { store, bridge } = open();
  await store.put('page', 1);
  let runs = 0;
  const editing = store.transact(
    async (tx) => {
      runs++;
      const before = (await tx.get('page', { forUpdate: true })) ?? 0;
      await bridge.sleep(60_000);
      tx.put('page', before + 1);
    },
    { locks: 'eager', holder: 'Ada' },
  );
  await bridge.sleep(5_000);
  const [read, written] = [await numberAt(store, 'page'), await store.put('page', 100)];
  expect(read).toBe(1);
  expect(written).toMatchObject({ ok: false, error: { kind: 'reserved', message: expect.stringContaining('Ada') } });
  expect(await editing).toEqual({ ok: true, value: undefined });
  expect(runs).toBe(1);
  expect(await numberAt(store, 'page')).toBe(2);
  await bridge.sleep(100);
  expect(bridge.cell.state.transactions.reserved).toBe(0);
});

test('two that want the same keys in opposite orders both get done, and neither waits for the other for ever', async () => {
  const { store, bridge } = open();
  const news: string[] = [];
  const move = (holder: string, from: string, to: string) =>
    store.transact(
      async (tx) => {
        const had = (await tx.get(from, { forUpdate: true })) ?? 0;
        await bridge.sleep(20);
        const has = (await tx.get(to, { forUpdate: true })) ?? 0;
        tx.put(from, had - 1);
        tx.put(to, has + 1);
      },
      { locks: 'eager', holder, onLock: (one) => news.push(`${holder} ${textOf(one)}`) },
    );
  const done = await Promise.all([move('Ada', 'a', 'b'), move('Bob', 'b', 'a')]);
  expect(done.map(({ ok }) => ok)).toEqual([true, true]);
  expect([await numberAt(store, 'a'), await numberAt(store, 'b')]).toEqual([0, 0]);
  expect(news).toContain('Bob waiting for Ada at a');
  expect(news).toContain('Ada waiting for Bob at b');
});

test('twenty that read and then write one counter are all done, whether they say so at once or not', async () => {
  const { store } = open();
  const count = (forUpdate: boolean) =>
    store.transact(async (tx) => tx.put('counter', ((await tx.get('counter', { forUpdate })) ?? 0) + 1), {
      locks: 'eager',
    });
  const done = await Promise.all(Array.from({ length: 20 }, (_, i) => count(i % 4 > 0)));
  expect(done.filter(({ ok }) => !ok)).toEqual([]);
  expect(await numberAt(store, 'counter')).toBe(20);
});

test('who is gone lets others in when its lease is over', async () => {
  const { store, bridge } = open();
  const gone = { kind: 'reserve', key: 'page', holder: 'x', label: 'Ada', sinceMs: 0, isExclusive: true } as const;
  await bridge.call({ ...gone, leaseMs: 3_000 }, 1_000);
  const news: string[] = [];
  const options = { locks: 'eager', onLock: (one: LockNews<string>) => news.push(textOf(one)) } as const;
  expect(await store.transact(async (tx) => tx.put('page', 7), options)).toMatchObject({ ok: true });
  expect(news).toEqual(['waiting for Ada at page', 'reserved page to write']);
  expect(bridge.nowMs).toBeGreaterThan(3_000);
  expect(bridge.nowMs).toBeLessThan(4_000);
});

test('who waits for too long is told for whom', async () => {
  const { store, bridge } = open();
  const held = { kind: 'reserve', key: 'page', holder: 'x', label: 'Ada', sinceMs: 0, isExclusive: true } as const;
  await bridge.call({ ...held, leaseMs: 60_000 }, 1_000);
  const result = await store.transact(async (tx) => tx.put('page', 7), { locks: 'eager' });
  expect(result).toMatchObject({ ok: false, error: { kind: 'reserved', message: expect.stringContaining('Ada') } });
  expect(await numberAt(store, 'page')).toBeUndefined();
});

test('a lease that is over undoes the whole try, and the body runs again on what others have written', async () => {
  const { store, bridge } = open();
  await store.put('a', 1);
  const news: string[] = [];
  let runs = 0;
  const editing = store.transact(
    async (tx) => {
      const before = (await tx.get('a', { forUpdate: true })) ?? 0;
      if (++runs === 1) {
        bridge.isCut = true;
        await bridge.sleep(8_000);
        bridge.isCut = false;
        await store.put('a', 10);
      }
      tx.put('a', before + 1);
      tx.put('b', before + 1);
    },
    { locks: 'eager', leaseMs: 1_000, onLock: (one) => news.push(textOf(one)) },
  );
  expect(await editing).toMatchObject({ ok: true });
  expect(runs).toBe(2);
  expect([await numberAt(store, 'a'), await numberAt(store, 'b')]).toEqual([11, 11]);
  expect(news.filter((one) => one === 'reserved a to write')).toHaveLength(2);
});

test('who watches with locks sees who has a key, what it writes and that it lets go, in this order', async () => {
  const { store, bridge } = open();
  const watch = await store.watch({ prefix: 'doc/', locks: true });
  if (!watch.ok) throw new Error(watch.error.message);
  await store.transact(async (tx) => tx.put('doc/1', 5), { locks: 'eager', holder: 'Ada' });
  await bridge.sleep(50);
  const told: Change<string, number>[] = [];
  for await (const change of watch.value) {
    if (!change.ok) throw new Error(change.error.message);
    if (told.push(change.value) === 3) break;
  }
  const [locked, put, released] = told;
  expect(locked).toMatchObject({ kind: 'locked', key: 'doc/1', by: 'Ada' });
  expect(put).toMatchObject({ kind: 'put', key: 'doc/1', value: 5 });
  expect(released).toMatchObject({ kind: 'released', key: 'doc/1' });
  const rest = await store.watch({ resume: locked!.resume, locks: true });
  if (!rest.ok) throw new Error(rest.error.message);
  for await (const change of rest.value) {
    expect(change).toMatchObject({ ok: true, value: { kind: 'put' } });
    break;
  }
});

test('a body that throws lets go of all, and a wrong lease is refused in words', async () => {
  const { store, bridge } = open();
  const failing = store.transact(
    async (tx) => {
      await tx.get('a');
      tx.put('b', 1);
      throw new Error('changed my mind');
    },
    { locks: 'eager' },
  );
  await expect(failing).rejects.toThrow('changed my mind');
  expect(bridge.cell.state.transactions.reserved).toBe(0);
  const wrong = await store.transact(async (tx) => tx.put('a', 1), { locks: 'eager', leaseMs: 5 });
  expect(wrong).toMatchObject({ ok: false, error: { kind: 'invalid', message: expect.stringContaining('500') } });
  for (const options of [{ locks: 'maybe' }, { commit: 'soon' }]) {
    const untyped = await store.transact(async (tx) => tx.put('a', 1), options as never);
    expect(untyped).toMatchObject({
      ok: false,
      error: { kind: 'invalid', message: expect.stringMatching(/maybe|soon/) },
    });
  }
});
