import { assert, type Bytes } from '../../base/index.ts';

/** Places of the counters in front of the data. Head and tail count bytes, modulo 2^32. */
const head = 0;
const tail = 1;
const isReaderAsleep = 2;
const isWriterWaiting = 3;
const counters = 16;
const lengthBytes = 4;

/**
 * A queue of chunks of bytes in shared memory, for one thread that writes and one that reads. Whoever finds nothing to do
 * leaves word, and the other one then sends a message; otherwise no message passes between them.
 */
export class Ring {
  readonly shared: SharedArrayBuffer;
  readonly #counters: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #mask: number;

  constructor(shared: SharedArrayBuffer) {
    this.shared = shared;
    this.#counters = new Int32Array(shared, 0, counters);
    this.#bytes = new Uint8Array(shared, counters * Int32Array.BYTES_PER_ELEMENT);
    this.#mask = this.#bytes.length - 1;
  }

  static create(capacityBytes: number): Ring {
    const isPower = capacityBytes >= 1024 && (capacityBytes & (capacityBytes - 1)) === 0;
    assert(isPower, () => `a ring has ${capacityBytes} bytes, and needs a power of two from 1024 on`);
    const ring = new Ring(new SharedArrayBuffer(counters * Int32Array.BYTES_PER_ELEMENT + capacityBytes));
    Atomics.store(ring.#counters, isReaderAsleep, 1);
    return ring;
  }

  /** The largest chunk that fits. */
  get chunkMax(): number {
    return this.#bytes.length - lengthBytes;
  }

  /** Writes one chunk, if there is room for it. */
  write(chunk: Bytes): boolean {
    const end = Atomics.load(this.#counters, tail);
    const used = (end - Atomics.load(this.#counters, head)) >>> 0;
    if (used + lengthBytes + chunk.length > this.#bytes.length) return false;
    for (let i = 0; i < lengthBytes; i++) this.#bytes[(end + i) & this.#mask] = chunk.length >>> (8 * i);
    this.#copyIn(chunk, (end + lengthBytes) & this.#mask);
    Atomics.store(this.#counters, tail, (end + lengthBytes + chunk.length) | 0);
    return true;
  }

  /** The oldest chunk, as bytes of its own; undefined where there is none. */
  read(): Bytes | undefined {
    const start = Atomics.load(this.#counters, head);
    if (start === Atomics.load(this.#counters, tail)) return undefined;
    let length = 0;
    for (let i = 0; i < lengthBytes; i++) length |= this.#bytes[(start + i) & this.#mask]! << (8 * i);
    const chunk = this.#copyOut((start + lengthBytes) & this.#mask, length);
    Atomics.store(this.#counters, head, (start + lengthBytes + length) | 0);
    return chunk;
  }

  /** The reader found nothing: true if that is still so, and the writer will wake it. */
  sleep(): boolean {
    Atomics.store(this.#counters, isReaderAsleep, 1);
    if (Atomics.load(this.#counters, head) === Atomics.load(this.#counters, tail)) return true;
    Atomics.store(this.#counters, isReaderAsleep, 0);
    return false;
  }

  /** True once where the reader sleeps: it must be woken. */
  takeSleeper(): boolean {
    return Atomics.exchange(this.#counters, isReaderAsleep, 0) === 1;
  }

  /** The writer found no room, and is to be told when there is some. */
  awaitRoom(): void {
    Atomics.store(this.#counters, isWriterWaiting, 1);
  }

  /** True once where the writer waits and half of the ring is free: it must be told. */
  takeWaiter(): boolean {
    const used = (Atomics.load(this.#counters, tail) - Atomics.load(this.#counters, head)) >>> 0;
    return used <= this.#bytes.length / 2 && Atomics.exchange(this.#counters, isWriterWaiting, 0) === 1;
  }

  #copyIn(chunk: Bytes, at: number): void {
    const first = Math.min(chunk.length, this.#bytes.length - at);
    this.#bytes.set(chunk.subarray(0, first), at);
    this.#bytes.set(chunk.subarray(first), 0);
  }

  #copyOut(at: number, length: number): Bytes {
    const chunk = new Uint8Array(length);
    const first = Math.min(length, this.#bytes.length - at);
    chunk.set(this.#bytes.subarray(at, at + first));
    chunk.set(this.#bytes.subarray(0, length - first), first);
    return chunk;
  }
}
