import { expect, test } from 'vitest';
import { encode, parse, Random } from '../base/index.ts';
import { Acceptor } from './acceptor.ts';
import { noBallot } from './ballot.ts';
import type { CellConfig } from './cellConfig.ts';
import type { Entry } from './entry.ts';
import { emptyCheckpoint, journalRecord } from './journalRecords.ts';
import type { ReplicaContext } from './replicaContext.ts';

const config: CellConfig = {
  cell: '1',
  epoch: 1,
  from: '',
  to: undefined,
  members: ['a', 'b', 'c'].map((id) => ({ id, address: `${id}:1` })),
  degrees: [],
};
const origin = { ...emptyCheckpoint(config, 0), status: 'whole' } as const;

/** A disk that a test syncs, and starts anew from what was synced. */
class TestDisk {
  #records: { bytes: Uint8Array; position: number }[] = [];
  #waiting: { position: number; then: () => void }[] = [];
  synced = 0;

  open(): Acceptor {
    const acceptor = new Acceptor(this.context, origin);
    for (const { bytes, position } of this.#records) {
      const record = parse(journalRecord, bytes);
      expect(record.ok && acceptor.replay(record.value, position)).toBe(true);
      if (acceptor.chosen === acceptor.log.end && endsInStopSign(acceptor)) acceptor.enter(nextOf(acceptor.config));
    }
    acceptor.endReplay();
    return acceptor;
  }

  sync(): void {
    this.synced = this.#records.length;
    const due = this.#waiting;
    this.#waiting = [];
    for (const { then } of due) then();
  }

  /** Loses what was not synced. */
  crash(): void {
    this.#records.length = this.synced;
    this.#waiting = [];
  }

  get context(): ReplicaContext {
    const part: Pick<ReplicaContext, 'self' | 'append' | 'whenDurable'> = {
      self: 'a',
      append: (record) => {
        const position = this.#records.length + 1;
        this.#records.push({ bytes: encode(journalRecord, record), position });
        return position;
      },
      whenDurable: (position, then) => void this.#waiting.push({ position, then }),
    };
    return part as ReplicaContext;
  }
}

function nextOf({ epoch, ...rest }: CellConfig): CellConfig {
  return { ...rest, epoch: epoch + 1 };
}

/** Whether the epoch's stop-sign is the last entry. */
function endsInStopSign({ log, epoch }: Acceptor): boolean {
  const last = log.end >= log.first ? log.get(log.end) : undefined;
  return last?.kind === 'stopSign' && last.config.epoch === epoch + 1;
}

function batch(value: number): Entry {
  return { kind: 'batch', batch: new Uint8Array(9).fill(value) };
}

function picture({ epoch, start, promise, accepted, chosen, log }: Acceptor) {
  const entries = log.slice(log.first, log.end, Number.POSITIVE_INFINITY);
  return { epoch, start, promise, accepted, chosen, entries };
}

test('a promise that was answered is kept over a restart', () => {
  const disk = new TestDisk();
  let isAnswered = false;
  disk.open().promiseTo({ n: 1, member: 'b' }, () => {
    isAnswered = true;
  });
  expect(isAnswered).toBe(false);
  disk.crash();
  const acceptor = disk.open();
  expect(acceptor.promise).toEqual(noBallot);
  acceptor.promiseTo({ n: 2, member: 'c' }, () => {
    isAnswered = true;
  });
  disk.sync();
  expect(isAnswered).toBe(true);
  disk.crash();
  expect(disk.open().promise).toEqual({ n: 2, member: 'c' });
});

test('nothing is acknowledged before it is synced, and nothing of an older ballot after', () => {
  const disk = new TestDisk();
  const acceptor = disk.open();
  const acknowledged: number[] = [];
  const first = { n: 1, member: 'b' };
  acceptor.promiseTo(first, () => {});
  acceptor.sync(first, 1, [batch(1)], (end) => acknowledged.push(end));
  expect(acknowledged).toEqual([]);
  disk.sync();
  expect(acknowledged).toEqual([1]);
  acceptor.accept([batch(2)], (end) => acknowledged.push(end));
  const second = { n: 2, member: 'c' };
  acceptor.promiseTo(second, () => {});
  acceptor.sync(second, 1, [batch(1)], (end) => acknowledged.push(end + 100));
  disk.sync();
  expect(acknowledged).toEqual([1, 101]);
});

test('entries that others chose replace what cannot be chosen, and void that vote', () => {
  const disk = new TestDisk();
  const acceptor = disk.open();
  const ballot = { n: 1, member: 'b' };
  acceptor.promiseTo(ballot, () => {});
  acceptor.sync(ballot, 1, [batch(1), batch(2), batch(3)], () => {});
  expect(acceptor.learn(1, [batch(1)])).toBe(false);
  expect(acceptor.accepted).toEqual(ballot);
  expect(acceptor.learn(2, [batch(9)])).toBe(true);
  expect(acceptor.accepted).toEqual(noBallot);
  expect(acceptor.log.end).toBe(2);
  disk.sync();
  expect(picture(disk.open())).toEqual(picture(acceptor));
});

test.each(Array.from({ length: 30 }, (_, i) => i))('a replay gives what was there, run %i', (seed) => {
  const random = new Random(seed);
  const disk = new TestDisk();
  let acceptor = disk.open();
  for (let step = 0; step < 60; step++) {
    act(acceptor, random);
    if (!random.chance(0.2)) continue;
    disk.sync();
    const before = picture(acceptor);
    acceptor = disk.open();
    // How far the log is chosen is written with the next record: what is known of it may be less.
    expect(picture(acceptor)).toEqual({ ...before, chosen: acceptor.chosen });
    expect(acceptor.chosen).toBeLessThanOrEqual(before.chosen);
  }
});

/** Something that may happen to an acceptor now. */
function act(acceptor: Acceptor, random: Random): void {
  const { promise, accepted, chosen, log } = acceptor;
  const isCurrent = accepted.n > 0 && accepted.n === promise.n;
  switch (random.below(5)) {
    case 0:
      return acceptor.promiseTo({ n: promise.n + 1, member: random.pick(['a', 'b', 'c']) }, () => {});
    case 1: {
      if (promise.n === 0 || isCurrent) return;
      const kept = log.slice(chosen + 1, chosen + random.below(4), Number.POSITIVE_INFINITY);
      return acceptor.sync(promise, chosen + 1, [...kept, batch(random.below(200))], () => {});
    }
    case 2:
      return isCurrent && !endsInStopSign(acceptor) ? acceptor.accept([batch(random.below(200))], () => {}) : undefined;
    case 3:
      return acceptor.choose(random.between(chosen, log.end));
    default:
      if (log.end > chosen && !endsInStopSign(acceptor) && random.chance(0.5)) return;
      acceptor.learn(chosen + 1, [{ kind: 'stopSign', config: nextOf(acceptor.config) }]);
      return acceptor.enter(nextOf(acceptor.config));
  }
}
