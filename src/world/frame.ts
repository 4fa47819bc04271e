import { type Bytes, MalformedError, type Part, Reader, type Schema, Writer } from '../base/index.ts';
import type { Address } from './network.ts';

/** Goes up when frames change; peers of another version are refused. */
export const wireVersion = 1;

/** A system id as frames carry it: eight bytes, compared as two numbers. */
export interface WireSystem {
  readonly high: number;
  readonly low: number;
}

/** Whom a frame comes from. */
export interface Sender {
  readonly system: WireSystem;
  /** Where it listens. */
  readonly from: Address;
}

/** What all frames of a peer begin with: made once, until its system changes. */
export interface FrameStart extends Sender {
  /** Room for the length, version, system id and the sender's address. */
  readonly bytes: Bytes;
}

/** A frame that goes out: its start, and its messages, which lie in bytes that other frames share. */
export interface Frame extends Part {
  readonly start: FrameStart;
}

export function wireSystem(systemId: string): WireSystem {
  return { high: Number.parseInt(systemId.slice(0, 8), 16), low: Number.parseInt(systemId.slice(8), 16) };
}

export function systemIdOf(system: WireSystem): string {
  return system.high.toString(16).padStart(8, '0') + system.low.toString(16).padStart(8, '0');
}

/** A frame begins with the number of bytes that follow, so that a stream can be cut into frames. */
export const frameLengthBytes = 4;

export function frameStart(system: WireSystem, from: Address): FrameStart {
  const writer = new Writer();
  writer.u32(0);
  writer.u8(wireVersion);
  writer.u32(system.high);
  writer.u32(system.low);
  writer.text(from);
  return { system, from, bytes: writer.take() };
}

/** How many bytes a frame takes on the wire. */
export function frameBytes({ start, at, end }: Frame): number {
  return start.bytes.length + end - at;
}

/** Gathers the messages to one peer: tag, length and bytes of each. */
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
  add<T>(tag: number, schema: Schema<T>, message: T): void {
    this.#messages++;
    this.#writer.u8(tag);
    this.#lastBytes = this.#writer.sized(schema, message);
  }

  /** Adds the message that another writer was given last, as that one wrote it. */
  addLastOf(other: FrameWriter, tag: number): void {
    this.#messages++;
    this.#writer.u8(tag);
    this.#lastBytes = other.#lastBytes;
    this.#writer.sizedEnd(other.#writer, other.#lastBytes);
  }

  /** What was gathered, as a frame whose messages share their bytes with others; the writer is empty behind it. */
  take(start: FrameStart): Frame {
    const { bytes, at, end } = this.#writer.takePart();
    this.#reset();
    return { start, bytes, at, end };
  }

  /** The same in one piece, with its length before it. */
  takeWhole(start: FrameStart): Bytes {
    const whole = this.#writer.takeBehind(start.bytes);
    const behind = whole.length - frameLengthBytes;
    for (let i = 0; i < frameLengthBytes; i++) whole[i] = behind >>> (8 * i);
    this.#reset();
    return whole;
  }

  #reset(): void {
    this.#writer.reset();
    this.#messages = 0;
    this.#lastBytes = 0;
  }
}

/** Goes through the messages of a frame, one after the other. Throws MalformedError where it is cut off in one. */
export class MessageCursor {
  readonly #reader: Reader;
  tag = 0;
  /** Where the message lies: from here up to `end`, which is behind its last byte. */
  at = 0;
  end = 0;

  constructor(bytes: Bytes, at: number, end: number) {
    this.#reader = new Reader(bytes, at, end);
  }

  /** Goes to the next message; false where there is none. */
  next(): boolean {
    const reader = this.#reader;
    if (reader.remaining === 0) return false;
    this.tag = reader.u8();
    const length = reader.varint();
    this.at = reader.skip(length);
    this.end = this.at + length;
    return true;
  }
}

/**
 * Whom a frame in one piece comes from, and where its messages begin. `likely` is who it probably is: it costs less to be
 * right. Throws MalformedError.
 */
export function readSender(bytes: Bytes, likely: Address = ''): Sender & { readonly messagesAt: number } {
  const reader = new Reader(bytes, frameLengthBytes);
  const version = reader.u8();
  if (version !== wireVersion)
    throw new MalformedError(`it speaks wire version ${version}, and this peer ${wireVersion}`);
  const system = { high: reader.u32(), low: reader.u32() };
  const from = reader.textLike(likely);
  return { system, from, messagesAt: reader.at };
}

/** Where the sender of a frame in one piece listens; undefined where it cannot be read. */
export function addressOfSender(bytes: Bytes): Address | undefined {
  try {
    return readSender(bytes).from;
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}
