import type { Bytes } from '../../base/index.ts';

type Item = Bytes | 'end';

/** One direction of a byte stream: chunks arrive in order, each after a delay, none while it is paused. */
export class Pipe {
  readonly #later: (run: () => void) => void;
  readonly #deliver: (item: Item) => void;
  #items: Item[] = [];
  #waitingBytes = 0;
  #isPaused = false;
  /** Deliveries that came due while it was paused. */
  #held = 0;

  constructor(later: (run: () => void) => void, deliver: (item: Item) => void) {
    this.#later = later;
    this.#deliver = deliver;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  push(item: Item): void {
    this.#items.push(item);
    if (item !== 'end') this.#waitingBytes += item.length;
    this.#later(() => this.#deliverNext());
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    for (; this.#held > 0; this.#held--) this.#later(() => this.#deliverNext());
  }

  /** What has not arrived never will. */
  break(): void {
    this.#items = [];
    this.#waitingBytes = 0;
  }

  #deliverNext(): void {
    if (this.#isPaused) {
      this.#held++;
      return;
    }
    const item = this.#items.shift();
    if (item === undefined) return;
    if (item !== 'end') this.#waitingBytes -= item.length;
    this.#deliver(item);
  }
}
