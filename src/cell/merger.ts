import { assert } from '../base/index.ts';
import type { Stage } from '../state/index.ts';
import type { Address } from '../world/index.ts';
import type { Acceptor } from './acceptor.ts';
import { type CellConfig, sameMembers } from './cellConfig.ts';
import type { MessageOf } from './cellMessages.ts';
import type { Copy } from './copy.ts';
import { sameDegrees } from './degree.ts';
import type { Keeper } from './keeper.ts';
import type { Leadership } from './leadership.ts';
import { mergeLooksMin, mergeWishMs, resendMs, splitLookMs } from './limits.ts';
import type { Poller } from './poller.ts';
import type { ReplicaContext } from './replicaContext.ts';

type MergeMessage = MessageOf<'merge'>;
type MergePart = MergeMessage['part'];
type Merging = Extract<Stage, { kind: 'merging' }>;

/**
 * The leader's part of a merge. The upper cell's wishes it: it sees to it that both have the same members, and asks. The lower
 * cell's logs that it is merging, asks the upper one to seal in the epoch that it named, and absorbs it when that is
 * chosen; it goes back only when the upper cell has entered a later epoch, in which that seal cannot come any more (CELL-18).
 */
export class Merger {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #copy: Copy;
  readonly #keeper: Keeper;
  readonly #poller: Poller;
  #wishedMs = Number.NEGATIVE_INFINITY;
  #askedMs = Number.NEGATIVE_INFINITY;
  #leadership: Leadership | undefined;
  #lookedMs = 0;
  #looks = 0;
  #count = 0;

  constructor(context: ReplicaContext, acceptor: Acceptor, copy: Copy, keeper: Keeper, poller: Poller) {
    this.#poller = poller;
    this.#context = context;
    this.#acceptor = acceptor;
    this.#copy = copy;
    this.#keeper = keeper;
  }

  /** What is being done, in words for people; empty where nothing is. */
  get words(): string {
    const { stage } = this.#copy.state;
    if (stage?.kind === 'merging') return `absorbing cell ${stage.upper}`;
    return this.#isWished ? 'waiting to be merged with the cell below' : '';
  }

