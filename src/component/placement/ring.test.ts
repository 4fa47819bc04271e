import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ring } from './ring.ts';

/** The two ends of one ring, as two threads have them. */
function ends(capacityBytes: number): { writer: Ring; reader: Ring } {
  const writer = Ring.create(capacityBytes);
  return { writer, reader: new Ring(writer.shared) };
}

test('chunks come out as they went in, whole, once, and in their order, however often the ring goes round', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 700 })), { maxLength: 300 }), (acts) => {
      const { writer, reader } = ends(1024);
      const inside: Uint8Array[] = [];
      for (const [isWrite, chunk] of acts) {
        if (isWrite) {
          const used = inside.reduce((sum, one) => sum + one.length + 4, 0);
          const isRoom = used + chunk.length + 4 <= 1024;
          expect(writer.write(chunk)).toBe(isRoom);
          if (isRoom) inside.push(chunk);
        } else {
          expect(reader.read()).toEqual(inside.shift());
        }
      }
    }),
  );
});

test('who sleeps is woken once, and nobody falls asleep before a full ring', () => {
  const { writer, reader } = ends(1024);
  expect(writer.takeSleeper()).toBe(true);
  expect(writer.takeSleeper()).toBe(false);
  writer.write(new Uint8Array(3));
  expect(reader.sleep()).toBe(false);
  reader.read();
  expect(reader.sleep()).toBe(true);
  expect(writer.takeSleeper()).toBe(true);
});

test('who waits for room is told once, when half of the ring is free', () => {
  const { writer, reader } = ends(1024);
  writer.write(new Uint8Array(600));
  writer.awaitRoom();
  expect(reader.takeWaiter()).toBe(false);
  reader.read();
  expect([reader.takeWaiter(), reader.takeWaiter()]).toEqual([true, false]);
});

test('a size that is no power of two is refused', () => {
  expect(() => Ring.create(1000)).toThrow('a ring has 1000 bytes, and needs a power of two from 1024 on');
});
