import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { UnsyncedFiles } from '../../../test/unsyncedFiles.ts';
import { type Bytes, bytesOfText, textOfBytes } from '../../base/index.ts';
import type { Ref } from '../../component/index.ts';
import type { DiskReport } from '../index.ts';
import { segmentBytes } from './limits.ts';
import { RealStorage } from './storage.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'selfman-storage-'));
  folders.push(folder);
  return folder;
}

/** Opens a storage over files that keep what was not synced apart, and hears its reports. */
async function open(folder: string, files: UnsyncedFiles) {
  const opened = await RealStorage.open(folder, 42, files);
  if (!opened.ok) throw new Error(opened.error);
  const reports: DiskReport[] = [];
  const hear: Ref<DiskReport> = { tell: (report) => void reports.push(report), tellIf: () => undefined };
  opened.value.listen(hear);
  return { storage: opened.value, reports };
}

function durableOf(reports: readonly DiskReport[]): number {
  return reports.reduce((most, report) => (report.kind === 'durable' ? Math.max(most, report.upTo) : most), 0);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Appends numbered records in bursts, cuts the power at some moment, and says what is there when it is opened again. */
async function losePower(files: UnsyncedFiles, isKept: 'nothing' | 'some') {
  const folder = newFolder();
  const { storage, reports } = await open(folder, files);
  const positions: number[] = [];
  for (let burst = 0; burst < 10; burst++) {
    for (let i = 0; i < 20; i++) positions.push(storage.append(bytesOfText(`record ${positions.length} `.repeat(50))));
    await pause(1);
  }
  const durable = durableOf(reports);
  files.cutPower(isKept);
  await storage.close();
  const again = await open(folder, files);
  const { records, damagedUpTo } = again.storage.recover();
  await again.storage.close();
  const numbers = records.map(({ bytes }) => Number(textOfBytes(bytes).split(' ')[1]));
  return { damagedUpTo, numbers, durableRecords: positions.filter((position) => position <= durable).length };
}

test('after a power loss nothing that was indicated as durable is missing', async () => {
  for (let round = 0; round < 20; round++) {
    const { damagedUpTo, numbers, durableRecords } = await losePower(
      new UnsyncedFiles(round),
      round % 2 === 0 ? 'nothing' : 'some',
    );
    expect(damagedUpTo).toBe(0);
    expect(numbers).toEqual(numbers.map((_, i) => i));
    expect(numbers.length).toBeGreaterThanOrEqual(durableRecords);
  }
});

test('without syncing, the same power loss loses what was indicated: the test can tell', async () => {
  let lost = 0;
  for (let round = 0; round < 5; round++) {
    const { numbers, durableRecords } = await losePower(new UnsyncedFiles(round, { doesSync: false }), 'nothing');
    lost += Math.max(0, durableRecords - numbers.length);
  }
  expect(lost).toBeGreaterThan(0);
});

test('records go on over segments, restarts and trims', async () => {
  const folder = newFolder();
  const files = new UnsyncedFiles(1);
  const record = new Uint8Array(segmentBytes / 5).fill(7);
  let { storage } = await open(folder, files);
  const ends: number[] = [];
  for (let i = 0; i < 23; i++) {
    ends.push(storage.append(record));
    await pause(5);
  }
  ends.push(storage.append(new Uint8Array(segmentBytes + 5).fill(8)));
  await storage.close();
  ({ storage } = await open(folder, files));
  expect(storage.end).toBe(ends.at(-1));
  expect(storage.recover().records.map(({ position }) => position)).toEqual(ends);
  expect(storage.recover().records).toEqual([]);
  storage.trim(ends[17]!);
  await pause(20);
  await storage.close();
  ({ storage } = await open(folder, files));
  const rest = storage.recover().records.map(({ position }) => position);
  expect(rest.at(-1)).toBe(ends.at(-1));
  expect(rest[0]).toBeLessThanOrEqual(ends[18]!);
  expect(rest.length).toBeLessThan(ends.length);
  await storage.close();
});

test('a bit that turns in a synced record is damage, and the good records behind it are found', async () => {
  const folder = newFolder();
  const files = new UnsyncedFiles(2);
  let { storage } = await open(folder, files);
  const ends: number[] = [];
  for (let i = 0; i < 10; i++) {
    ends.push(storage.append(bytesOfText(`record ${i}`)));
    await pause(5);
  }
  await storage.close();
  files.turnBit('0000000000000000.journal', ends[3]! + 20);
  ({ storage } = await open(folder, files));
  const { records, damagedUpTo } = storage.recover();
  expect(damagedUpTo).toBeGreaterThan(0);
  expect(records.map(({ bytes }) => textOfBytes(bytes))).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9].map((i) => `record ${i}`));
  expect(storage.end).toBe(ends.at(-1));
  await storage.close();
});

test('a full disk is waited for and a failed sync is final', async () => {
  const folder = newFolder();
  const files = new UnsyncedFiles(3);
  const { storage, reports } = await open(folder, files);
  files.failure = 'ENOSPC';
  const end = storage.append(bytesOfText('waits'));
  await pause(20);
  expect(reports.map(({ kind }) => kind)).toEqual(['full']);
  files.failure = undefined;
  await pause(500);
  expect(reports.map(({ kind }) => kind)).toEqual(['full', 'resumed', 'durable']);
  expect(durableOf(reports)).toBe(end);
  files.failure = 'EIO';
  storage.append(bytesOfText('fails'));
  await pause(20);
  files.failure = undefined;
  storage.append(bytesOfText('never'));
  await pause(20);
  expect(reports.map(({ kind }) => kind)).toEqual(['full', 'resumed', 'durable', 'failed']);
  await storage.close();
});

test('a large batch is applied whole, and in order with the others', async () => {
  const folder = newFolder();
  const files = new UnsyncedFiles(4);
  const { storage, reports } = await open(folder, files);
  const rows = Array.from({ length: 50_000 }, (_, i) => ({ key: `row ${i}`, value: new Uint8Array(100) as Bytes }));
  storage.commit({ clear: [], rows });
  storage.commit({ clear: [{ from: 'row 2', to: 'row 3' }], rows: [{ key: 'row 25', value: bytesOfText('new') }] });
  for (let told = 0; told < 2; ) {
    await pause(1);
    const tickets = reports.filter((report) => report.kind === 'committed').length;
    if (tickets === told) continue;
    told = tickets;
    storage.reveal();
  }
  expect(storage.get('row 2')).toBeUndefined();
  expect(textOfBytes(storage.get('row 25') as Bytes)).toBe('new');
  expect(storage.get('row 49999')).toHaveLength(100);
  await storage.close();
});
