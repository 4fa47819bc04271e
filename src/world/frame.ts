import { type Bytes, failure, MalformedError, Reader, type Result, success, Writer } from '../base/index.ts';
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

/**
 * Gathers the messages to one peer: length, version, system id and the sender's address, then tag, length and bytes
 * of each message.
 */
export class FrameWriter {
  readonly #writer = new Writer();
  #messages = 0;

  get messages(): number {
    return this.#messages;
  }

  get length(): number {
    return this.#writer.length;
  }

  /** Adds the message that another writer holds. */
  add(system: WireSystem, from: Address, tag: number, message: Writer): void {
    const writer = this.#writer;
    if (this.#messages++ === 0) {
      writer.u32(0);
      writer.u8(wireVersion);
      writer.u32(system.high);
      writer.u32(system.low);
      writer.text(from);
    }
    writer.u8(tag);
    writer.held(message);
  }

  /** The frame as an exact copy; the writer is empty behind it. */
  take(): Bytes {
    this.#writer.patchU32(0, this.#writer.length - frameLengthBytes);
    const frame = this.#writer.take();
    this.#writer.reset();
    this.#messages = 0;
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
