import { contains, type Key } from '../base/index.ts';
import type { Acceptor } from './acceptor.ts';
import { type CellConfig, rangeOfConfig } from './cellConfig.ts';
import type { Children } from './children.ts';
import type { Leadership } from './leadership.ts';
import { reach } from './milestones.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** The leader's way to split its cell: a stop-sign with two successors, which have the members that are. */
export class Splitter {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #children: Children;

  constructor(context: ReplicaContext, acceptor: Acceptor, children: Children) {
    this.#context = context;
    this.#acceptor = acceptor;
    this.#children = children;
  }

  /** Proposes that a new cell takes over from the key on; false where that cannot be done now. */
  split(leadership: Leadership, at: Key): boolean {
    const { config } = this.#acceptor;
    const { cell, epoch, from } = config;
    const isFree = leadership.isLeading && leadership.stopSign === undefined && !this.#context.isDiskFull;
    if (!isFree || !this.#children.isEmpty || !contains(rangeOfConfig(config), at) || at === from) return false;
    const lower: CellConfig = { ...config, epoch: epoch + 1, to: at };
    // Drawn by chance: no two splits of a system, whoever leads them, give one name to two cells.
    const upper: CellConfig = { ...lower, cell: this.#context.world.entropy.hex(16), from: at, to: config.to };
    const text = () =>
      `cell ${cell}: splits at ${JSON.stringify(at)}, the rest is cell ${upper.cell} (epoch ${epoch + 1})`;
    this.#context.world.log.note('info', 'cell', text);
    leadership.propose({ kind: 'split', lower, upper });
    reach(this.#context.world.log, 'split/1 proposed');
    return true;
  }
}
