import {
  type Bytes,
  failure,
  MalformedError,
  Reader,
  type Result,
  type Schema,
  success,
  Writer,
} from '../base/index.ts';
import type { Address } from './network.ts';

/** Goes up when frames change; peers of another version are refused. */
export const wireVersion = 1;

/** A system id as frames carry it: eight bytes, compared as two numbers. */
export interface WireSystem {
  readonly high: number;
  readonly low: number;
}

/** Where a message lies inside a frame: from `at` up to `end`, which is behind its last byte. */
export interface FramedMessage {
  readonly tag: number;
  readonly at: number;
  readonly end: number;
}

export interface Frame {
  readonly system: WireSystem;
  /** Where the sender listens. */
  readonly from: Address;
  readonly messages: readonly FramedMessage[];
}

export function wireSystem(systemId: string): WireSystem {
  return { high: Number.parseInt(systemId.slice(0, 8), 16), low: Number.parseInt(systemId.slice(8), 16) };
}

export function systemIdOf(system: WireSystem): string {
  return system.high.toString(16).padStart(8, '0') + system.low.toString(16).padStart(8, '0');
}

/** A frame begins with the number of bytes that follow, so that a stream can be cut into frames. */
export const frameLengthBytes = 4;

/** What all frames of a peer begin with: room for the length, version, system id and the sender's address. */
export function frameStart(system: WireSystem, from: Address): Bytes {
  const writer = new Writer();
  writer.u32(0);
  writer.u8(wireVersion);
  writer.u32(system.high);
  writer.u32(system.low);
  writer.text(from);
  return writer.take();
}

/** Gathers the messages to one peer: behind the start of the frame come tag, length and bytes of each message. */
export class FrameWriter {
  readonly #writer = new Writer();
  #messages = 0;
  #lastBytes = 0;

  get messages(): number {
    return this.#messages;
  }

  get length(): number {
    return this.#writer.length;
  }

  /** How long the message is that was added last; 0 where it is gone. */
  get lastBytes(): number {
    return this.#lastBytes;
  }

  /** Adds a message. */
  add<T>(start: Bytes, tag: number, schema: Schema<T>, message: T): void {
    this.#begin(start, tag);
    this.#lastBytes = this.#writer.sized(schema, message);
  }

  /** Adds the message that another writer was given last, as that one wrote it. */
  addLastOf(other: FrameWriter, start: Bytes, tag: number): void {
    this.#begin(start, tag);
    this.#lastBytes = other.#lastBytes;
    this.#writer.sizedEnd(other.#writer, other.#lastBytes);
  }

  #begin(start: Bytes, tag: number): void {
    if (this.#messages++ === 0) this.#writer.raw(start);
    this.#writer.u8(tag);
  }

  /** The frame as an exact copy; the writer is empty behind it. */
  take(): Bytes {
    this.#writer.patchU32(0, this.#writer.length - frameLengthBytes);
    const frame = this.#writer.take();
    this.#writer.reset();
    this.#messages = 0;
    this.#lastBytes = 0;
    return frame;
  }
}

/** What a whole frame holds, or why it cannot be read. `sender` is who it probably comes from: it costs less to be right. */
export function parseFrame(bytes: Bytes, sender: Address = ''): Result<Frame, string> {
  const reader = new Reader(bytes, frameLengthBytes);
  try {
    const version = reader.u8();
    if (version !== wireVersion) return failure(`it speaks wire version ${version}, and this peer ${wireVersion}`);
    const system = { high: reader.u32(), low: reader.u32() };
    const from = reader.textLike(sender);
    // Most frames hold one message: an array that begins with it takes no more room than that.
    const messages = reader.remaining > 0 ? [readMessage(reader)] : [];
    while (reader.remaining > 0) messages.push(readMessage(reader));
    return success({ system, from, messages });
  } catch (error) {
    if (error instanceof MalformedError) return failure(error.message);
    throw error;
  }
}

function readMessage(reader: Reader): FramedMessage {
  const tag = reader.u8();
  const length = reader.varint();
  const at = reader.skip(length);
  return { tag, at, end: at + length };
}
