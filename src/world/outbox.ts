import { FrameWriter } from './frame.ts';
import { scannedAddressesMax, spareWritersMax } from './limits.ts';
import type { Address } from './network.ts';

/** What one turn says to others, gathered in a frame for each. */
export class Outbox {
  readonly #addresses: Address[] = [];
  readonly #writers: FrameWriter[] = [];
  /** Where each address stands, once they are many. */
  readonly #places = new Map<Address, number>();
  /** Writers that nothing is gathered in: a peer that was spoken to once holds no memory for ever. */
  readonly #spare: FrameWriter[] = [];

  get isEmpty(): boolean {
    return this.#addresses.length === 0;
  }

  /** What is gathered for an address; undefined where it was not spoken to in this turn. */
  find(to: Address): FrameWriter | undefined {
    const { length } = this.#addresses;
    if (length > scannedAddressesMax) return this.#writers[this.#places.get(to) ?? length];
    for (let i = 0; i < length; i++) if (this.#addresses[i] === to) return this.#writers[i];
    return undefined;
  }

  /** Begins to gather for an address that was not spoken to in this turn. */
  begin(to: Address): FrameWriter {
    const writer = this.#spare.pop() ?? new FrameWriter();
    const at = this.#addresses.push(to);
    this.#writers.push(writer);
    if (at === scannedAddressesMax + 1)
      for (const [i, address] of this.#addresses.entries()) this.#places.set(address, i);
    else if (at > scannedAddressesMax) this.#places.set(to, at - 1);
    return writer;
  }

  /** Hands each address with what was gathered for it to `send`, and is empty behind it. */
  empty(send: (to: Address, writer: FrameWriter) => void): void {
    for (let i = 0; i < this.#addresses.length; i++) {
      const writer = this.#writers[i]!;
      if (writer.messages > 0) send(this.#addresses[i]!, writer);
      if (this.#spare.length < spareWritersMax) this.#spare.push(writer);
    }
    if (this.#addresses.length > scannedAddressesMax) this.#places.clear();
    this.#addresses.length = 0;
    this.#writers.length = 0;
  }
}
