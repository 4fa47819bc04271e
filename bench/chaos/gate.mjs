/** Lets faults go on beside each other, and those alone that need that nothing else is wrong. */
export class Gate {
  #inside = 0;
  #isClosed = false;
  #waiting = [];

  async beside(act) {
    while (this.#isClosed) await this.#change();
    await this.#within(act);
  }

  async alone(act) {
    while (this.#isClosed) await this.#change();
    this.#isClosed = true;
    while (this.#inside > 0) await this.#change();
    try {
      await this.#within(act);
    } finally {
      this.#isClosed = false;
      this.#wake();
    }
  }

  async #within(act) {
    this.#inside++;
    try {
      await act();
    } finally {
      this.#inside--;
      this.#wake();
    }
  }

  /** Who finds the gate open goes through in the same step: an `await` between the two would let another one close it. */
  #change() {
    return new Promise((done) => this.#waiting.push(done));
  }

  #wake() {
    for (const done of this.#waiting.splice(0)) done();
  }
}
