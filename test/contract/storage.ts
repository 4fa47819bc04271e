import { expect, test } from 'vitest';
import { type Bytes, bytesOfText, everything, keyAfter, prefixRange, textOfBytes } from '../../src/base/index.ts';
import { component } from '../../src/component/index.ts';
import { Durability, recordBytesMax, type Scan, type Storage } from '../../src/world/index.ts';
import { type Arena, type ArenaPeer, type Run, until, within } from './arena.ts';

/** A peer's disk in the hands of a test: what was indicated, in order. */
class Desk {
  readonly told: string[] = [];
  durable = 0;
  committed = 0;

  boot({ system, platform }: Run): void {
    const listener = component('desk', {
      requires: { durability: Durability },
      setup: (context) => {
        const { on } = context.requires.durability;
        on.durable(({ upTo }) => {
          this.durable = upTo;
          this.told.push('durable');
        });
        on.committed(({ ticket }) => {
          this.committed = ticket;
          this.told.push(`committed ${ticket}`);
        });
        on.failed(({ reason }) => void this.told.push(`failed ${reason}`));
      },
    });
    const root = component('root', {
      setup: (context) => {
        const durability = context.create(platform.durability).provides.durability;
        context.connect(durability, context.create(listener).requires.durability);
      },
    });
    system.create(root).start();
  }
}

async function desk(arena: Arena): Promise<{ told: Desk; peer: ArenaPeer; storage: () => Storage }> {
  const told = new Desk();
  const peer = await arena.peer('a', (run) => told.boot(run));
  return { told, peer, storage: () => peer.platform.world.storage };
}

const all = { rowsMax: 1_000_000, bytesMax: 1e9 };
const keys = ['', '\0', 'a', 'a\0', 'ab', 'b', '\x7f', '\x80', '\xc3\xa9', '\xff', '\xff\xff'];
const rowsOf = (names: readonly string[]) => names.map((key) => ({ key, value: bytesOfText(`value of ${key}`) }));

function keysOf(scan: Scan | 'damaged'): string[] {
  if (scan === 'damaged') throw new Error('the scan is damaged');
  return scan.rows.map(({ key }) => key);
}

/** What every disk promises: the journal. */
export function journalContract(make: () => Promise<Arena>): void {
  test(
    'appended records are indicated as durable later, and found again in order after a restart',
    within(make, async (arena) => {
      const { told, peer, storage } = await desk(arena);
      const ends: number[] = [];
      for (let i = 0; i < 100; i++) ends.push(storage().append(bytesOfText(`record ${i}`)));
      expect(told.durable).toBe(0);
      expect(storage().end).toBe(ends.at(-1));
      expect(ends.toSorted((x, y) => x - y)).toEqual(ends);
      await until(arena, () => told.durable === ends.at(-1));
      storage().append(new Uint8Array(0));
      await until(arena, () => told.durable === storage().end);
      ends.push(storage().end);
      await peer.restart();
      const { records, damagedUpTo } = storage().recover();
      expect(damagedUpTo).toBe(0);
      expect(records.map(({ position }) => position)).toEqual(ends);
      expect(records.slice(0, 100).map(({ bytes }) => textOfBytes(bytes))).toEqual(
        ends.slice(0, 100).map((_, i) => `record ${i}`),
      );
      expect(storage().end).toBe(ends.at(-1));
      expect(storage().recover().records).toEqual([]);
    }),
  );

  test(
    'positions go on growing over restarts and trims, and what is behind the trim mark stays',
    within(make, async (arena) => {
      const { told, peer, storage } = await desk(arena);
      const record = new Uint8Array(1024 * 1024);
      const ends: number[] = [];
      for (let i = 0; i < 20; i++) {
        ends.push(storage().append(record));
        await until(arena, () => told.durable === ends.at(-1));
      }
      storage().trim(ends[14]!);
      await arena.pass(50);
      await peer.restart();
      const positions = storage()
        .recover()
        .records.map(({ position }) => position);
      expect(positions.length).toBeLessThan(20);
      expect(positions.slice(-5)).toEqual(ends.slice(-5));
      expect(storage().append(record)).toBeGreaterThan(ends.at(-1)!);
      expect(() => storage().append(new Uint8Array(recordBytesMax + 1))).toThrow('too long');
    }),
  );
}

