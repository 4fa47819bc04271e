import { intersection, parse } from '../base/index.ts';
import type { Hint } from '../overlay/index.ts';
import { otherShelving, overlaid, type Shelving } from '../state/index.ts';
import { Atlas } from './atlas.ts';
import { type CellConfig, isWithin, rangeOfConfig } from './cellConfig.ts';
import { cellHint, cellTopicPrefix } from './cellHint.ts';
import type { MessageOf } from './cellMessages.ts';
import type { Replica } from './replica.ts';

/** The replicas of one peer beside each other, and what is known of cells elsewhere. */
export class Neighbourhood {
  readonly #replicas: ReadonlyMap<string, Replica>;
  readonly #atlas = new Atlas();

  constructor(replicas: ReadonlyMap<string, Replica>) {
    this.#replicas = replicas;
  }

  get atlas(): Pick<Atlas, 'below' | 'get'> {
    return this.#atlas;
  }

  /** A leader has said what its cell is. */
  onHint({ topic, version, bytes }: Hint): void {
    const hint = topic.startsWith(cellTopicPrefix) ? parse(cellHint, bytes) : undefined;
    if (!hint?.ok) return;
    this.#atlas.learn(hint.value, version);
    for (const replica of this.#replicas.values()) replica.onHint(hint.value);
  }

  /** Whether no other cell here has keys of that range, is about to begin with them, or to get them (CELL-14). */
  isApart(config: CellConfig): boolean {
    for (const [cell, { config: own, copy }] of this.#replicas) {
      const others = cell === config.cell ? copy.children.configs : [own, ...copy.children.configs];
      if (others.some((other) => overlap(config, other))) return false;
      const { incoming } = copy.catchUp;
      if (cell !== config.cell && incoming !== undefined && overlap(config, incoming)) return false;
    }
    return true;
  }

  /**
   * Where a snapshot of a cell can come in: on the other shelf, and where cells here have gone into it, on that which is
   * other than theirs. Undefined where a cell is in the way, or where something of those cells is still being written.
   */
  roomFor(replica: Replica, config: CellConfig): Shelving | undefined {
    if (replica.copy.absorption.isUnderWay) return undefined;
    const displaced = this.displacedBy(replica, config);
    return displaced?.reduce(
      (room, { config: gone, copy }) => overlaid(room, rangeOfConfig(gone), otherShelving(copy.shelf)),
      otherShelving(replica.copy.shelf),
    );
  }

  /**
   * Whether the snapshot of another cell is coming in where one with that configuration would have room: nothing may be cleared
   * there, and the cell goes with the commit that makes the snapshot whole, or stays (CELL-16).
   */
  isReplaced(replica: Replica, config: CellConfig): boolean {
    for (const other of this.#replicas.values()) {
      const { incoming } = other.copy.catchUp;
      if (other !== replica && incoming !== undefined && overlap(config, incoming)) return true;
    }
    return false;
  }

  /** Cells here that have gone into the one with that configuration: it holds all of theirs in a later epoch. */
  displacedBy(replica: Replica, config: CellConfig): readonly Replica[] | undefined {
    if (this.isReplaced(replica, config)) return undefined;
    const displaced: Replica[] = [];
    for (const other of this.#replicas.values()) {
      const { config: own, copy } = other;
      const isBusy = copy.children.configs.length > 0;
      if (other === replica) {
        if (copy.children.configs.some((child) => overlap(config, child))) return undefined;
        continue;
      }
      const isNear = overlap(config, own) || copy.children.configs.some((child) => overlap(config, child));
      if (!isNear) continue;
      if (isBusy || other.isRetired || !isWithin(own, config) || own.epoch >= config.epoch) return undefined;
      displaced.push(other);
    }
    return displaced;
  }

  /** Whether a peer may let a copy go: its cell has gone into one that is led here, and so is safe without it (CELL-21). */
  heirOf({ cell, epoch }: MessageOf<'merge'>, key: string): CellConfig | undefined {
    for (const { config, isLeading } of this.#replicas.values()) {
      const holds = key >= config.from && (config.to === undefined || key < config.to);
      if (isLeading && holds && config.cell !== cell && config.epoch > epoch) return config;
    }
    return undefined;
  }
}

function overlap(a: CellConfig, b: CellConfig): boolean {
  return intersection(rangeOfConfig(a), rangeOfConfig(b)) !== undefined;
}
