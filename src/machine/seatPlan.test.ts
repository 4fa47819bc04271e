import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seatFolder, writeNote } from './folderNote.ts';
import { checkOptions, type PeerOptions } from './options.ts';
import { planSeats } from './seatPlan.ts';

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'selfman-seats-'));
});

afterEach(() => rmSync(data, { recursive: true }));

/** What a program that is asked for so many seats would start beside its first: `a/2 7501 6501`, or why not. */
function planned(seats: number, more: Partial<PeerOptions> = {}): string | string[] {
  const checked = checkOptions({ name: 'a', data, seats, listen: '127.0.0.1:7401', redis: '127.0.0.1:6401', ...more });
  if (!checked.ok) return checked.error;
  const plan = planSeats(checked.value);
  if (!plan.ok) return plan.error;
  return plan.value.map(({ name, listen, redis }) => `${name} ${listen.port} ${redis?.port}`);
}

function wasThere(seat: number, hasLeft = false): void {
  const folder = seatFolder(data, seat);
  mkdirSync(folder, { recursive: true });
  writeNote(folder, { name: `a/${seat}`, processId: 1, address: '', redis: '', http: '', hasLeft });
}

test('a program with one seat starts nothing else, and three seats are two beside the first', () => {
  expect(planned(1)).toEqual([]);
  expect(planned(3)).toEqual(['a/2 7501 6501', 'a/3 7601 6601']);
});

test('where any free port will do, it does for each seat', () => {
  expect(planned(2, { listen: '127.0.0.1:0' })).toEqual(['a/2 0 6501']);
});

test('seats that are there are started, and more beside them', () => {
  wasThere(3);
  expect(planned(2)).toEqual(['a/3 7601 6601']);
  expect(planned(3)).toEqual(['a/2 7501 6501', 'a/3 7601 6601']);
});

test('fewer seats than there are would leave some out', () => {
  wasThere(2);
  wasThere(3);
  expect(planned(2)).toBe(
    `${data} holds 3 seats, and seats 2 would leave out a/3: start with seats 3. To have fewer from then on: selfman leave --name a/3.`,
  );
});

test('the folder of a seat that left is passed over, and must go where all numbers are used up', () => {
  wasThere(2, true);
  expect(planned(1)).toEqual([]);
  expect(planned(2)).toEqual(['a/3 7601 6601']);
  expect(planned(8)).toBe(
    `The folders below ${data}/seats of seats that have left stand in the way of 8 seats: remove them.`,
  );
});

test('a folder of a seat that never came so far as to listen is used again, or does not count', () => {
  mkdirSync(seatFolder(data, 2), { recursive: true });
  expect(planned(1)).toEqual([]);
  expect(planned(2)).toEqual(['a/2 7501 6501']);
});

test('bad numbers are told in words', () => {
  expect(planned(0)).toBe('The option seats is wrong: use at least 1.');
  expect(planned(9)).toContain('use at most 8');
  expect(planned(1.5)).toBe('The option seats is wrong: use a whole number.');
  expect(planned(3, { listen: '127.0.0.1:65400' })).toBe(
    'A seat of a would listen at port 65600: choose ports that leave room below 65535.',
  );
});
