import { Worker } from 'node:worker_threads';
import type { Ended } from './ended.ts';
import { seatStopMsMax } from './limits.ts';
import type { CheckedOptions } from './options.ts';
import type { SeatOrder, SeatTask, SeatWord } from './seatWords.ts';

/** A seat of this program in a thread of its own, as the program sees it. */
export class FurtherSeat {
  readonly name: string;
  /** Settles when it serves; where it comes to nothing `ended` says so. */
  readonly ready: Promise<void>;
  /** Settles when it ends of itself: it left, it could not start, its disk failed, or its thread died. Never, where `stop` came first. */
  readonly ended: Promise<Ended>;
  readonly #worker: Worker;
  readonly #gone: Promise<void>;
  readonly #progress: (text: string) => void;
  #isReady = (): void => {};
  #isEnded = (_ended: Ended): void => {};
  #hasNotLeft = (): void => {};
  #serves = false;
  #isStopping = false;
  #hasLeft = false;
  #leaving: Promise<'left' | 'not yet'> | undefined;

  constructor(options: CheckedOptions, progress: (text: string) => void) {
    this.name = options.name;
    this.#progress = progress;
    this.ready = new Promise((resolve) => {
      this.#isReady = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#isEnded = resolve;
    });
    const workerData: SeatTask = { options };
    this.#worker = new Worker(new URL('./seatThread.js', import.meta.url), { workerData });
    this.#worker.on('message', (word: SeatWord) => this.#hear(word));
    this.#worker.on('error', (error) => this.#end({ kind: 'failed', reason: `its thread died: ${error.message}` }));
    this.#gone = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#end({ kind: 'failed', reason: 'its thread ended' });
        resolve();
      });
    });
  }

  /** Has it hand over what it holds and leave for good. Who asks meanwhile is told the same. */
  leave(): Promise<'left' | 'not yet'> {
    if (this.#hasLeft) return Promise.resolve('left');
    this.#leaving ??= this.#askToLeave().finally(() => {
      this.#leaving = undefined;
    });
    return this.#leaving;
  }

  /** Stops it as gracefully as it can be done in time. One that is only starting owes nobody anything. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#serves) this.#order({ kind: 'stop' });
    else await this.#worker.terminate();
    const insist = setTimeout(() => void this.#worker.terminate(), seatStopMsMax);
    await this.#gone;
    clearTimeout(insist);
  }

  #askToLeave(): Promise<'left' | 'not yet'> {
    const late = new Promise<'not yet'>((resolve) => {
      this.#hasNotLeft = () => resolve('not yet');
    });
    this.#order({ kind: 'leave' });
    return Promise.race([late, this.ended.then(({ kind }) => (kind === 'left' ? kind : 'not yet'))]);
  }

  #order(order: SeatOrder): void {
    this.#worker.postMessage(order);
  }

  #hear(word: SeatWord): void {
    switch (word.kind) {
      case 'progress':
        return this.#progress(word.text);
      case 'ready':
        this.#serves = true;
        this.#progress(`Seat ${this.name} is ready: ${placesOf(word)}`);
        return this.#isReady();
      case 'refused':
        return this.#end({ kind: 'failed', reason: word.reason });
      case 'notYetLeft':
        return this.#hasNotLeft();
      case 'ended':
        return this.#end(word.ended);
    }
  }

  /** The first reason counts: a thread that has told why it ends ends a moment later. */
  #end(ended: Ended): void {
    if (this.#isStopping) return;
    if (ended.kind === 'left') this.#hasLeft = true;
    this.#isEnded(ended);
  }
}

/** Where a seat can be reached, as far as its program serves clients and a page at all. */
function placesOf({ address, redis, http }: SeatWord & { readonly kind: 'ready' }): string {
  const places = [`peers ${address}`];
  if (redis !== '') places.push(`Redis ${redis}`);
  if (http !== '') places.push(`page http://${http}/`);
  return places.join(', ');
}
