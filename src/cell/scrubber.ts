import { assert, bytesOfKey, checksum, encode, intersection, type Key, keyAfter, type Range } from '../base/index.ts';
import { batch } from '../command/index.ts';
import type { PeerId } from '../overlay/index.ts';
import { type Shelving, scanShelf } from '../state/index.ts';
import type { Address, Row, Scan, ScanLimit, Snapshot } from '../world/index.ts';
import type { Acceptor } from './acceptor.ts';
import { majorityOf, othersOf, rangeOfConfig } from './cellConfig.ts';
import type { MessageOf } from './cellMessages.ts';
import type { Copy } from './copy.ts';
import type { Leadership } from './leadership.ts';
import {
  pinIdleMs,
  resendMs,
  scrubAgainMs,
  scrubAsksMax,
  scrubBytes,
  scrubPauseMs,
  scrubPinMs,
  scrubRows,
} from './limits.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** The rows as they were behind one entry of the log, kept for one round. */
interface PinnedRows {
  readonly round: number;
  readonly snapshot: Snapshot;
  readonly shelf: Shelving;
  readonly range: Range;
  usedMs: number;
}

/** A part of the keys that is being compared: those behind `after`, up to `upTo` with it. */
interface Part {
  readonly after: Key | undefined;
  readonly upTo: Key | undefined;
  /** What each member says that it holds there. */
  readonly sums: Map<PeerId, string>;
  asks: number;
  askedMs: number;
}

/** A round of the leader: over all keys, a part after the other. */
interface Round {
  readonly number: number;
  readonly beganMs: number;
  part: Part | undefined;
  nextMs: number;
  after: Key | undefined;
}

/**
 * Compares what the members of a cell hold on their disks: all of them pin their rows behind the same entry of the log, and
 * the leader has sums of them compared, part by part, slowly. Where one differs from a majority, that member takes its
 * rows for damaged and fetches them again (CELL-17).
 */
export class Scrubber {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #copy: Copy;
  /** The rows are to be pinned behind this entry; 0 where none are. */
  wantedIndex = 0;
  #wantedRound = 0;
  #pin: PinnedRows | undefined;
  #leadership: Leadership | undefined;
  #restedSinceMs = 0;
  #round: Round | undefined;
  /** Who differed in the last round that found something, in words; empty where the last round found nothing. */
  words = '';
  rounds = 0;
  differences = 0;

  constructor(context: ReplicaContext, acceptor: Acceptor, copy: Copy) {
    this.#context = context;
    this.#acceptor = acceptor;
    this.#copy = copy;
  }

