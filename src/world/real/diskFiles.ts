import { close, fdatasync, fsync, open, write } from 'node:fs';
import { mkdir, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bytes } from '../../base/index.ts';

/** A file that is open for writing. */
export interface DiskFile {
  write(bytes: Bytes, at: number): Promise<void>;
  /** What was written survives a power loss once this has resolved. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The few calls on files that the journal makes: a port of its own, so that a test can hold back what was not synced.
 * They reject with the errors of the platform.
 */
export interface DiskFiles {
  list(): Promise<readonly string[]>;
  read(name: string): Promise<Bytes>;
  /** A new file of zeros, synced: later writes change no sizes, which makes their syncs cheaper. */
  create(name: string, sizeBytes: number): Promise<DiskFile>;
  open(name: string): Promise<DiskFile>;
  /** Synced, name and all. */
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
}

const openFile = promisify(open);
const writeFile = promisify(write) as (
  file: number,
  bytes: Bytes,
  offset: number,
  length: number,
  at: number,
) => Promise<{ bytesWritten: number }>;
const syncData = promisify(fdatasync);
const syncAll = promisify(fsync);
const closeFile = promisify(close);

const zeroBytes = 1024 * 1024;

class PlatformFile implements DiskFile {
  readonly #file: number;

  constructor(file: number) {
    this.#file = file;
  }

  async write(bytes: Bytes, at: number): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await writeFile(this.#file, bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
  }

  sync(): Promise<void> {
    return syncData(this.#file);
  }

  close(): Promise<void> {
    return closeFile(this.#file);
  }
}

/** The files of one folder of the platform. The folder is made where it is not there. */
export async function platformFiles(folder: string): Promise<DiskFiles> {
  await mkdir(folder, { recursive: true });
  const openPlatformFile = async (name: string, flags: string): Promise<PlatformFile> =>
    new PlatformFile(await openFile(join(folder, name), flags));
  return {
    list: () => readdir(folder),
    read: async (name) => {
      const { buffer, byteOffset, length } = await readFile(join(folder, name));
      return new Uint8Array(buffer, byteOffset, length);
    },
    create: async (name, sizeBytes) => {
      const file = await openPlatformFile(name, 'w');
      const zeros = new Uint8Array(Math.min(zeroBytes, sizeBytes));
      for (let at = 0; at < sizeBytes; at += zeros.length) {
        await file.write(zeros.subarray(0, Math.min(zeros.length, sizeBytes - at)), at);
      }
      await file.sync();
      return file;
    },
    open: (name) => openPlatformFile(name, 'r+'),
    rename: async (from, to) => {
      await rename(join(folder, from), join(folder, to));
      await syncFolder(folder);
    },
    remove: (name) => unlink(join(folder, name)),
  };
}

/** Makes the names in a folder survive a power loss. */
export async function syncFolder(folder: string): Promise<void> {
  const file = await openFile(folder, 'r');
  try {
    await syncAll(file);
  } finally {
    await closeFile(file);
  }
}
