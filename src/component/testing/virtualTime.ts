import type { Scheduler } from '../index.ts';

interface Alarm {
  readonly atMs: number;
  readonly run: () => void;
}

/**
 * A clock that stands still until a story lets it go on, and the scheduler of the story's system. Hand it to the tested
 * component too, where that takes its time from what it is given.
 */
export class VirtualTime implements Scheduler {
  #nowMs = 0;
  #wakes: (() => void)[] = [];
  /** The next one last. Of those that are due together, the first that was set comes first. */
  readonly #alarms: Alarm[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  wake(run: () => void): void {
    this.#wakes.push(run);
  }

  after(delayMs: number, run: () => void): void {
    const atMs = this.#nowMs + Math.max(0, delayMs);
    let place = this.#alarms.length;
    while (place > 0 && this.#alarms[place - 1]!.atMs <= atMs) place--;
    this.#alarms.splice(place, 0, { atMs, run });
  }

  /** When something happens next; undefined where nothing will. */
  get nextMs(): number | undefined {
    return this.#alarms.at(-1)?.atMs;
  }

  /** Lets all happen that needs no time. */
  settle(): void {
    for (let wakes = this.#wakes; wakes.length > 0; wakes = this.#wakes) {
      this.#wakes = [];
      for (const run of wakes) run();
    }
  }

  /** Lets the clock go on, and what was put off happen in its order. */
  advanceTo(endMs: number): void {
    this.settle();
    for (let due = this.nextMs; due !== undefined && due <= endMs; due = this.nextMs) {
      this.#nowMs = due;
      this.#alarms.pop()!.run();
      this.settle();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }
}
