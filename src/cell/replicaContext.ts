import type { Key, Range } from '../base/index.ts';
import type { AccessMessage } from '../command/index.ts';
import type { PeerId, View } from '../overlay/index.ts';
import type { CellState, RowReader, Shelves, Shelving, StateRanges } from '../state/index.ts';
import type { Address, JournalPosition, World } from '../world/index.ts';
import type { CellConfig, Member } from './cellConfig.ts';
import type { CellHint } from './cellHint.ts';
import type { CellMessage } from './cellMessages.ts';
import type { Child } from './children.ts';
import type { JournalRecord } from './journalRecords.ts';
import type { Replica } from './replica.ts';

/** When a cell splits by itself. */
export interface SplitPolicy {
  /** It holds so much, in keys and values. */
  readonly bytes: number;
  /** So much is asked of it, and of more than one key. */
  readonly commandsPerSecond: number;
}

/** When a cell is merged with the one below by itself. */
export interface MergePolicy {
  /** Both together hold less than that, in keys and values. */
  readonly bytes: number;
}

/** What the operator asks of cells. */
export interface CellPolicy {
  /** Members of a cell where there are peers enough; odd. */
  readonly replicas: number;
  readonly reads: 'lease' | 'quorum';
  /** A member that is dead for longer is replaced. */
  readonly memberDeadMs: number;
  /** A checkpoint is due when so much was written since the last. */
  readonly checkpointBytes: number;
  /** Cells split on request alone where it is left out. */
  readonly split?: SplitPolicy | undefined;
  /** Cells are merged on request alone where it is left out. */
  readonly merge?: MergePolicy | undefined;
  /** How often leaders have the rows of the members compared; never where it is left out. */
  readonly scrubEveryMs?: number | undefined;
}

/** Makes the state of a cell, of the rows that are its own. */
export type MakeState = (cell: string, range: Range, rows: RowReader) => CellState;

/** What a replica needs of the peer that hosts it: the protocol classes know nothing else of the outside. */
export interface ReplicaContext {
  readonly self: PeerId;
  readonly address: Address;
  readonly world: World;
  readonly policy: CellPolicy;
  readonly stateRanges: StateRanges;
  /** Where the rows of the state are. */
  readonly shelves: Shelves;
  /** Where a peer listens now. */
  addressOf(member: Member): Address;
  /** Whether the disk has no room: nothing is proposed until it has. */
  readonly isDiskFull: boolean;
  send(to: Member, message: CellMessage): void;
  /** Answers whoever asked, at the address that the question came from. */
  reply(to: Address, message: CellMessage): void;
  answer(to: Address, message: AccessMessage): void;
  /** Writes into the journal. */
  append(record: JournalRecord): JournalPosition;
  /** Calls `then` once everything up to the position is synced. */
  whenDurable(position: JournalPosition, then: () => void): void;
  /** Calls `then` once the commit with the ticket is in the engine. */
  whenCommitted(ticket: number, then: () => void): void;
  /** Has `flush` of the replica called at the end of this turn. */
  flushLater(): void;
  publish(hint: CellHint, version: number): void;
  /** The peers as the overlay sees them now. */
  view(): View | undefined;
  /** The epoch up to which an earlier replica of that cell here may have voted; 0 where there was none. */
  votesAbove(cell: string): number;
  /** A cell that was split off is on the disk: its replica begins. */
  beget(child: Child): void;
  /** The replica has nothing to do here any more, and its rows are gone. It may have voted below that epoch. */
  vanish(epoch: number): void;
  /** The replica of another cell here. */
  neighbour(cell: string): Replica | undefined;
  /** What was heard of the cell that ends at the key, and of the one of that name. */
  below(key: Key): CellHint | undefined;
  hintOf(cell: string): CellHint | undefined;
  /** Where a snapshot of the cell can come in, beside all that is here; undefined while something is in its way. */
  roomFor(config: CellConfig): Shelving | undefined;
  /** Whether a snapshot of another cell is coming in for keys of that one: nothing may be cleared beside it. */
  isReplaced(config: CellConfig): boolean;
  /** Other cells here that have gone into the cell as it is in a snapshot; undefined where one of them is not at rest. */
  displacedBy(config: CellConfig): readonly Replica[] | undefined;
  /** The replica of another cell is not here any more: its cell has gone into this one. */
  absorbed(replica: Replica): void;
  /** The replica could be trimmed behind a new position. */
  trimJournal(): void;
}