  get #isWished(): boolean {
    return this.#now() - this.#wishedMs < mergeWishMs;
  }

  get #config(): CellConfig {
    return this.#acceptor.config;
  }

  /** Somebody wants the cell to be merged with the one below. */
  wish(leadership: Leadership): void {
    if (leadership.isLeading && this.#copy.state.stage === undefined) this.#wishedMs = this.#now();
  }

  /** `isSound` where nothing of the cell is being repaired. */
  tick(leadership: Leadership, isSound: boolean): void {
    const { stage } = this.#copy.state;
    if (stage?.kind === 'merging') return this.#pursue(leadership, stage);
    this.#look(leadership, isSound);
    if (this.#isWished && this.#isFree(leadership)) this.#ask();
  }

  receive(from: Address, { part }: MergeMessage, leadership: Leadership | undefined): void {
    switch (part.kind) {
      case 'ask':
        if (leadership !== undefined) this.#onAsk(leadership, part.upper);
        return;
      case 'seal':
        return this.#onSeal(from, part, leadership);
      case 'kept':
        if (leadership !== undefined) this.#onKept(leadership, part);
        return;
      case 'orphan':
        return; // Answered by whoever holds the key.
    }
  }

  /**
   * The cell below is to absorb this one, which was sealed by that nonce: true where the copy here is at rest with all up to the
   * seal. Where the log has that very seal, all before it is what was chosen.
   */
  comesToSeal(nonce: string): boolean {
    const { log } = this.#acceptor;
    if (!this.#copy.hasState) return false;
    const last = this.#copy.isSealed || log.end < log.first ? undefined : log.get(log.end);
    if (last?.kind === 'seal' && last.nonce === nonce) this.#copy.choose(log.end);
    if (!this.#copy.isSealed) this.#poller.ask();
    return this.#copy.isSealed && this.#copy.isAtRest;
  }

  /** The keys of this cell stand still until the one below has absorbed it: it need not wait for its next look. */
  sealed(): void {
    const { stage } = this.#copy.state;
    const lower = stage?.kind === 'sealed' ? this.#context.neighbour(stage.lower) : undefined;
    lower?.merger.onSealed(lower.leadership);
  }

  /** The cell above is sealed here. */
  onSealed(leadership: Leadership | undefined): void {
    const { stage } = this.#copy.state;
    if (leadership?.isLeading && stage?.kind === 'merging') this.#pursue(leadership, stage);
    this.#context.flushLater();
  }

  /** Whether the leader knows all that is decided, and nothing of the cell is about to change. */
  #isFree(leadership: Leadership): boolean {
    return this.#copy.state.stage === undefined && this.#mayPropose(leadership);
  }

  #mayPropose({ isLeading, stopSign, adoptedEnd }: Leadership): boolean {
    const { state, children } = this.#copy;
    const isCurrent = isLeading && stopSign === undefined && state.applied.index >= adoptedEnd;
    return isCurrent && children.configs.length === 0 && !this.#context.isDiskFull;
  }

  #ask(): void {
    const lower = this.#context.below(this.#config.from);
    if (lower === undefined || !sameDegrees(lower.degrees, this.#config.degrees) || !this.#isTime()) return;
    if (!sameMembers(lower.members, this.#config.members)) return this.#keeper.align(lower.members);
    const part = { kind: 'ask', upper: this.#config } as const;
    this.#tell(lower.leaderAddress, lower.cell, lower.epoch, part);
  }

  #onAsk(leadership: Leadership, upper: CellConfig): void {
    const { epoch, to, members, degrees } = this.#config;
    const isAlike = sameMembers(members, upper.members) && sameDegrees(degrees, upper.degrees);
    const isNext = to !== undefined && to === upper.from && isAlike;
    // Its copy here is what this leader will know its seal by.
    const isHere = this.#context.neighbour(upper.cell)?.config.epoch === upper.epoch;
    if (!isNext || !isHere || !this.#isFree(leadership)) return;
    // Above the epochs of both: whoever holds a key in a later epoch than another holds it after that.
    const next: CellConfig = { ...this.#config, epoch: Math.max(epoch, upper.epoch) + 1 };
    this.#note(`is to absorb cell ${upper.cell} (epoch ${next.epoch})`);
    leadership.propose({ kind: 'merging', config: next, upper: upper.cell, upperEpoch: upper.epoch });
  }

  #pursue(leadership: Leadership, { upper: cell, upperEpoch }: Merging): void {
    if (!this.#mayPropose(leadership)) return;
    const upper = this.#context.neighbour(cell);
    if (upper?.isSealed) return this.#absorb(leadership, upper.config, upper.copy.state.stage);
    if (upper !== undefined && upper.config.epoch > upperEpoch) return this.#cancel(leadership);
    if (!this.#isTime()) return;
    const part = { kind: 'seal', lower: this.#config.cell, lowerEpoch: this.#config.epoch, upperEpoch } as const;
    for (const member of this.#config.members) this.#tell(this.#context.addressOf(member), cell, upperEpoch, part);
    const elsewhere = this.#context.hintOf(cell)?.leaderAddress;
    if (elsewhere !== undefined) this.#tell(elsewhere, cell, upperEpoch, part);
  }

  #absorb(leadership: Leadership, upper: CellConfig, sealed: Stage | undefined): void {
    const { cell, epoch, degrees } = this.#config;
    const isOurs = sealed?.kind === 'sealed' && sealed.lower === cell && sealed.lowerEpoch === epoch;
    assert(isOurs, 'CELL-18: a cell was sealed for another than the one that is to absorb it');
    assert(sameDegrees(degrees, upper.degrees), 'CELL-22: a cell is to absorb one with another degree');
    const config: CellConfig = { ...this.#config, epoch: epoch + 1, to: upper.to };
    leadership.propose({ kind: 'absorb', config, upper: upper.cell, nonce: sealed.nonce });
  }

  #cancel(leadership: Leadership): void {
    this.#note(`does not absorb the cell above, which has changed (epoch ${this.#config.epoch + 1})`);
    leadership.propose({ kind: 'stopSign', config: { ...this.#config, epoch: this.#config.epoch + 1 } });
  }

  #onSeal(from: Address, part: MergePart & { kind: 'seal' }, leadership: Leadership | undefined): void {
    const { cell, epoch } = this.#config;
    const { lower, lowerEpoch, upperEpoch } = part;
    if (!this.#copy.hasState || epoch < upperEpoch) return;
    if (epoch > upperEpoch) {
      return this.#tell(from, lower, lowerEpoch, { kind: 'kept', upper: cell, upperEpoch: epoch });
    }
    if (this.#copy.isSealed) {
      const header = { cell, epoch, from: this.#context.self };
      return this.#context.reply(from, { ...header, kind: 'ahead', chosen: this.#copy.chosen });
    }
    if (leadership === undefined || !this.#isFree(leadership)) return;
    this.#note(`is sealed, and cell ${lower} absorbs it`);
    leadership.propose({ kind: 'seal', lower, lowerEpoch, nonce: this.#context.world.entropy.hex(16) });
  }

  /** A later epoch of the upper cell is chosen: the one that was named ended without the seal. */
  #onKept(leadership: Leadership, { upper, upperEpoch }: MergePart & { kind: 'kept' }): void {
    const { stage } = this.#copy.state;
    const isOver = stage?.kind === 'merging' && stage.upper === upper && upperEpoch > stage.upperEpoch;
    if (isOver && this.#mayPropose(leadership)) this.#cancel(leadership);
  }

  /** Where the policy asks for it: two neighbours that have been small for a while, and little asked, become one. */
  #look(leadership: Leadership, isSound: boolean): void {
    const { merge, split } = this.#context.policy;
    const now = this.#now();
    if (merge === undefined || (leadership === this.#leadership && now - this.#lookedMs < splitLookMs)) return;
    const { state } = this.#copy;
    const perSecond = ((state.demand.count - this.#count) / (now - this.#lookedMs)) * 1000;
    const isQuiet = split === undefined || perSecond < split.commandsPerSecond / 4;
    const lower = this.#context.below(this.#config.from);
    const below = lower === undefined ? undefined : this.#context.neighbour(lower.cell)?.copy.state;
    const isAlike = lower !== undefined && sameDegrees(lower.degrees, this.#config.degrees);
    const isCounted = state.isCounted && below?.isCounted === true;
    const isSmall = isAlike && isCounted && state.size.bytes + below.size.bytes < merge.bytes;
    const isSame = leadership === this.#leadership && isSound && isQuiet && isSmall;
    this.#looks = isSame ? this.#looks + 1 : 0;
    this.#leadership = leadership;
    this.#lookedMs = now;
    this.#count = state.demand.count;
    if (this.#looks >= mergeLooksMin) this.#wishedMs = now;
  }

  #isTime(): boolean {
    const now = this.#now();
    if (now - this.#askedMs < resendMs) return false;
    this.#askedMs = now;
    return true;
  }

  #tell(to: Address, cell: string, epoch: number, part: MergePart): void {
    this.#context.reply(to, { kind: 'merge', cell, epoch, from: this.#context.self, part });
  }

  #note(text: string): void {
    this.#context.world.log.note('info', 'cell', () => `cell ${this.#config.cell}: ${text}`);
  }

  #now(): number {
    return this.#context.world.clock.monotonicMs();
  }
}
