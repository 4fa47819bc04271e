import { type Bytes, keyAfter, must, parse, type Range } from '../base/index.ts';
import type { PeerId } from '../overlay/index.ts';
import { type Shelving, scanShelf } from '../state/index.ts';
import type { Address, Snapshot } from '../world/index.ts';
import type { Acceptor } from './acceptor.ts';
import { rangeOfConfig } from './cellConfig.ts';
import type { MessageOf, ReplicaMessage } from './cellMessages.ts';
import { type CheckpointRow, checkpointKey, checkpointRow } from './journalRecords.ts';
import { chunkBytesMax, chunkRowsMax, snapshotIdleMs, snapshotsMax } from './limits.ts';
import type { ReplicaContext } from './replicaContext.ts';

interface Transfer {
  readonly id: number;
  readonly snapshot: Snapshot;
  readonly checkpoint: CheckpointRow;
  readonly bytes: Bytes;
  readonly ranges: readonly Range[];
  readonly shelf: Shelving;
  usedMs: number;
  isPulled: boolean;
}

/** Gives others what they lack of what is chosen: entries while the log has them, a snapshot of the state otherwise. */
export class Feeder {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #transfers = new Map<PeerId, Transfer>();
  #nextTransfer = 1;
  snapshotsSent = 0;

  constructor(context: ReplicaContext, acceptor: Acceptor) {
    this.#context = context;
    this.#acceptor = acceptor;
  }

  /** The lowest index behind which a snapshot that is being fetched stands: the log from there on will be asked for. */
  get pinnedIndex(): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const { checkpoint } of this.#transfers.values()) lowest = Math.min(lowest, checkpoint.index);
    return lowest;
  }

  get isFeeding(): boolean {
    return this.#transfers.size > 0;
  }

  /** Answers a peer that has everything up to `chosen`, or nothing at all where its epoch is 0. */
  feed(to: Address, peer: PeerId, epoch: number, chosen: number): void {
    const { log, chosen: upTo } = this.#acceptor;
    if (epoch === 0 || chosen + 1 < log.first) return this.#offer(to, peer);
    this.#end(peer);
    const entries = chosen >= upTo ? [] : log.slice(chosen + 1, upTo, chunkBytesMax);
    this.#tell(to, { ...this.#header(), kind: 'chosen', first: chosen + 1, entries });
  }

  onPull(to: Address, { from, transfer: id, range: number, after }: MessageOf<'pull'>): void {
    const transfer = this.#transfers.get(from);
    const range = transfer?.ranges[number];
    if (transfer === undefined || transfer.id !== id || range === undefined) {
      this.#tell(to, { ...this.#header(), kind: 'expired', transfer: id });
      return;
    }
    transfer.usedMs = this.#now();
    transfer.isPulled = true;
    const rest = after === '' ? range : { from: keyAfter(after), to: range.to };
    const limit = { rowsMax: chunkRowsMax, bytesMax: chunkBytesMax };
    const page = scanShelf(transfer.shelf, transfer.snapshot, rest, limit);
    if (page === 'damaged') {
      this.#end(from);
      this.#tell(to, { ...this.#header(), kind: 'expired', transfer: id });
      return;
    }
    const { rows, more } = page;
    this.#tell(to, { ...this.#header(), kind: 'rows', transfer: id, range: number, after, rows, more });
  }

  /** Closes snapshots that nobody pulls from any more. */
  tick(): void {
    const now = this.#now();
    for (const [peer, { usedMs }] of this.#transfers) if (now - usedMs >= snapshotIdleMs) this.#end(peer);
  }

  close(): void {
    for (const peer of [...this.#transfers.keys()]) this.#end(peer);
  }

  #offer(to: Address, peer: PeerId): void {
    let transfer = this.#transfers.get(peer);
    // An offer that was lost is repeated; one whose log is gone by now would end in the next offer.
    if (transfer !== undefined && this.#isOutdated(transfer)) {
      this.#end(peer);
      transfer = undefined;
    }
    transfer ??= this.#open(peer);
    if (transfer === undefined) return;
    transfer.usedMs = this.#now();
    const { id, bytes } = transfer;
    this.#tell(to, { ...this.#header(), kind: 'snapshot', transfer: id, checkpoint: bytes });
  }

  /** Its log is gone; or nobody took it, and that may be because it is from an epoch with another range. */
  #isOutdated({ checkpoint, isPulled }: Transfer): boolean {
    const { log, epoch } = this.#acceptor;
    return checkpoint.index + 1 < log.first || (!isPulled && checkpoint.config.epoch < epoch);
  }

  #open(peer: PeerId): Transfer | undefined {
    if (this.#transfers.size >= snapshotsMax) return undefined;
    const snapshot = this.#context.world.storage.snapshot();
    const { cell } = this.#acceptor.config;
    const rowKey = checkpointKey(cell);
    const page = snapshot.scan({ from: rowKey, to: keyAfter(rowKey) }, { rowsMax: 1, bytesMax: chunkBytesMax });
    const row = page === 'damaged' ? undefined : page.rows[0];
    const parsed = row === undefined ? undefined : parse(checkpointRow, row.value);
    if (!parsed?.ok || parsed.value.status !== 'whole') {
      snapshot.close();
      return undefined;
    }
    const checkpoint = parsed.value;
    const ranges = this.#context.stateRanges(cell, rangeOfConfig(checkpoint.config));
    const bytes = must(row, 'a row was parsed').value;
    // A commit that changes the shelf ends all transfers, so that what is lived on now is what the snapshot has.
    const shelf = this.#context.shelves.present;
    const place = { snapshot, checkpoint, bytes, ranges, shelf };
    const transfer = { id: this.#nextTransfer++, ...place, usedMs: this.#now(), isPulled: false };
    this.#transfers.set(peer, transfer);
    this.snapshotsSent++;
    return transfer;
  }

  #end(peer: PeerId): void {
    this.#transfers.get(peer)?.snapshot.close();
    this.#transfers.delete(peer);
  }

  #tell(to: Address, message: ReplicaMessage): void {
    this.#context.reply(to, message);
  }

  #header(): { cell: string; epoch: number; from: PeerId } {
    const { cell, epoch } = this.#acceptor.config;
    return { cell, epoch, from: this.#context.self };
  }

  #now(): number {
    return this.#context.world.clock.monotonicMs();
  }
}
