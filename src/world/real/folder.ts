import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { failure, type Result, success } from '../../base/index.ts';
import type { Identity } from '../index.ts';
import { FolderLock, lockName } from './folderLock.ts';

/** Goes up when what a folder holds changes so that older programs cannot read it. */
export const folderFormat = 1;

const identityName = 'identity.json';
const newIdentityName = 'identity.json.new';

/** What the identity file says. */
export interface IdentityRecord {
  readonly format: number;
  readonly name: string;
  readonly incarnation: string;
  /** The inode of the file itself: a copy has another, and would be a second peer of the same identity. */
  readonly inode: number;
}

/** The folder of one peer on a real disk. */
export class Folder implements Identity {
  readonly path: string;
  readonly #lock: FolderLock;
  #record: IdentityRecord;

  private constructor(path: string, lock: FolderLock, record: IdentityRecord) {
    this.path = path;
    this.#lock = lock;
    this.#record = record;
  }

  /**
   * Opens a peer's folder and locks it; one that is empty or not there becomes the folder of a new peer called `name`.
   * The failure is a sentence that says what to do.
   */
  static open(path: string, name: string): Result<Folder, string> {
    const folder = resolve(path);
    try {
      mkdirSync(folder, { recursive: true });
      const known = readIdentity(folder);
      if (!known.ok) return known;
      const lock = FolderLock.take(folder);
      if (!lock.ok) return lock;
      const record = known.value ?? writeIdentity(folder, newIdentity(name));
      return success(new Folder(folder, lock.value, record));
    } catch (error) {
      return failure(sentenceOf(error as NodeJS.ErrnoException, folder));
    }
  }

  get name(): string {
    return this.#record.name;
  }

  get incarnation(): string {
    return this.#record.incarnation;
  }

  /** Lets others open it. */
  close(): void {
    this.#lock.release();
  }
}

function newIdentity(name: string): IdentityRecord {
  return { format: folderFormat, name, incarnation: randomBytes(8).toString('hex'), inode: 0 };
}

/** The identity that a folder holds; undefined where it is empty. */
function readIdentity(folder: string): Result<IdentityRecord | undefined, string> {
  const names = readdirSync(folder).filter(
    (name) => name !== lockName && name !== newIdentityName && name !== 'lost+found',
  );
  if (names.length === 0) return success(undefined);
  if (!names.includes(identityName)) {
    return failure(`${folder} holds files that are not a peer's: choose an empty folder`);
  }
  const found = identityIn(folder);
  if (!found.ok) return found;
  if (found.value.isCopy) {
    const advice = 'use the folder it was copied from, or an empty one to start a new peer';
    return failure(`${folder} is a copy of another peer's folder, and two peers must not be the same: ${advice}`);
  }
  return success(found.value.record);
}

/** What the identity file of a folder says, and whether the folder is a copy of the one that it was written in. */
export function identityIn(
  folder: string,
): Result<{ readonly record: IdentityRecord; readonly isCopy: boolean }, string> {
  const file = join(folder, identityName);
  if (!existsSync(file)) return failure(`${folder} is no folder of a peer: name the one that a peer has as its --data`);
  const record = parseIdentity(readFileSync(file, 'utf8'));
  if (record === undefined) {
    return failure(`${file} is damaged: start with an empty folder, and the system gives this peer its data again`);
  }
  if (record.format > folderFormat) {
    return failure(`${folder} was written by a newer version (format ${record.format}): start it with that version`);
  }
  return success({ record, isCopy: record.inode !== statSync(file).ino });
}

function parseIdentity(text: string): IdentityRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { format, name, incarnation, inode } = (value ?? {}) as Record<keyof IdentityRecord, unknown>;
  if (typeof format !== 'number' || format < 1) return undefined;
  if (format > folderFormat) return { format, name: '', incarnation: '', inode: 0 };
  if (typeof name !== 'string' || !isHex(incarnation) || typeof inode !== 'number') return undefined;
  return { format, name, incarnation, inode };
}

function isHex(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{16}$/.test(value);
}

/** Writes the identity whole or not at all: a new file is synced and takes the old one's name. */
function writeIdentity(folder: string, record: IdentityRecord): IdentityRecord {
  const written = join(folder, newIdentityName);
  const file = openSync(written, 'w');
  const kept = { ...record, inode: statSync(written).ino };
  try {
    writeFileSync(file, `${JSON.stringify(kept, undefined, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(written, join(folder, identityName));
  const names = openSync(folder, 'r');
  try {
    fsyncSync(names);
  } finally {
    closeSync(names);
  }
  return kept;
}

function sentenceOf(error: NodeJS.ErrnoException, folder: string): string {
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${folder} cannot be written: give this user the right to, or choose another folder`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${folder} is not a folder: choose another path`;
    case 'ENOSPC':
      return `${folder} cannot be written because the disk is full: make room, or choose another disk`;
    default:
      return `${folder} cannot be opened: ${error.message}`;
  }
}
