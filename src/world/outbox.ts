import { FrameWriter } from './frame.ts';
import { scannedAddressesMax, spareWritersMax } from './limits.ts';
import type { Address } from './network.ts';

/**
 * What one turn says to others, gathered in a frame for each. Places and writers stay when it is emptied, since a list that is
 * cut to nothing makes new ones; writers beyond some go, so that a peer that spoke to many once holds no memory for ever.
 */
export class Outbox {
  readonly #addresses: Address[] = [];
  readonly #writers: FrameWriter[] = [];
  /** How many addresses were spoken to in this turn. */
  #count = 0;
  /** Where each address stands, once they are many. */
  readonly #places = new Map<Address, number>();

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** What is gathered for an address; undefined where it was not spoken to in this turn. */
  find(to: Address): FrameWriter | undefined {
    if (this.#count > scannedAddressesMax) {
      const at = this.#places.get(to);
      return at === undefined ? undefined : this.#writers[at];
    }
    for (let i = 0; i < this.#count; i++) if (this.#addresses[i] === to) return this.#writers[i];
    return undefined;
  }

  /** Begins to gather for an address that was not spoken to in this turn. */
  begin(to: Address): FrameWriter {
    const at = this.#count++;
    this.#addresses[at] = to;
    if (at === scannedAddressesMax) for (let i = 0; i <= at; i++) this.#places.set(this.#addresses[i]!, i);
    else if (at > scannedAddressesMax) this.#places.set(to, at);
    return (this.#writers[at] ??= new FrameWriter());
  }

  /** Hands each address with what was gathered for it to `send`, and is empty behind it. */
  empty(send: (to: Address, writer: FrameWriter) => void): void {
    const count = this.#count;
    for (let i = 0; i < count; i++) {
      const writer = this.#writers[i]!;
      if (writer.messages > 0) send(this.#addresses[i]!, writer);
    }
    this.#count = 0;
    if (count > scannedAddressesMax) this.#places.clear();
    if (count > spareWritersMax) this.#addresses.length = this.#writers.length = spareWritersMax;
  }
}
