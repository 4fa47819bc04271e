import { type Bytes, copyBytes, Random } from '../src/base/index.ts';
import type { DiskFile, DiskFiles } from '../src/world/real/diskFiles.ts';

interface Write {
  readonly at: number;
  readonly bytes: Bytes;
}

/** A file as the disk holds it, and what was written since its last sync. */
interface Content {
  synced: Uint8Array;
  pending: Write[];
}

/**
 * Files for tests: what was not synced is kept apart, and a power loss drops a random part of it, as real caches do.
 * They can refuse to sync and fail as a platform fails.
 */
export class UnsyncedFiles implements DiskFiles {
  readonly #files = new Map<string, Content>();
  readonly #random: Random;
  readonly #doesSync: boolean;
  /** The code that writes and syncs fail with, if they do. */
  failure: 'ENOSPC' | 'EIO' | undefined;
  /** Counts power losses: files that were open before one reach nothing any more. */
  #powerLosses = 0;

  constructor(seed: number, options: { readonly doesSync: boolean } = { doesSync: true }) {
    this.#random = new Random(seed);
    this.#doesSync = options.doesSync;
  }

  /** What was not synced is gone; or some of it is kept whole, some in part, some not, in no order. */
  cutPower(isKept: 'nothing' | 'some'): void {
    this.#powerLosses++;
    for (const content of this.#files.values()) {
      for (const { at, bytes } of content.pending) {
        if (isKept === 'nothing' || this.#random.chance(0.3)) continue;
        const length = this.#random.chance(0.5) ? bytes.length : this.#random.below(bytes.length);
        if (length > 0) content.synced = put(content.synced, { at, bytes: bytes.subarray(0, length) });
      }
      content.pending = [];
    }
  }

  turnBit(name: string, at: number): void {
    const { synced } = this.#content(name);
    synced[at] = synced[at]! ^ 1;
  }

  async list(): Promise<readonly string[]> {
    return [...this.#files.keys()];
  }

  async read(name: string): Promise<Bytes> {
    const { synced, pending } = this.#content(name);
    return copyBytes(pending.reduce(put, synced));
  }

  async create(name: string, sizeBytes: number): Promise<DiskFile> {
    this.#mayFail();
    this.#files.set(name, { synced: new Uint8Array(sizeBytes), pending: [] });
    return this.#open(name);
  }

  async open(name: string): Promise<DiskFile> {
    return this.#open(name);
  }

  async rename(from: string, to: string): Promise<void> {
    const content = this.#content(from);
    this.#files.delete(from);
    this.#files.set(to, content);
  }

  async remove(name: string): Promise<void> {
    this.#files.delete(name);
  }

  #open(name: string): DiskFile {
    const content = this.#content(name);
    const opened = this.#powerLosses;
    return {
      write: async (bytes, at) => {
        this.#mayFail();
        if (opened === this.#powerLosses) content.pending.push({ at, bytes: copyBytes(bytes) });
      },
      sync: async () => {
        await new Promise((resolve) => setTimeout(resolve, this.#random.below(4)));
        this.#mayFail();
        if (opened !== this.#powerLosses || !this.#doesSync) return;
        content.synced = content.pending.reduce(put, content.synced);
        content.pending = [];
      },
      close: async () => undefined,
    };
  }

  #content(name: string): Content {
    const content = this.#files.get(name);
    if (content === undefined) throw Object.assign(new Error(`${name} is not there`), { code: 'ENOENT' });
    return content;
  }

  #mayFail(): void {
    if (this.failure !== undefined)
      throw Object.assign(new Error(`${this.failure} was asked for`), { code: this.failure });
  }
}

function put(into: Uint8Array, { at, bytes }: Write): Uint8Array {
  const whole = into.length >= at + bytes.length ? into : new Uint8Array(at + bytes.length);
  if (whole !== into) whole.set(into);
  whole.set(bytes, at);
  return whole;
}
