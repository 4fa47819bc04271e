import type { Range } from '../base/index.ts';
import { type CellRow, lowerShelf, rangesOnShelf, type Shelving, upperShelf } from '../state/index.ts';
import type { Acceptor } from './acceptor.ts';
import { rangeOfConfig } from './cellConfig.ts';
import { goneRows } from './journalRecords.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** A part of a commit. */
interface Change {
  readonly clear: readonly Range[];
  readonly rows: readonly CellRow[];
}

/** Where the rows of a copy lie in the engine, and what takes them away. */
export class CopyRows {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;

  constructor(context: ReplicaContext, acceptor: Acceptor) {
    this.#context = context;
    this.#acceptor = acceptor;
  }

  /** Where the state lies on a shelf. */
  on(shelf: Shelving): readonly Range[] {
    const { config } = this.#acceptor;
    return rangesOnShelf(shelf, this.#context.stateRanges(config.cell, rangeOfConfig(config)));
  }

  /** All that is here goes, but for a mark. */
  removal(epoch: number): Change {
    return { clear: [...this.on(lowerShelf), ...this.on(upperShelf)], rows: goneRows(this.#acceptor.config, epoch) };
  }

  /** What is to be written where the rows of this copy go with a commit of another cell. */
  remains(): Change {
    const { config } = this.#acceptor;
    return { clear: this.on(this.#context.shelves.present), rows: goneRows(config, config.epoch) };
  }

  /** The same where the items stay, because the cell below takes them over where they are. */
  leavings(): Change {
    const { config } = this.#acceptor;
    return { clear: this.on(this.#context.shelves.other), rows: goneRows(config, config.epoch) };
  }

  /** A snapshot that was not complete when the peer ended is of no use to anybody. */
  sweep(): void {
    if (this.#context.isReplaced(this.#acceptor.config)) return;
    const { storage } = this.#context.world;
    const left = this.on(this.#context.shelves.other);
    const isEmpty = left.every((range) => {
      const page = storage.scan(range, { rowsMax: 1, bytesMax: 1 });
      return page !== 'damaged' && page.rows.length === 0;
    });
    if (!isEmpty) storage.commit({ clear: left, rows: [] });
  }
}
