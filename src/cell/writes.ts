import { type Bytes, copyBytes, encode, must, NumberedMap } from '../base/index.ts';
import { batch } from '../command/index.ts';
import type { AppliedGroup } from '../state/index.ts';
import type { Address } from '../world/index.ts';
import type { Acceptor } from './acceptor.ts';
import type { Leadership } from './leadership.ts';
import { entriesInFlightBytesMax, entriesInFlightMax, entryBytesMax, waitingBytesMax } from './limits.ts';
import { elsewhere } from './redirect.ts';
import type { ReplicaContext } from './replicaContext.ts';

interface Waiting {
  group: Bytes;
  readonly from: Address;
  readonly sinceMs: number;
  /** Whoever asked has given up by then. */
  readonly untilMs: number;
  isKept: boolean;
}

/**
 * Writes on their way into the log: groups that came in one turn become one entry, a bounded number of entries is under
 * way, and what does not fit waits and makes the next entry the larger.
 */
export class Writes {
  readonly #context: ReplicaContext;
  readonly #cell: string;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** Who sent the groups of each entry that is under way. */
  readonly #origins = new NumberedMap<readonly Address[]>();
  entries = 0;
  groups = 0;

  constructor(context: ReplicaContext, cell: string) {
    this.#context = context;
    this.#cell = cell;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Keeps a group until the turn's end; false where too much waits already. */
  take(group: Bytes, from: Address, patienceMs: number): boolean {
    if (this.#waitingBytes + group.length > waitingBytesMax) return false;
    const sinceMs = this.#context.world.clock.monotonicMs();
    this.#waiting.push({ group, from, sinceMs, untilMs: sinceMs + patienceMs, isKept: false });
    this.#waitingBytes += group.length;
    return true;
  }

  /** At the end of a turn: proposes what there is room for, and keeps the rest. */
  flush(leadership: Leadership | undefined, acceptor: Acceptor, floorMs: number): void {
    if (leadership?.isLeading) {
      while (this.#waiting.length > 0 && leadership.stopSign === undefined && this.#hasRoom(acceptor)) {
        this.#dropDead();
        if (this.#waiting.length === 0) break;
        this.#propose(leadership, this.#gather(), floorMs);
      }
    }
    for (const waiting of this.#waiting) {
      if (waiting.isKept) continue;
      waiting.group = copyBytes(waiting.group);
      waiting.isKept = true;
    }
  }

  /** Proposes a batch without operations: it moves log time. */
  proposeTime(leadership: Leadership, floorMs: number): number {
    return this.#propose(leadership, [], floorMs);
  }

  /** An entry was applied here: those who sent its groups are told, where this replica proposed it. */
  applied(index: number, groups: readonly AppliedGroup[]): void {
    const origins = this.#origins.get(index);
    if (origins === undefined) return;
    this.#origins.delete(index);
    groups.forEach(({ session, results }, i) => {
      const to = must(origins[i], 'a batch gave more results than it has groups');
      this.#context.answer(to, { kind: 'results', cell: this.#cell, session, results });
    });
  }

  /** This replica leads no more: what is under way may still be chosen or not, which the callers' retries will settle. */
  resign(leader: Address): void {
    const callers = new Set([...this.#origins.values()].flat());
    this.#origins.clear();
    for (const to of callers) this.#context.answer(to, { kind: 'resigned', cell: this.#cell, leader });
  }

  /** Sends away those who have waited since before the given moment. */
  sendAway(leader: Address, beforeMs: number): void {
    const late = this.#waiting.filter(({ sinceMs }) => sinceMs <= beforeMs);
    if (late.length === 0) return;
    this.#waiting = this.#waiting.filter(({ sinceMs }) => sinceMs > beforeMs);
    for (const { group, from } of late) {
      this.#waitingBytes -= group.length;
      this.redirect(group, from, leader);
    }
  }

  /** Answers that the group was not proposed, and who may propose it. */
  redirect(group: Bytes, from: Address, leader: Address): void {
    const message = elsewhere({ kind: 'forward', cell: this.#cell, patienceMs: 0, group }, leader);
    if (message !== undefined) this.#context.answer(from, message);
  }

  #hasRoom(acceptor: Acceptor): boolean {
    const underWay = acceptor.log.end - acceptor.chosen;
    if (underWay === 0) return true;
    if (underWay >= entriesInFlightMax) return false;
    const bytes = acceptor.log.bytesFrom(acceptor.chosen + 1, entriesInFlightBytesMax);
    return bytes + Math.min(this.#waitingBytes, this.#nextBytes()) <= entriesInFlightBytesMax;
  }

  /** What the next entry takes at most. */
  #nextBytes(): number {
    return Math.max(entryBytesMax, this.#waiting[0]?.group.length ?? 0);
  }

  /** What waits from the front and is for nobody any more costs no place in the log. */
  #dropDead(): void {
    const now = this.#context.world.clock.monotonicMs();
    let count = 0;
    for (const { untilMs, group } of this.#waiting) {
      if (untilMs > now) break;
      this.#waitingBytes -= group.length;
      count++;
    }
    if (count === 0) return;
    this.#waiting.splice(0, count);
  }

  #gather(): Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const { group } of this.#waiting) {
      if (count > 0 && bytes + group.length > entryBytesMax) break;
      bytes += group.length;
      count++;
    }
    this.#waitingBytes -= bytes;
    if (count < this.#waiting.length) return this.#waiting.splice(0, count);
    const all = this.#waiting;
    this.#waiting = [];
    return all;
  }

  #propose(leadership: Leadership, waiting: readonly Waiting[], floorMs: number): number {
    // Log time never goes back, whatever the clock of a new leader says.
    const timeMs = Math.max(floorMs, leadership.lastTimeMs, leadership.clockMs);
    const bytes = encode(batch, { timeMs, groups: waiting.map(({ group }) => group) });
    const index = leadership.propose({ kind: 'batch', batch: bytes });
    this.#origins.set(
      index,
      waiting.map(({ from }) => from),
    );
    this.entries++;
    this.groups += waiting.length;
    return index;
  }
}
