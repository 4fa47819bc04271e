import { type Bytes, concatBytes } from '../../base/index.ts';
import { frameBytesMax, frameLengthBytes } from '../index.ts';

/** Cuts a stream into frames. Nothing is allocated for a length that is only announced. */
export class FrameSplitter {
  #parts: Bytes[] = [];
  #partsLength = 0;
  /** How long the frame is whose parts are gathered; undefined before its length is known. */
  #wanted: number | undefined;

  /** The frames that are whole now, each with its length before it; undefined where the stream announces too much. */
  push(chunk: Bytes): readonly Bytes[] | undefined {
    let rest = this.#parts.length === 0 ? chunk : this.#join(chunk);
    if (rest === undefined) return [];
    const frames: Bytes[] = [];
    while (rest.length >= frameLengthBytes) {
      const length: number = frameLengthBytes + lengthAt(rest);
      if (length > frameBytesMax) return undefined;
      if (length > rest.length) {
        this.#wanted = length;
        break;
      }
      frames.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    if (rest.length > 0) this.#keep(rest);
    return frames;
  }

  /** What waits and the chunk as one, or undefined while the frame is not whole. */
  #join(chunk: Bytes): Bytes | undefined {
    this.#keep(chunk);
    if (this.#wanted !== undefined && this.#partsLength < this.#wanted) return undefined;
    const whole = concatBytes(this.#parts);
    this.#parts = [];
    this.#partsLength = 0;
    this.#wanted = undefined;
    return whole;
  }

  #keep(part: Bytes): void {
    this.#parts.push(part);
    this.#partsLength += part.length;
  }
}

function lengthAt(bytes: Bytes): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}
