import { existsSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failure, type Result, success } from '../../base/index.ts';

export const lockName = 'lock';

/** Locks that this process holds: its own number in a lock file says nothing else. */
const held = new Set<string>();

/**
 * Keeps a second process out of a folder. The platform has no lock that dies with its process, so a file names the
 * process, and the moment of its start where the platform tells it; one that is gone left its lock behind.
 */
export class FolderLock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  static take(folder: string): Result<FolderLock, string> {
    const file = join(folder, lockName);
    const own = ownerOf(process.pid);
    if (!create(file, own)) {
      const owner = readFileSync(file, 'utf8');
      if (isAlive(file, owner)) {
        const processId = owner.split(' ')[0];
        return failure(`${folder} is in use by process ${processId}: stop that one, or choose another folder`);
      }
      removeStale(file, owner);
      if (!create(file, own)) return failure(`${folder} was opened by another process just now: choose another folder`);
    }
    held.add(file);
    return success(new FolderLock(file));
  }

  /** The process that has the folder open; undefined where none has. */
  static holder(folder: string): number | undefined {
    const file = join(folder, lockName);
    if (!existsSync(file)) return undefined;
    const owner = readFileSync(file, 'utf8');
    return isAlive(file, owner) ? Number(owner.split(' ')[0]) : undefined;
  }

  release(): void {
    if (held.delete(this.#file)) unlinkSync(this.#file);
  }
}

function create(file: string, owner: string): boolean {
  try {
    writeFileSync(file, owner, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(file: string, owner: string): boolean {
  const processId = Number(owner.split(' ')[0]);
  if (!Number.isInteger(processId) || processId <= 0) return false;
  if (processId === process.pid) return held.has(file);
  try {
    process.kill(processId, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  // Numbers are used again, above all after a restart of the machine: the start tells two processes apart.
  return ownerOf(processId) === owner;
}

/** Takes a stale lock away; one that another process put there meanwhile is put back. */
function removeStale(file: string, owner: string): void {
  const aside = `${file}.${process.pid}`;
  renameSync(file, aside);
  if (readFileSync(aside, 'utf8') === owner) unlinkSync(aside);
  else renameSync(aside, file);
}

function ownerOf(processId: number): string {
  let start = '';
  try {
    // The 22nd field, counted behind the name in brackets, which may hold anything.
    const status = readFileSync(`/proc/${processId}/stat`, 'utf8');
    start = status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    // Not a platform with /proc: the number alone has to do.
  }
  return `${processId} ${start}`;
}