  /** The entry at `wantedIndex` is applied, and nothing behind it: what is held now goes to the disk, and stays in sight. */
  reached(): void {
    this.wantedIndex = 0;
    const round = this.#wantedRound;
    const { checkpointer, state, mayVote } = this.#copy;
    if (checkpointer.isUnderWay || state.isDamaged || mayVote !== 'yes') return this.letGo();
    const { epoch, config } = this.#acceptor;
    const { applied } = state;
    checkpointer.demand((_, index) => {
      if (this.#acceptor.epoch !== epoch || this.#wantedRound !== round) return;
      assert(index === applied.index, 'CELL-17: rows are pinned behind another entry than those of the others');
      const snapshot = this.#context.world.storage.snapshot();
      this.#pin = { round, snapshot, shelf: this.#copy.shelf, range: rangeOfConfig(config), usedMs: this.#now() };
    });
    checkpointer.take();
  }

  receive(to: Address, { from, part }: MessageOf<'scrub'>): void {
    switch (part.kind) {
      case 'pin':
        return this.#want(part.round, part.index);
      case 'ask':
        return this.#answer(to, part);
      case 'sum':
        return this.#hear(from, part);
      case 'differs':
        if (part.round === this.#pin?.round && from === this.#acceptor.promise.member) this.#isUnsound();
        return;
    }
  }

  /** The leader's part, again and again; `isSound` where nothing of the cell is being repaired. */
  lead(leadership: Leadership, isSound: boolean): void {
    const { scrubEveryMs } = this.#context.policy;
    if (scrubEveryMs === undefined) return;
    if (leadership !== this.#leadership || !isSound) {
      this.#leadership = leadership;
      this.#rest();
    } else if (this.#round !== undefined) this.#go(this.#round);
    else if (this.#now() - this.#restedSinceMs >= scrubEveryMs) this.#begin(leadership);
  }

  /** Lets go of rows that nobody asks for any more. */
  tick(): void {
    if (this.#pin !== undefined && this.#now() - this.#pin.usedMs >= pinIdleMs) this.letGo();
  }

  letGo(): void {
    this.#pin?.snapshot.close();
    this.#pin = undefined;
    this.wantedIndex = 0;
    this.#wantedRound = 0;
  }

  #rest(): void {
    this.#round = undefined;
    this.#restedSinceMs = this.#now();
  }

  /** A round came to nothing, because somebody was busy or silent: there is another one soon. */
  #tryAgain(): void {
    const { scrubEveryMs = 0 } = this.#context.policy;
    this.#rest();
    this.#restedSinceMs -= Math.max(0, scrubEveryMs - scrubAgainMs);
  }

  #want(round: number, index: number): void {
    this.letGo();
    if (!this.#copy.hasState || index <= this.#copy.state.applied.index) return;
    this.wantedIndex = index;
    this.#wantedRound = round;
  }

  /** An entry without operations is what all pin their rows behind: it comes right behind the word that they should. */
  #begin(leadership: Leadership): void {
    const followers = [...leadership.followers];
    const isQuiet = leadership.stopSign === undefined && !this.#context.isDiskFull;
    if (!isQuiet || this.#copy.checkpointer.isUnderWay || !followers.every(({ isSynced }) => isSynced)) return;
    const number = this.#context.world.entropy.u32();
    const index = this.#acceptor.log.end + 1;
    const now = this.#now();
    this.#want(number, index);
    this.#round = { number, beganMs: now, part: undefined, nextMs: now + scrubPauseMs, after: undefined };
    this.#tellAll({ kind: 'pin', round: number, index });
    const timeMs = Math.max(this.#copy.state.timeMs, leadership.lastTimeMs, leadership.clockMs);
    leadership.propose({ kind: 'batch', batch: encode(batch, { timeMs, groups: [] }) });
  }

  #go(round: Round): void {
    const now = this.#now();
    const { part } = round;
    if (this.#pin?.round !== round.number) {
      // This leader was busy with another checkpoint at that moment, or its disk is slow.
      if (this.#wantedRound !== round.number || now - round.beganMs >= scrubPinMs) this.#tryAgain();
    } else if (part === undefined) {
      if (now >= round.nextMs) this.#next(round, this.#pin);
    } else if (part.sums.size === this.#acceptor.config.members.length) this.#judge(round, part);
    else if (now - part.askedMs >= resendMs) {
      if (part.asks < scrubAsksMax) this.#askFor(round, part);
      else this.#tryAgain();
    }
  }

  #next(round: Round, pin: PinnedRows): void {
    const page = this.#read(pin, round.after, undefined, { rowsMax: scrubRows, bytesMax: scrubBytes });
    if (page === 'damaged') return this.#copy.damaged();
    const upTo = page.more ? page.rows.at(-1)?.key : undefined;
    const sums = new Map([[this.#context.self, sumOf(page.rows)]]);
    round.part = { after: round.after, upTo, sums, asks: 0, askedMs: 0 };
    this.#askFor(round, round.part);
  }

  #askFor(round: Round, part: Part): void {
    part.asks++;
    part.askedMs = this.#now();
    const { after, upTo, sums } = part;
    this.#tellAll({ kind: 'ask', round: round.number, after, upTo }, sums);
  }

  /** What is here of the keys that the leader asks for. A few times more than it holds is enough to differ. */
  #answer(to: Address, { round, after, upTo }: Extract<MessageOf<'scrub'>['part'], { kind: 'ask' }>): void {
    if (this.#pin?.round !== round) return;
    const page = this.#read(this.#pin, after, upTo, { rowsMax: scrubRows * 4, bytesMax: scrubBytes * 4 });
    if (page === 'damaged') return this.#copy.damaged();
    const sum = sumOf(page.rows);
    this.#context.reply(to, { ...this.#header(), kind: 'scrub', part: { kind: 'sum', round, after, sum } });
  }

  #hear(from: PeerId, { round, after, sum }: Extract<MessageOf<'scrub'>['part'], { kind: 'sum' }>): void {
    const part = this.#round?.part;
    if (part === undefined || this.#round?.number !== round || part.after !== after) return;
    part.sums.set(from, sum);
  }

  #judge(round: Round, { sums, upTo }: Part): void {
    const counts = new Map<string, number>();
    for (const sum of sums.values()) counts.set(sum, (counts.get(sum) ?? 0) + 1);
    if (counts.size > 1) return this.#report(round, sums, counts);
    round.part = undefined;
    round.after = upTo;
    round.nextMs = this.#now() + scrubPauseMs;
    if (upTo !== undefined) return;
    this.rounds++;
    this.words = '';
    this.letGo();
    this.#rest();
  }

  #report(round: Round, sums: ReadonlyMap<PeerId, string>, counts: ReadonlyMap<string, number>): void {
    const { config } = this.#acceptor;
    const most = [...counts].find(([, count]) => count >= majorityOf(config))?.[0];
    const differing = [...sums].filter(([, sum]) => sum !== most).map(([id]) => id);
    this.differences++;
    this.#rest();
    const ids = differing.join(', ');
    this.words =
      most === undefined
        ? 'members hold different rows, and no majority of them the same: restore a backup'
        : `the rows of ${ids} differ from those of a majority, and are fetched again`;
    this.#context.world.log.note('error', 'cell', () => `cell ${config.cell}: ${this.words}`);
    if (most === undefined) return;
    for (const member of othersOf(config, this.#context.self)) {
      if (!differing.includes(member.id)) continue;
      this.#context.send(member, { ...this.#header(), kind: 'scrub', part: { kind: 'differs', round: round.number } });
    }
    if (differing.includes(this.#context.self)) this.#isUnsound();
  }

  #isUnsound(): void {
    this.letGo();
    this.#copy.damaged();
  }

  #read(pin: PinnedRows, after: Key | undefined, upTo: Key | undefined, limit: ScanLimit): Scan | 'damaged' {
    pin.usedMs = this.#now();
    // The rows of keys and elements come first. What else belongs to the state follows from the log in the same way.
    const ranges = this.#context.stateRanges(this.#acceptor.config.cell, pin.range).slice(0, 2);
    const asked = {
      from: after === undefined ? '' : keyAfter(after),
      to: upTo === undefined ? undefined : keyAfter(upTo),
    };
    const rows: Row[] = [];
    for (const range of ranges) {
      const part = intersection(range, asked);
      const rowsMax = limit.rowsMax - rows.length;
      if (part === undefined) continue;
      if (rowsMax === 0) return { rows, more: true };
      const page = scanShelf(pin.shelf, pin.snapshot, part, { ...limit, rowsMax });
      if (page === 'damaged') return page;
      rows.push(...page.rows);
      if (page.more) return { rows, more: true };
    }
    return { rows, more: false };
  }

  #tellAll(part: MessageOf<'scrub'>['part'], except: ReadonlyMap<PeerId, unknown> = new Map()): void {
    for (const member of othersOf(this.#acceptor.config, this.#context.self)) {
      if (!except.has(member.id)) this.#context.send(member, { ...this.#header(), kind: 'scrub', part });
    }
  }

  #header(): { cell: string; epoch: number; from: PeerId } {
    const { cell, epoch } = this.#acceptor.config;
    return { cell, epoch, from: this.#context.self };
  }

  #now(): number {
    return this.#context.world.clock.monotonicMs();
  }
}

/** How many rows, and a checksum over their keys and values. */
function sumOf(rows: readonly Row[]): string {
  let sum = 0;
  for (const { key, value } of rows) sum = checksum(value, checksum(bytesOfKey(key), sum));
  return `${rows.length}:${sum}`;
}
