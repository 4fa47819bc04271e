import { RedisClient } from '../redisClient.mjs';

const wait = '*3\r\n$4\r\nWAIT\r\n$1\r\n1\r\n$1\r\n0\r\n';
const tagsMax = 10_000;

/**
 * A connection to one master of a Redis Cluster, which asks for keys of that master alone: a tag in front of each sees to it, so that no client
 * has to compute slots. What is written in one turn is followed by one WAIT for a replica, and done when that is answered.
 */
export class ClusterLine extends RedisClient {
  #tag = '';
  #synced;

  constructor(address) {
    super(address);
    this.ready = this.ready.then(() => this.#findTag());
  }

  async #findTag() {
    for (let i = 0; i < tagsMax; i++) {
      const tag = `{${i}}`;
      if (await super.get(tag)) {
        this.#tag = tag;
        return;
      }
    }
    throw new Error('a master of the Redis Cluster has no slot for any of the tags');
  }

  put(key, value) {
    return this.#acknowledged(super.put(this.#tag + key, value));
  }

  get(key) {
    return super.get(this.#tag + key);
  }

  increment(key) {
    return this.#acknowledged(super.increment(this.#tag + key));
  }

  add(key, member) {
    return this.#acknowledged(super.add(this.#tag + key, member));
  }

  async #acknowledged(written) {
    this.#synced ??= new Promise((resolve) => {
      queueMicrotask(() => {
        this.#synced = undefined;
        this.ask(wait).then(() => resolve(this.lastReply !== ':0'));
      });
    });
    const synced = this.#synced;
    return (await written) && synced;
  }
}
