import type { Address } from '../world/index.ts';
import type { Acceptor } from './acceptor.ts';
import { supersedes } from './atlas.ts';
import type { CellHint } from './cellHint.ts';
import type { MessageOf } from './cellMessages.ts';
import type { Copy } from './copy.ts';
import type { Keeper } from './keeper.ts';
import type { Leadership } from './leadership.ts';
import { orphanMs, settleMs } from './limits.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** What custody needs of the replica. */
export interface CustodyHost {
  readonly leadership: Leadership | undefined;
  /** The copy here is of no use to anybody. */
  vanish(epoch: number): void;
}

/** What others ask of the copy that is here, and until when it is kept. */
export class Custody {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #copy: Copy;
  readonly #keeper: Keeper;
  readonly #host: CustodyHost;
  /** Who leads what the cell went into, and since when that is known here. */
  #heir: Address | undefined;
  #sinceMs = 0;
  #askedMs = Number.NEGATIVE_INFINITY;

  constructor(context: ReplicaContext, acceptor: Acceptor, copy: Copy, keeper: Keeper, host: CustodyHost) {
    this.#context = context;
    this.#acceptor = acceptor;
    this.#copy = copy;
    this.#keeper = keeper;
    this.#host = host;
  }

  onFetch(from: Address, { from: peer, epoch, chosen }: MessageOf<'fetch'>): void {
    if (!this.#copy.hasState || this.#copy.absorption.isUnderWay) return;
    if (epoch > this.#acceptor.epoch) return this.#copy.catchUp.fetch(from);
    const { leadership } = this.#host;
    const isCurrent = epoch === this.#acceptor.epoch;
    if (isCurrent && leadership?.isFollower(peer)) return leadership.onFetch(peer, chosen);
    if (leadership?.isLeading) {
      // This epoch has a leader, so a majority of it holds everything: who has no part in it is not needed (CELL-9).
      if (!this.#keeper.isKnown(peer)) {
        const header = { cell: this.#acceptor.config.cell, epoch: this.#acceptor.epoch, from: this.#context.self };
        return this.#context.reply(from, { ...header, kind: 'settled' });
      }
      this.#keeper.heard(peer, epoch > 0, chosen);
    }
    this.#copy.feeder.feed(from, peer, epoch, chosen);
  }

  /** A later epoch, or this one, is safe without this replica. */
  onSettled(epoch: number): void {
    const { epoch: own, config } = this.#acceptor;
    if (epoch < own || (epoch === own && this.#acceptor.isMember()) || this.#copy.absorption.isUnderWay) return;
    // It is told again, if what comes in in its place does not take it.
    if (!this.#context.isReplaced(config)) this.#host.vanish(epoch);
  }

  /** A leader says what its cell is: perhaps one that this cell went into. */
  learn(hint: CellHint): void {
    if (!supersedes(hint, this.#acceptor.config)) return;
    if (this.#heir === undefined) this.#sinceMs = this.#context.world.clock.monotonicMs();
    this.#heir = hint.leaderAddress;
  }

  /** Where the cell has gone into another one, and this copy is not absorbed here: asks whether it may go. */
  tick(): void {
    const now = this.#context.world.clock.monotonicMs();
    if (this.#heir === undefined || now - this.#sinceMs < orphanMs || now - this.#askedMs < settleMs) return;
    this.#askedMs = now;
    const { cell, epoch, from: key } = this.#acceptor.config;
    const part = { kind: 'orphan', key } as const;
    this.#context.reply(this.#heir, { kind: 'merge', cell, epoch, from: this.#context.self, part });
  }
}
