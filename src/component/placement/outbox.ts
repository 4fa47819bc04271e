import { assert, Writer } from '../../base/index.ts';
import type { Context, Crossing, Occupation, Ports } from '../index.ts';
import { chunkBytes } from './limits.ts';
import type { Control } from './order.ts';
import type { Ring } from './ring.ts';

type Owner = Pick<Context<Ports, Ports>, 'occupy' | 'atTurnEnd' | 'path'>;

/**
 * The events of one component on their way to another thread: gathered in a turn, written to the ring together. Where the ring
 * is full the component is occupied until there is room, so that its events wait where those of a busy component do.
 */
export class Outbox {
  readonly #owner: Owner;
  readonly #ring: Ring;
  readonly #crossings: readonly Crossing[];
  readonly #tell: (control: Control) => void;
  readonly #writer = new Writer(2 * chunkBytes);
  readonly #chunkMax: number;
  #isFlushDue = false;
  #blocked: Occupation | undefined;

  constructor(owner: Owner, ring: Ring, crossings: readonly Crossing[], tell: (control: Control) => void) {
    this.#owner = owner;
    this.#ring = ring;
    this.#crossings = crossings;
    this.#tell = tell;
    this.#chunkMax = Math.min(chunkBytes, ring.chunkMax / 4);
  }

  send(index: number, event: unknown): void {
    const { schema, port, event: name } = this.#crossings[index]!;
    const before = this.#writer.length;
    this.#writer.varint(index);
    schema.write(this.#writer, event);
    const length = this.#writer.length - before;
    const room = this.#ring.chunkMax - this.#chunkMax;
    assert(length <= room, () => `${this.#owner.path}: ${port}.${name} is ${length} bytes, and the ring takes ${room}`);
    if (this.#writer.length >= this.#chunkMax) this.flush();
    if (this.#isFlushDue || this.#writer.length === 0) return;
    this.#isFlushDue = true;
    this.#owner.atTurnEnd(() => this.flush());
  }

  flush(): void {
    this.#isFlushDue = false;
    if (this.#writer.length === 0 || this.#isWritten()) return;
    // Whoever reads may have made room before it could know that somebody waits: so it is tried once more.
    this.#ring.awaitRoom();
    if (!this.#isWritten()) this.#blocked ??= this.#owner.occupy('a full ring', undefined);
  }

  /** There is room again. */
  resume(): void {
    this.flush();
    if (this.#writer.length > 0) return;
    this.#blocked?.end(() => {});
    this.#blocked = undefined;
  }

  /** The other side is gone. True if the component waited for it, and was told. */
  break(error: unknown): boolean {
    if (this.#blocked === undefined) return false;
    this.#blocked.fail(error);
    return true;
  }

  #isWritten(): boolean {
    if (!this.#ring.write(this.#writer.peek())) return false;
    this.#writer.reset();
    if (this.#ring.takeSleeper()) this.#tell({ kind: 'work' });
    return true;
  }
}
