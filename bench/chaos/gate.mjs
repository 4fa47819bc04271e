/** Lets faults go on beside each other, and those alone that need that nothing else is wrong. */
export class Gate {
  #inside = 0;
  #isClosed = false;
  #waiting = [];

  async beside(act) {
    await this.#until(() => !this.#isClosed);
    await this.#within(act);
  }

  async alone(act) {
    await this.#until(() => !this.#isClosed);
    this.#isClosed = true;
    await this.#until(() => this.#inside === 0);
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

  async #until(holds) {
    while (!holds()) await new Promise((done) => this.#waiting.push(done));
  }

  #wake() {
    for (const done of this.#waiting.splice(0)) done();
  }
}
