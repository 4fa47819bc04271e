import { type Bytes, bytesEqual } from '../base/index.ts';
import { type AccessMessage, movedResult } from '../command/index.ts';
import type { Address, Clock } from '../world/index.ts';
import { signpostsMax, strayMs, straysMax } from './limits.ts';

interface Sign {
  readonly version: number;
  readonly bytes: Bytes;
  readonly sinceMs: number;
}

/**
 * Tells those who came to a cell that does not hold their keys where cells are, sooner than the overlay would: the hints
 * of those that are led here and changed lately, and of those that begin to be led here in the next moment.
 */
export class Signposts {
  readonly #clock: Clock;
  readonly #send: (to: Address, message: AccessMessage) => void;
  readonly #signs = new Map<string, Sign>();
  /** Who came to the wrong cell, and when. */
  readonly #strays = new Map<Address, number>();

  constructor(clock: Clock, send: (to: Address, message: AccessMessage) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** A leader here said what its cell is. */
  published(cell: string, version: number, bytes: Bytes): void {
    const now = this.#clock.monotonicMs();
    this.#signs.delete(cell);
    this.#signs.set(cell, { version, bytes, sinceMs: now });
    const [oldest] = this.#signs.keys();
    if (this.#signs.size > signpostsMax) this.#signs.delete(oldest!);
    for (const [stray, atMs] of this.#strays) {
      if (now - atMs > strayMs) this.#strays.delete(stray);
      else this.#send(stray, { kind: 'cells', cell, hints: [{ version, bytes }] });
    }
  }

  /** A caller was answered: perhaps that it came to the wrong cell. */
  answered(to: Address, message: AccessMessage): void {
    if (!saysMoved(message)) return;
    const now = this.#clock.monotonicMs();
    if (this.#strays.size < straysMax) this.#strays.set(to, now);
    const hints = [...this.#signs.values()].filter(({ sinceMs }) => now - sinceMs <= strayMs);
    if (hints.length === 0) return;
    this.#send(to, {
      kind: 'cells',
      cell: message.cell,
      hints: hints.map(({ version, bytes }) => ({ version, bytes })),
    });
  }
}

function saysMoved(message: AccessMessage): boolean {
  switch (message.kind) {
    case 'results':
      return message.results.some(({ result }) => bytesEqual(result, movedResult));
    case 'answers':
      return message.answers.some(({ result }) => bytesEqual(result, movedResult));
    default:
      return false;
  }
}
