import { Reader } from '../../base/index.ts';
import type { Crossing } from '../index.ts';
import { chunksPerTurn } from './limits.ts';
import type { Control } from './order.ts';
import type { Ring } from './ring.ts';

/** Takes events out of a ring and gives them to `deliver`, until the ring is empty and the other thread is to wake it. */
export class Inbox {
  readonly #ring: Ring;
  readonly #crossings: readonly Crossing[];
  readonly #deliver: (crossing: Crossing, event: unknown) => void;
  readonly #tell: (control: Control) => void;
  #isClosed = false;

  constructor(
    ring: Ring,
    crossings: readonly Crossing[],
    deliver: (crossing: Crossing, event: unknown) => void,
    tell: (control: Control) => void,
  ) {
    this.#ring = ring;
    this.#crossings = crossings;
    this.#deliver = deliver;
    this.#tell = tell;
  }

  work(): void {
    for (let i = 0; i < chunksPerTurn && !this.#isClosed; i++) {
      const chunk = this.#ring.read();
      if (chunk === undefined) {
        if (this.#ring.sleep()) return;
        continue;
      }
      if (this.#ring.takeWaiter()) this.#tell({ kind: 'room' });
      const reader = new Reader(chunk);
      while (reader.remaining > 0) {
        const crossing = this.#crossings[reader.varint()]!;
        this.#deliver(crossing, crossing.schema.read(reader));
      }
    }
    if (!this.#isClosed) setImmediate(() => this.work());
  }

  close(): void {
    this.#isClosed = true;
  }
}
