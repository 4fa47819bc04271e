/** How much is let in, and how long what is not may wait. */
export interface AdmissionPolicy {
  /** Commands that may be with the store at once: at first, at least and at most. */
  readonly callsInitial: number;
  readonly callsMin: number;
  readonly callsMax: number;
  /** A mean longer than this, over a window of that length or of the last mean, says that the store has more to do than it can. */
  readonly targetMs: number;
  readonly windowMs: number;
  /** Commands that have waited for so long that there was no room even once: they queue for more than a burst. */
  readonly standingMs: number;
  /** How long a command may wait in a burst, and how long in a queue that stands. */
  readonly burstWaitMs: number;
  readonly standingWaitMs: number;
}

/**
 * Decides how many commands a gateway may have with the store, and when one that waits to be let in is refused. The number follows
 * the time that answers take. Where they take too long it goes down in proportion, because so many are under way as are done in
 * that time (Little's law); where it was reached and they come soon it goes up by a half, and near the target by a tenth. What waits is judged by the queue, not by its length: one that empties now and then
 * is a burst and is worth waiting for; in one that stands, whoever waits for long makes all others wait as long (Nichols and
 * Jacobson: Controlling Queue Delay, 2012; for servers Maurer: Fail at Scale, 2015).
 */
export class Admission {
  readonly #policy: AdmissionPolicy;
  #limit: number;
  #underWay = 0;
  #windowFromMs: number;
  #answered = 0;
  #tookMs = 0;
  #wasFull = false;
  /** How long answers took in the last window. */
  #meanMs = 0;
  /** When there was room last, and nobody who waited for it. */
  #easyMs: number;

  constructor(policy: AdmissionPolicy, nowMs: number) {
    this.#policy = policy;
    this.#limit = policy.callsInitial;
    this.#windowFromMs = nowMs;
    this.#easyMs = nowMs;
  }

  /** Commands that may be with the store at once, by now. */
  get limit(): number {
    return this.#limit;
  }

  get hasRoom(): boolean {
    return this.#underWay < this.#limit;
  }

  enter(): void {
    this.#underWay++;
    if (!this.hasRoom) this.#wasFull = true;
  }

  /** One was answered, after so long. `waiting`: how many wait to be let in. */
  leave(nowMs: number, tookMs: number, waiting: number): void {
    this.#underWay--;
    this.#answered++;
    this.#tookMs += tookMs;
    if (waiting === 0) this.#easyMs = nowMs;
    // What the last judgement did shows only in answers to what went in behind it.
    const { windowMs, targetMs } = this.#policy;
    if (nowMs - this.#windowFromMs >= Math.max(windowMs, Math.min(this.#meanMs, 2 * targetMs))) this.#judge(nowMs);
  }

  /** How long a command may wait to be let in. */
  waitMs(nowMs: number): number {
    const { standingMs, standingWaitMs, burstWaitMs } = this.#policy;
    return nowMs - this.#easyMs > standingMs ? standingWaitMs : burstWaitMs;
  }

  /** Somebody must wait who is the first to: until then it was easy. */
  begins(nowMs: number): void {
    this.#easyMs = nowMs;
  }

  #judge(nowMs: number): void {
    const { targetMs, callsMin, callsMax } = this.#policy;
    this.#meanMs = this.#tookMs / this.#answered;
    const share = targetMs / Math.max(this.#meanMs, 1);
    if (share < 1) this.#limit = Math.max(callsMin, Math.floor(this.#limit * Math.max(share, 0.5)));
    else if (this.#wasFull) this.#limit = Math.min(callsMax, Math.ceil(this.#limit * (share > 2 ? 1.5 : 1.1)));
    this.#windowFromMs = nowMs;
    this.#answered = 0;
    this.#tookMs = 0;
    this.#wasFull = !this.hasRoom;
  }
}
