import { type Bytes, failure, type Result, success } from '../base/index.ts';
import { bytes, json, type Store, type StoreError, type StoreView, type Tuple, tupleKey } from '../client/index.ts';
import { deleteRange } from './deleteRange.ts';
import { partBytes, partsPerTransaction, readTriesMax } from './limits.ts';

/** What is known of a large value: which of its writings counts, and how much that is. */
interface Head {
  readonly writing: number;
  readonly parts: number;
  readonly length: number;
}

type PartKey = readonly [string, number, number];

/**
 * Values larger than the store takes, in parts. The parts of each writing lie by themselves until all are there; then one write
 * says that they count. So who reads sees all of a value or all of another, and a writing that breaks off changes nothing: its parts
 * go with the next one.
 */
export class Blobs {
  readonly #heads: Store<readonly [string], Head>;
  readonly #parts: Store<PartKey, Bytes>;
  readonly #numbers: Store<readonly [string], unknown>;

  constructor(store: StoreView, space: Tuple) {
    this.#heads = store.as(tupleKey<readonly [string]>([...space, 'head']), json<Head>());
    this.#parts = store.as(tupleKey<PartKey>([...space, 'part']), bytes);
    this.#numbers = store.as(tupleKey<readonly [string]>([...space, 'number']), json());
  }

  async put(name: string, value: Bytes): Promise<Result<void, StoreError>> {
    const numbered = await this.#numbers.increment([name]);
    if (!numbered.ok) return numbered;
    const writing = Number(numbered.value);
    const parts = Math.ceil(value.length / partBytes);
    for (let from = 0; from < parts; from += partsPerTransaction) {
      const written = await this.#parts.transact(async (tx) => {
        for (let i = from; i < Math.min(parts, from + partsPerTransaction); i++) {
          tx.put([name, writing, i], value.subarray(i * partBytes, (i + 1) * partBytes));
        }
      });
      if (!written.ok) return written;
    }
    return this.#begin(name, { writing, parts, length: value.length });
  }

  /** The value; undefined where there is none. */
  async get(name: string): Promise<Result<Bytes | undefined, StoreError>> {
    for (let tries = 0; tries < readTriesMax; tries++) {
      const head = await this.#heads.get([name]);
      if (!head.ok) return head;
      if (head.value === undefined) return success(undefined);
      const whole = await this.#read(name, head.value.value);
      if (!whole.ok || whole.value !== undefined) return whole;
    }
    return failure({ kind: 'conflict', message: 'the value was written anew whenever it was read: try again later' });
  }

  /** False where there was none. */
  async delete(name: string): Promise<Result<boolean, StoreError>> {
    const was = await this.#heads.delete([name]);
    if (!was.ok) return was;
    const gone = await deleteRange(this.#parts, { prefix: [name] as unknown as PartKey });
    return gone.ok ? was : gone;
  }

  /** From now on this writing counts, unless a later one does already; the parts of those before it are for nobody. */
  async #begin(name: string, head: Head): Promise<Result<void, StoreError>> {
    const begun = await this.#heads.transact(async (tx) => {
      const old = await tx.get([name]);
      const counts = old === undefined || old.writing < head.writing;
      if (counts) tx.put([name], head);
      return counts;
    });
    if (!begun.ok) return begun;
    const prefix = [name] as unknown as PartKey;
    const gone = await deleteRange(this.#parts, {
      prefix,
      to: [name, begun.value ? head.writing : head.writing + 1, 0],
    });
    return gone.ok ? success(undefined) : gone;
  }

  /** Undefined where some of it is gone: another writing counts by now. */
  async #read(name: string, { writing, parts, length }: Head): Promise<Result<Bytes | undefined, StoreError>> {
    const whole = new Uint8Array(length);
    for (let i = 0; i < parts; i++) {
      const part = await this.#parts.get([name, writing, i]);
      if (!part.ok) return part;
      if (part.value === undefined) return success(undefined);
      whole.set(part.value.value, i * partBytes);
    }
    return success(whole);
  }
}
