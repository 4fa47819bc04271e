/**
 * Which operations of one key were taken so far, told apart cheaply however long the history is: those that must have
 * happened are nearly all taken in the order in which they began, so only the few around the first that was not yet
 * are written down. Those that may never have happened are counted apart, because some stay untaken for good.
 */
export class Progress {
  readonly #isTaken: Uint8Array;
  readonly #isOptional: readonly boolean[];
  /** The number of each operation among those of its sort. */
  readonly #numbers: readonly number[];
  readonly #optionals: Uint8Array;
  /** The first, among those that must have happened, that is not taken; and how many behind it are. */
  #low = 0;
  #beyond = 0;

  constructor(isOptional: readonly boolean[]) {
    let [must, may] = [0, 0];
    this.#isOptional = isOptional;
    this.#numbers = isOptional.map((one) => (one ? may++ : must++));
    this.#isTaken = new Uint8Array(must);
    this.#optionals = new Uint8Array(may);
  }

  has(index: number): boolean {
    const number = this.#numbers[index]!;
    return (this.#isOptional[index] ? this.#optionals[number] : this.#isTaken[number]) === 1;
  }

  take(index: number): void {
    const number = this.#numbers[index]!;
    if (this.#isOptional[index]) {
      this.#optionals[number] = 1;
      return;
    }
    this.#isTaken[number] = 1;
    if (number !== this.#low) {
      this.#beyond++;
      return;
    }
    this.#low++;
    while (this.#isTaken[this.#low] === 1) {
      this.#low++;
      this.#beyond--;
    }
  }

  giveBack(index: number): void {
    const number = this.#numbers[index]!;
    if (this.#isOptional[index]) {
      this.#optionals[number] = 0;
      return;
    }
    this.#isTaken[number] = 0;
    if (number > this.#low) {
      this.#beyond--;
      return;
    }
    this.#beyond += this.#low - number - 1;
    this.#low = number;
  }

  /** The same text for the same operations taken, and another for others. */
  text(): string {
    let text = `${this.#low}:`;
    let left = this.#beyond;
    for (let i = this.#low + 1; left > 0; i++) {
      text += this.#isTaken[i];
      left -= this.#isTaken[i]!;
    }
    return this.#optionals.length === 0 ? text : `${text}:${this.#optionals.join('')}`;
  }
}
