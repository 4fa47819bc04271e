import { beatMs, messageBytesGoal, resendMs, windowItems } from './limits.ts';
import type { FerryMessage, Item } from './messages.ts';

type Items = Extract<FerryMessage, { kind: 'items' }>;

/** What is sent: where it is for a reference, by its number. */
export type Cargo = Item & { readonly reference?: number };

/**
 * One end of a stream of events over a network that loses, doubles and reorders: each comes out at the other end once and in
 * its order. What is not confirmed in time is sent again from there on.
 */
export class Conduit {
  lastHeardMs: number;
  readonly #passage: string;
  readonly #unconfirmed: Cargo[] = [];
  /** The number of the first of them, and how many of them were sent. */
  #first = 0;
  #sent = 0;
  #received = 0;
  #progressMs: number;
  #lastSaidMs: number;
  #owesWord = false;

  constructor(passage: string, nowMs: number) {
    this.#passage = passage;
    this.lastHeardMs = nowMs;
    this.#progressMs = nowMs;
    this.#lastSaidMs = nowMs;
  }

  get isFull(): boolean {
    return this.#unconfirmed.length >= windowItems;
  }

  get isHalfEmpty(): boolean {
    return this.#unconfirmed.length <= windowItems / 2;
  }

  /** How many of what is on the way are for a reference. */
  countFor(reference: number): number {
    return this.#unconfirmed.filter((one) => one.reference === reference).length;
  }

  push(item: Cargo, nowMs: number): void {
    if (this.#unconfirmed.length === 0) this.#progressMs = nowMs;
    this.#unconfirmed.push(item);
  }

  /** What is to be sent now. */
  outgoing(nowMs: number): readonly Items[] {
    if (this.#sent > 0 && nowMs - this.#progressMs >= resendMs) {
      this.#sent = 0;
      this.#progressMs = nowMs;
    }
    const messages: Items[] = [];
    while (this.#sent < this.#unconfirmed.length) messages.push(this.#next());
    const mustSpeak = this.#owesWord || nowMs - this.#lastSaidMs >= beatMs;
    if (messages.length === 0 && mustSpeak) messages.push(this.#message(this.#first + this.#sent, []));
    if (messages.length > 0) this.#lastSaidMs = nowMs;
    this.#owesWord = false;
    return messages;
  }

  /** What came that had not come before, in its order. */
  hear({ first, received, items }: Items, nowMs: number): readonly Item[] {
    this.lastHeardMs = nowMs;
    const confirmed = Math.min(received - this.#first, this.#unconfirmed.length);
    if (confirmed > 0) {
      this.#unconfirmed.splice(0, confirmed);
      this.#first += confirmed;
      this.#sent = Math.max(0, this.#sent - confirmed);
      this.#progressMs = nowMs;
    }
    if (items.length > 0) this.#owesWord = true;
    // A message from further on came too early: it will be sent again.
    if (first > this.#received) return [];
    const fresh = items.slice(this.#received - first);
    this.#received += fresh.length;
    return fresh;
  }

  #next(): Items {
    const from = this.#sent;
    let bytes = 0;
    while (this.#sent < this.#unconfirmed.length && bytes < messageBytesGoal) {
      bytes += this.#unconfirmed[this.#sent]!.payload.length;
      this.#sent++;
    }
    return this.#message(this.#first + from, this.#unconfirmed.slice(from, this.#sent));
  }

  #message(first: number, items: readonly Item[]): Items {
    return { kind: 'items', passage: this.#passage, first, received: this.#received, items };
  }
}
