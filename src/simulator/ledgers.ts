import type { Random } from '../base/index.ts';
import type { RespReply } from './respReader.ts';

/** A command to send, and what to make of its reply. */
export interface LedgerCommand {
  readonly words: readonly string[];
  readonly meet: (reply: RespReply | 'lost') => void;
}

/**
 * Keys that only grow, each by the appends of one connection. What a connection pipelines is done in the order in which
 * it was sent, so the lengths that it is told of one key never fall, and those of its own appends always rise.
 */
export class Ledgers {
  readonly violations: string[] = [];
  readonly #keys: string[] = [];

  /** For one connection: a key of its own, and the lengths that it was told. */
  open(): Ledger {
    const key = `ledger${this.#keys.length}`;
    this.#keys.push(key);
    return new Ledger(key, this.#keys, this.violations);
  }
}

export class Ledger {
  readonly #key: string;
  readonly #keys: readonly string[];
  readonly #violations: string[];
  readonly #lengths = new Map<string, number>();

  constructor(key: string, keys: readonly string[], violations: string[]) {
    this.#key = key;
    this.#keys = keys;
    this.#violations = violations;
  }

  /** Appends to the connection's own key, or looks how long one of the latest keys is. */
  command(random: Random): LedgerCommand {
    if (random.chance(0.5)) {
      return { words: ['APPEND', this.#key, 'x'], meet: (reply) => this.#told(this.#key, reply, 1) };
    }
    const key = random.pick(this.#keys.slice(-4));
    return { words: ['STRLEN', key], meet: (reply) => this.#told(key, reply, 0) };
  }

  #told(key: string, reply: RespReply | 'lost', growth: number): void {
    if (reply === 'lost' || reply.kind === 'error') return;
    const before = this.#lengths.get(key) ?? 0;
    const length = reply.kind === 'integer' ? reply.value : Number.NaN;
    if (!(length >= before + growth)) {
      this.#violations.push(`order of a pipeline: ${key} was ${before} long, and then ${JSON.stringify(reply)}`);
    }
    this.#lengths.set(key, length);
  }
}
