import {
  failuresDown,
  failuresUp,
  helpersAsked,
  helpersFailed,
  outcomesKept,
  patienceDeviations,
  patienceMsMax,
  patienceMsMin,
} from './limits.ts';
import { type Finding, isGone, isSilent, isThere } from './reports.ts';

/** The last outcomes of something, as bits: 1 where it failed. */
class Outcomes {
  #bits = 0;
  count = 0;

  add(isFailure: boolean): void {
    this.#bits = ((this.#bits << 1) | Number(isFailure)) & ((1 << outcomesKept) - 1);
    this.count = Math.min(outcomesKept, this.count + 1);
  }

  /** Whether there was a success between two failures: nothing that merely stood still has one. */
  get isBroken(): boolean {
    const lowest = this.#bits & -this.#bits;
    return this.#bits !== 0 && ((this.#bits + lowest) & this.#bits) !== 0;
  }

  get failures(): number {
    let failures = 0;
    for (let bits = this.#bits; bits !== 0; bits &= bits - 1) failures++;
    return failures;
  }
}

/**
 * One subject as its observer sees it: how long its answers take, which of them failed to come, and what follows. Only
 * an answer to a probe counts for it, because that alone proves both ways.
 */
export class Edge {
  readonly life: number;
  circles: readonly number[];
  readonly #direct = new Outcomes();
  readonly #helped = new Outcomes();
  #meanMs = 0;
  #deviationMs = 0;
  #isLossy = false;
  /** Since when it has been silent; undefined while it answers. */
  #silentSinceMs: number | undefined;
  #isGone = false;
  probedMs = Number.NEGATIVE_INFINITY;
  /** The number of the probe that is on its way. */
  probe: number | undefined;

  constructor(life: number, circles: readonly number[]) {
    this.life = life;
    this.circles = circles;
  }

  get finding(): Finding {
    if (this.#isGone || this.#isLossy) return isGone;
    return this.#silentSinceMs === undefined ? isThere : isSilent;
  }

  get silentSinceMs(): number | undefined {
    return this.#silentSinceMs;
  }

  /** How long an answer may take, by those that came (Jacobson, SIGCOMM 1988). */
  get patienceMs(): number {
    if (this.#meanMs === 0) return patienceMsMin * 2;
    return Math.min(patienceMsMax, Math.max(patienceMsMin, this.#meanMs + patienceDeviations * this.#deviationMs));
  }

  /** It answered this peer itself, so late. */
  answered(afterMs: number): void {
    const error = afterMs - this.#meanMs;
    this.#deviationMs =
      this.#meanMs === 0 ? afterMs / 2 : this.#deviationMs + (Math.abs(error) - this.#deviationMs) / 4;
    this.#meanMs = this.#meanMs === 0 ? afterMs : this.#meanMs + error / 8;
    this.#direct.add(false);
    this.#heard();
  }

  /** It did not answer in time; others are asked. */
  missed(): void {
    this.#direct.add(true);
  }

  /** A helper had its answer, or says that it has none either. */
  helped(isThere: boolean): void {
    this.#helped.add(!isThere);
    if (isThere) this.#heard();
  }

  /** Neither this peer nor a helper heard from it. */
  silent(atMs: number): void {
    this.#silentSinceMs ??= atMs;
  }

  /** It was silent for so long that it counts as gone. */
  end(): void {
    this.#isGone = true;
  }

  /** Whether it loses so much that it is no use to anybody. Where helpers reach it the link alone is to blame. */
  judgeLosses(): void {
    const { failures } = this.#direct;
    if (this.#isLossy) {
      this.#isLossy = failures > failuresUp;
      return;
    }
    const { count } = this.#helped;
    const helpersFail = count >= helpersAsked && this.#helped.failures >= count * helpersFailed;
    this.#isLossy = failures >= failuresDown && this.#direct.isBroken && helpersFail;
  }

  /** Others count it as gone, and some time has passed: what is a doubt here becomes a word (Rapid's reinforcement). */
  reinforce(): void {
    if (this.#silentSinceMs !== undefined || this.#direct.failures > failuresUp) this.#isGone = true;
  }

  /** This peer itself stood still: its silence was not the subject's. */
  forgive(atMs: number): void {
    this.probe = undefined;
    if (this.#silentSinceMs !== undefined) this.#silentSinceMs = atMs;
  }

  #heard(): void {
    this.#silentSinceMs = undefined;
    this.#isGone = false;
  }
}
