import { expect, test } from 'vitest';
import { StateBridge } from '../../test/stateBridge.ts';
import { json, Store, textKey } from './index.ts';

const writers = Array.from({ length: 70 }, (_, i) => `writer ${i}`);

function openStore(): { store: Store<string, unknown>; bridge: StateBridge } {
  const bridge = new StateBridge();
  return { store: new Store<string, unknown>(bridge, textKey, json()), bridge };
}

async function membersOf(store: Store<string, unknown>, key: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const member of store.members(key)) found.push(member.ok ? member.value : member.error);
  return found.sort();
}

function outcomeOf<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

test('seventy writers add to one set in one entry of the log, and nobody is in the way of another', async () => {
  const { store, bridge } = openStore();
  const before = bridge.entries;
  const added = await Promise.all(writers.map((name) => store.add('set', name)));
  expect(added.every((one) => outcomeOf(one))).toBe(true);
  expect(bridge.entries - before).toBe(1);
  expect(await membersOf(store, 'set')).toEqual([...writers].sort());
  expect(outcomeOf(await store.add('set', 'writer 7'))).toBe(false);
  expect(outcomeOf(await store.remove('set', 'writer 7'))).toBe(true);
  expect(outcomeOf(await store.has('set', 'writer 7'))).toBe(false);
});

test('transactions that add and remove without reading never meet, and those that read the set do', async () => {
  const { store, bridge } = openStore();
  const adding = writers.map((name) =>
    store.transact(async (tx) => {
      tx.add('set', name);
      tx.add('all', name);
      tx.remove('set', `not ${name}`);
    }),
  );
  expect((await Promise.all(adding)).every(({ ok }) => ok)).toBe(true);
  expect(bridge.conflicts).toBe(0);
  const counting = writers.slice(0, 5).map((name) =>
    store.transact(async (tx) => {
      const count = (await tx.members('set')).length;
      tx.add('set', `${name} saw ${count}`);
    }),
  );
  expect((await Promise.all(counting)).every(({ ok }) => ok)).toBe(true);
  expect(bridge.conflicts).toBeGreaterThan(0);
  const seen = (await membersOf(store, 'set')).filter((name) => String(name).includes(' saw '));
  expect(new Set(seen.map((name) => String(name).split(' saw ')[1]))).toEqual(new Set(['70', '71', '72', '73', '74']));
});

test('a transaction sees its own changes of a set, and a key that it writes is none any more', async () => {
  const { store } = openStore();
  await store.add('set', 'old');
  const result = await store.transact(async (tx) => {
    tx.add('set', 'new');
    tx.remove('set', 'old');
    const seen = [await tx.has('set', 'new'), await tx.has('set', 'old'), await tx.members('set')];
    tx.delete('set');
    tx.add('set', 'last');
    return [...seen, await tx.members('set')];
  });
  expect(outcomeOf(result)).toEqual([true, false, ['new'], ['last']]);
  expect(await membersOf(store, 'set')).toEqual(['last']);
});

test('what is no set is told so, and a set is no value', async () => {
  const { store } = openStore();
  await store.put('plain', 1);
  await store.add('set', 1);
  for (const refused of [await store.add('plain', 1), await store.has('plain', 1), await store.get('set')]) {
    expect(refused.ok ? undefined : refused.error).toMatchObject({ kind: 'invalid', problem: 'wrongType' });
  }
  const refused = await store.transact(async (tx) => tx.add('plain', 1));
  expect(refused.ok ? undefined : refused.error).toMatchObject({ kind: 'invalid', problem: 'wrongType' });
  expect(outcomeOf(await store.range()).entries.map(({ key }) => key)).toEqual(['plain']);
});

test('a set of many members is listed page by page', async () => {
  const { store } = openStore();
  const numbers = Array.from({ length: 2_500 }, (_, i) => i);
  await Promise.all(numbers.map((i) => store.add('set', i)));
  expect((await membersOf(store, 'set')).sort((a, b) => Number(a) - Number(b))).toEqual(numbers);
});