/** What every disk promises: the engine. */
export function engineContract(make: () => Promise<Arena>): void {
  test(
    'rows come in the order of their bytes, also the empty key and those above 7f, both ways',
    within(make, async (arena) => {
      const { told, storage } = await desk(arena);
      storage().commit({ clear: [], rows: rowsOf(keys.toReversed()) });
      await until(arena, () => told.committed === 1);
      const s = storage();
      expect(keysOf(s.scan(everything, all))).toEqual(keys);
      expect(keysOf(s.scanDown(everything, all))).toEqual(keys.toReversed());
      expect(keysOf(s.scan({ from: 'a', to: '\xc3\xa9' }, all))).toEqual(['a', 'a\0', 'ab', 'b', '\x7f', '\x80']);
      expect(keysOf(s.scanDown({ from: 'a\0', to: 'b' }, all))).toEqual(['ab', 'a\0']);
      expect(keysOf(s.scan(prefixRange('\xff'), all))).toEqual(['\xff', '\xff\xff']);
      expect(keysOf(s.scan({ from: 'b', to: 'b' }, all))).toEqual([]);
      expect(keysOf(s.scan({ from: 'b', to: 'a' }, all))).toEqual([]);
      expect(keysOf(s.scanDown({ from: 'b', to: 'a' }, all))).toEqual([]);
      expect(textOfBytes(s.get('\xc3\xa9') as Bytes)).toBe('value of \xc3\xa9');
      expect(textOfBytes(s.get('') as Bytes)).toBe('value of ');
      expect(s.get('nobody')).toBeUndefined();
    }),
  );

  test(
    'limits end a scan before the row that would pass them, but one row always comes',
    within(make, async (arena) => {
      const { told, storage } = await desk(arena);
      const names = ['a', 'b', 'c', 'd'];
      storage().commit({ clear: [], rows: names.map((key) => ({ key, value: new Uint8Array(99) })) });
      await until(arena, () => told.committed === 1);
      const scan = (rowsMax: number, bytesMax: number, from = '') => {
        const found = storage().scan({ from, to: undefined }, { rowsMax, bytesMax });
        return [keysOf(found).join(''), found !== 'damaged' && found.more];
      };
      expect(scan(2, 1e9)).toEqual(['ab', true]);
      expect(scan(4, 1e9)).toEqual(['abcd', false]);
      expect(scan(9, 300)).toEqual(['abc', true]);
      expect(scan(9, 299)).toEqual(['ab', true]);
      expect(scan(9, 1)).toEqual(['a', true]);
      expect(scan(2, 1e9, keyAfter('b'))).toEqual(['cd', false]);
      const down = storage().scanDown(everything, { rowsMax: 3, bytesMax: 1e9 });
      expect([keysOf(down).join(''), down !== 'damaged' && down.more]).toEqual(['dcb', true]);
    }),
  );

  test(
    'batches are atomic, keep their order, are read once indicated and survive a restart',
    within(make, async (arena) => {
      const { told, peer, storage } = await desk(arena);
      const one = storage().commit({ clear: [], rows: rowsOf(['a', 'b', 'c', 'd']) });
      expect(storage().get('a')).toBeUndefined();
      const two = storage().commit({
        clear: [{ from: 'b', to: 'd' }],
        rows: [
          { key: 'c', value: bytesOfText('new') },
          { key: 'a', value: undefined },
          { key: 'nobody', value: undefined },
        ],
      });
      expect(two).toBeGreaterThan(one);
      await until(arena, () => told.committed === two);
      expect(told.told).toEqual([`committed ${one}`, `committed ${two}`]);
      expect(keysOf(storage().scan(everything, all))).toEqual(['c', 'd']);
      await peer.restart();
      expect(keysOf(storage().scan(everything, all))).toEqual(['c', 'd']);
      expect(textOfBytes(storage().get('c') as Bytes)).toBe('new');
    }),
  );

  test(
    'a snapshot stands still while others commit',
    within(make, async (arena) => {
      const { told, storage } = await desk(arena);
      storage().commit({ clear: [], rows: rowsOf(['a', 'b', 'c']) });
      await until(arena, () => told.committed === 1);
      const before = storage().snapshot();
      storage().commit({ clear: [everything], rows: rowsOf(['x']) });
      await until(arena, () => told.committed === 2);
      const after = storage().snapshot();
      storage().commit({ clear: [], rows: rowsOf(['y']) });
      await until(arena, () => told.committed === 3);
      expect(keysOf(before.scan(everything, all))).toEqual(['a', 'b', 'c']);
      expect(keysOf(before.scan({ from: 'b', to: undefined }, { rowsMax: 1, bytesMax: 1e9 }))).toEqual(['b']);
      expect(keysOf(after.scan(everything, all))).toEqual(['x']);
      expect(keysOf(storage().scan(everything, all))).toEqual(['x', 'y']);
      before.close();
      before.close();
      expect(keysOf(after.scan(everything, all))).toEqual(['x']);
      after.close();
      expect(keysOf(storage().scan(everything, all))).toEqual(['x', 'y']);
    }),
  );
}
