/** What supervision remembers of a component. */
export class Past {
  keptState: { readonly value: unknown } | undefined = undefined;
  #restartTimes: readonly number[] = [];

  /** How many restarts fall within the window, this one counted. */
  countRestart(nowMs: number, withinMs: number): number {
    this.#restartTimes = [...this.#restartTimes.filter((time) => nowMs - time < withinMs), nowMs];
    return this.#restartTimes.length;
  }
}
