import { expect, test } from 'vitest';
import type { SplitPolicy } from '../cell/index.ts';
import { SimulatedSubject } from './subject.ts';

const patienceMs = 20_000;

function system(seed: number, split: SplitPolicy | undefined): SimulatedSubject {
  const subject = new SimulatedSubject({ seed, peers: 3, reads: 'lease', split });
  subject.universe.runFor(4_000);
  return subject;
}

/** Puts keys `from` to `to`, many at a time. */
function fill(subject: SimulatedSubject, from: number, to: number): void {
  let open = 0;
  for (let i = from; i < to; i++) {
    open++;
    const always = { when: { kind: 'always' }, expiry: { kind: 'never' }, returnPrevious: false } as const;
    const key = `key ${String(i).padStart(4, '0')}`;
    subject.ask({ kind: 'put', key, value: new Uint8Array(100), ...always }, patienceMs, () => {
      open--;
    });
  }
  subject.universe.runFor(patienceMs, () => open === 0);
  expect(open).toBe(0);
}

function problems(subject: SimulatedSubject): readonly string[] {
  return [
    ...subject.universe.faults.map(({ fault }) => String(fault.error)),
    ...subject.log.violations,
    ...subject.gaps(),
  ];
}

test('a cell that holds too much splits in the middle, and so do its parts, until each holds little enough', () => {
  const subject = system(1, { bytes: 20_000, commandsPerSecond: Number.POSITIVE_INFINITY });
  fill(subject, 0, 500);
  subject.universe.runFor(60_000);
  const sizes = subject.leaders().map(({ bytes }) => bytes);
  expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBe(500 * 108);
  expect(sizes).toHaveLength(4);
  for (const bytes of sizes) expect(bytes).toBeGreaterThan(10_000);
  expect(subject.isWhole()).toBe(true);
  expect(problems(subject)).toEqual([]);
});

test('it splits while peers crash, one at a time', () => {
  const subject = system(2, { bytes: 20_000, commandsPerSecond: Number.POSITIVE_INFINITY });
  fill(subject, 0, 300);
  for (let i = 0; i < 9; i++) {
    const host = subject.hosts[i % 3]!;
    subject.universe.runFor(7_500);
    subject.crash(host);
    subject.universe.runFor(2_500);
    subject.start(host);
  }
  subject.universe.runFor(30_000);
  expect(subject.cells).toBe(2);
  expect(subject.isWhole()).toBe(true);
  expect(problems(subject)).toEqual([]);
});

test('a cell of which too much is asked splits where that is halved, but not for one hot key', () => {
  for (const [hot, cells] of [
    [200, 2],
    [1, 1],
  ] as const) {
    const subject = system(3, { bytes: Number.POSITIVE_INFINITY, commandsPerSecond: 100 });
    fill(subject, 0, 300);
    const stop = subject.nowMs + 25_000;
    let asked = 0;
    const ask = (): void => {
      if (subject.nowMs > stop) return;
      const key = `key ${String(100 + (asked++ % hot)).padStart(4, '0')}`;
      subject.ask({ kind: 'get', key }, patienceMs, () => subject.after(1, ask));
    };
    ask();
    subject.universe.runFor(26_000);
    expect(subject.cells).toBe(cells);
    if (cells === 2) {
      const border = subject
        .leaders()
        .map(({ from }) => from)
        .sort()[1]!;
      expect(border > 'key 0150' && border < 'key 0250').toBe(true);
    }
    expect(problems(subject)).toEqual([]);
  }
});

test('without a policy nothing splits', () => {
  const subject = system(4, undefined);
  fill(subject, 0, 300);
  subject.universe.runFor(40_000);
  expect(subject.cells).toBe(1);
});
