/** In place of namespaces where there can be none: every peer at an address of its own on loopback, where nothing can be cut. */
export class Loopback {
  #net;

  constructor(_count, { nets }) {
    this.#net = nets[0].replace(/^\d+/, '127');
  }

  command(_i, program, words) {
    return [program, words];
  }

  peerAddress(i) {
    return `${this.#net}.${i}`;
  }

  lookAddress(i) {
    return `${this.#net}.${i}`;
  }

  heal() {}

  remove() {}
}
