import { crc32 } from 'node:zlib';
import { open, type RootDatabase } from 'lmdb';
import { assert, type Bytes, type Key, type Range } from '../../base/index.ts';
import { type Batch, type Row, rowKeyBytesMax, type Scan, type ScanLimit, type Snapshot } from '../index.ts';

export type Database = RootDatabase<Bytes, string>;
type Transaction = ReturnType<Database['useReadTransaction']>;

/** The engine takes no empty key, so rows begin with this. */
export const rowPrefix = '\x01';
const endOfRows = '\x02';
const checksumBytes = 4;

/** Keys go to the engine as their bytes, one for each character. */
const keyEncoder = {
  writeKey: (key: string, target: Buffer, at: number): number => at + target.write(key, at, 'latin1'),
  readKey: (source: Buffer, from: number, to: number): string => source.toString('latin1', from, to),
};

/**
 * Opens the engine's files. `overlappingSync` is off, so that a commit has been synced when it is told, and
 * `eventTurnBatching` too: its own promises are heard by nobody, and a commit that failed would end the process.
 */
export function openDatabase(path: string, { readOnly } = { readOnly: false }): Database {
  const speed = { eventTurnBatching: false, noMemInit: true };
  const options = {
    path,
    encoding: 'binary',
    keyEncoder,
    overlappingSync: false,
    maxDbs: 1,
    readOnly,
    ...speed,
  } as const;
  return open<Bytes, string>(options);
}

/** The bytes of a row: the checksum of the value before it. */
export function sealRow(value: Bytes): Buffer {
  const sealed = Buffer.allocUnsafe(checksumBytes + value.length);
  sealed.writeUInt32LE(crc32(value), 0);
  sealed.set(value, checksumBytes);
  return sealed;
}

function openRow(sealed: Buffer): Bytes | 'damaged' {
  if (sealed.length < checksumBytes) return 'damaged';
  const value = new Uint8Array(sealed.buffer, sealed.byteOffset + checksumBytes, sealed.length - checksumBytes);
  return crc32(value) === sealed.readUInt32LE(0) ? value : 'damaged';
}

/** A transaction that several views read from: it ends with the last of them. */
interface Pin {
  readonly transaction: Transaction;
  views: number;
}

/** Reads of one state of the engine: it stands still until it is closed. */
export class EngineView implements Snapshot {
  readonly #database: Database;
  readonly #pin: Pin;
  #isOpen = true;

  private constructor(database: Database, pin: Pin) {
    this.#database = database;
    this.#pin = pin;
    pin.views++;
  }

  /** The state of the last commit. */
  static latest(database: Database): EngineView {
    // Without the reset the transaction of an earlier read would be shared, and with it an older state.
    database.resetReadTxn();
    return new EngineView(database, { transaction: database.useReadTransaction(), views: 0 });
  }

  /** Another view of the same state, closed on its own. */
  share(): EngineView {
    return new EngineView(this.#database, this.#pin);
  }

  get(key: Key): Bytes | undefined | 'damaged' {
    const sealed = this.#database.get(rowPrefix + key, { transaction: this.#pin.transaction });
    return sealed === undefined ? undefined : openRow(sealed as Buffer);
  }

  scan({ from, to }: Range, limit: ScanLimit): Scan | 'damaged' {
    if (to !== undefined && to <= from) return { rows: [], more: false };
    const range = { start: rowPrefix + from, end: to === undefined ? endOfRows : rowPrefix + to };
    return this.#take(range, limit);
  }

  scanDown({ from, to }: Range, limit: ScanLimit): Scan | 'damaged' {
    if (to !== undefined && to <= from) return { rows: [], more: false };
    const start = to === undefined ? endOfRows : rowPrefix + to;
    const ends = { reverse: true, exclusiveStart: true, inclusiveEnd: true };
    return this.#take({ start, end: rowPrefix + from, ...ends }, limit);
  }

  /** Rows one by one, also those whose checksum does not fit. */
  *rows({ from, to }: Range): Generator<{ readonly key: Key; readonly value: Bytes | 'damaged' }> {
    const range = { start: rowPrefix + from, end: to === undefined ? endOfRows : rowPrefix + to };
    for (const { key, value } of this.#database.getRange({ ...range, transaction: this.#pin.transaction })) {
      yield { key: key.slice(rowPrefix.length), value: openRow(value as Buffer) };
    }
  }

  /** The keys of the rows in a range, as the engine holds them. */
  keys({ from, to }: Range, countMax: number): readonly string[] {
    const range = { start: rowPrefix + from, end: to === undefined ? endOfRows : rowPrefix + to, limit: countMax };
    return [...this.#database.getKeys({ ...range, transaction: this.#pin.transaction })];
  }

  close(): void {
    if (this.#isOpen && --this.#pin.views === 0) this.#pin.transaction.done();
    this.#isOpen = false;
  }

  #take(range: object, limit: ScanLimit): Scan | 'damaged' {
    assert(this.#isOpen, 'a snapshot is read after it was closed');
    const rows: Row[] = [];
    let bytes = 0;
    for (const { key, value: sealed } of this.#database.getRange({ ...range, transaction: this.#pin.transaction })) {
      bytes += key.length - rowPrefix.length + sealed.length - checksumBytes;
      if (rows.length > 0 && (rows.length >= limit.rowsMax || bytes > limit.bytesMax)) return { rows, more: true };
      const value = openRow(sealed as Buffer);
      if (value === 'damaged') return 'damaged';
      rows.push({ key: key.slice(rowPrefix.length), value });
    }
    return { rows, more: false };
  }
}

/** Refuses a batch that the engine could not take. */
export function checkBatch(batch: Batch): void {
  for (const { key } of batch.rows) {
    assert(key.length <= rowKeyBytesMax, () => `the key of a row has ${key.length} bytes: too long`);
  }
}
