import { type Bandwidth, fairShares } from './bandwidth.ts';

interface Transfer {
  readonly from: string;
  readonly to: string;
  leftBytes: number;
  readonly done: () => void;
}

/** What transfers need of the universe: its time, and to be called back. */
export interface TransferClock {
  readonly nowMs: number;
  after(delayMs: number, run: () => void): { run: ((of: unknown) => void) | undefined };
}

/** Less than this is nothing: a float of time may fall short of the moment by its last digits. */
const almostNothingBytes = 1e-3;

/**
 * Frames that are under way at once share the links of their hosts fairly. Frames from one host to another go one behind
 * the other, as in a stream, so that a flow is a pair of hosts. Whenever one begins or ends all shares are worked out anew.
 */
export class Transfers {
  readonly #clock: TransferClock;
  readonly #bandwidthOf: (host: string) => Bandwidth;
  /** Of each pair the frames that wait, the one under way first. */
  readonly #queues = new Map<string, Transfer[]>();
  #sharedMs = 0;
  #shares: readonly { readonly transfer: Transfer; readonly bytesPerMs: number }[] = [];
  #next: ReturnType<TransferClock['after']> | undefined;

  constructor(clock: TransferClock, bandwidthOf: (host: string) => Bandwidth) {
    this.#clock = clock;
    this.#bandwidthOf = bandwidthOf;
  }

  /** Calls `done` when the last byte has left the narrowest link on its way. */
  begin(from: string, to: string, bytes: number, done: () => void): void {
    const pair = `${from} > ${to}`;
    const queue = this.#queues.get(pair);
    const transfer = { from, to, leftBytes: bytes, done };
    if (queue !== undefined) {
      queue.push(transfer);
      return;
    }
    this.#queues.set(pair, [transfer]);
    this.#pass();
    this.#share();
  }

  /** Takes what went since the last look off what is left. */
  #pass(): void {
    const passedMs = this.#clock.nowMs - this.#sharedMs;
    this.#sharedMs = this.#clock.nowMs;
    for (const { transfer, bytesPerMs } of this.#shares) transfer.leftBytes -= bytesPerMs * passedMs;
  }

  #share(): void {
    const heads = [...this.#queues.values()].map(([head]) => head!);
    const shares = fairShares(heads, this.#bandwidthOf);
    this.#shares = heads.map((transfer, i) => ({ transfer, bytesPerMs: shares[i]! }));
    if (this.#next !== undefined) this.#next.run = undefined;
    this.#next = undefined;
    const waits = this.#shares.map(({ transfer, bytesPerMs }) => Math.max(0, transfer.leftBytes) / bytesPerMs);
    const waitMs = Math.min(...waits);
    if (Number.isFinite(waitMs)) this.#next = this.#clock.after(waitMs, () => this.#finish());
  }

  #finish(): void {
    this.#pass();
    const done: (() => void)[] = [];
    for (const [pair, queue] of this.#queues) {
      if (queue[0]!.leftBytes > almostNothingBytes) continue;
      done.push(queue.shift()!.done);
      if (queue.length === 0) this.#queues.delete(pair);
    }
    this.#share();
    for (const one of done) one();
  }
}
