import { assert, encode, everything, parse, prefixRange, varint } from '../base/index.ts';
import { type AccessMessage, accessProtocol, piecesOf } from '../command/index.ts';
import { type Context, component, type Ref } from '../component/index.ts';
import { Membership, type PeerId, type View } from '../overlay/index.ts';
import { lowerShelf, Shelves, type StateRanges, shelfKey, shelvingIn, upperShelf } from '../state/index.ts';
import { type Address, Durability, type Incoming, type World } from '../world/index.ts';
import type { CellConfig, Member } from './cellConfig.ts';
import { cellHint, cellTopicPrefix } from './cellHint.ts';
import { type CellMessage, cellProtocol, type MessageOf } from './cellMessages.ts';
import { CellStatus } from './cellStatus.ts';
import type { Child } from './children.ts';
import { DiskQueue } from './diskQueue.ts';
import {
  type CheckpointRow,
  checkpointKey,
  checkpointPrefix,
  checkpointRow,
  emptyCheckpoint,
  journalRecord,
  trimmedKey,
} from './journalRecords.ts';
import { tickMs } from './limits.ts';
import { livePolicy, policyAttributes } from './livePolicy.ts';
import { Neighbourhood } from './neighbourhood.ts';
import { Pins } from './pin.ts';
import { elsewhere } from './redirect.ts';
import { Replica } from './replica.ts';
import type { CellPolicy, MakeState, ReplicaContext } from './replicaContext.ts';
import { rescue } from './rescue.ts';
import { Rounds } from './rounds.ts';
import { Signposts } from './signposts.ts';

export interface CellsInit {
  readonly world: World;
  readonly self: { readonly id: PeerId; readonly address: Address };
  /** This peer begins a new system: where its folder holds no cell, it makes the one that covers everything. */
  readonly genesis: boolean;
  readonly makeState: MakeState;
  readonly stateRanges: StateRanges;
  readonly policy: CellPolicy;
}

const ports = {
  provides: { status: CellStatus },
  requires: {
    network: cellProtocol.port,
    access: accessProtocol.port,
    durability: Durability,
    membership: Membership,
  },
} as const;
type Ports = Context<typeof ports.provides, typeof ports.requires>;

/** Hosts the replicas of one peer: their messages, their part of the disk, their heartbeats and their time. */
export const Cells = component('cells', {
  ...ports,
  attributes: policyAttributes,
  setup: (context, init: CellsInit) =>
    void new Hosting(context, { ...init, policy: livePolicy(context.attributes, init.policy) }),
});

class Hosting {
  readonly #ports: Ports;
  readonly #init: CellsInit;
  readonly #world: World;
  readonly #replicas = new Map<string, Replica>();
  /** Cells whose replica here went, with the epoch up to which it may have voted. */
  readonly #gone = new Map<string, number>();
  readonly #disk = new DiskQueue();
  readonly #signposts: Signposts;
  readonly #pins: Pins;
  readonly #rounds: Rounds;
  readonly #neighbours: Neighbourhood;
  #view: View | undefined;
  #addresses = new Map<PeerId, Address>();
  #isDiskFull = false;
  #hasVacated = false;
  #trimmedTo = 0;
  readonly #tickRef: Ref<void>;

  constructor(context: Ports, init: CellsInit) {
    this.#ports = context;
    this.#init = init;
    this.#world = init.world;
    this.#signposts = new Signposts(init.world.clock, (to, message) =>
      context.requires.access.emit.send({ to, message }),
    );
    this.#pins = new Pins(init.world, init.policy.reads === 'lease');
    this.#neighbours = new Neighbourhood(this.#replicas);
    this.#rounds = new Rounds(init.world, this.#replicas, {
      self: init.self.id,
      addressOf: (member) => this.#addressOf(member),
      send: (to, message) => context.requires.network.emit.send({ to, message }),
    });
    this.#tickRef = context.ref(() => this.#tick());
    const { network, access, durability, membership } = context.requires;
    network.on.received((event) => this.#receive(event));
    access.on.received(({ from, message }) => this.#onAccess(from, message));
    durability.on.durable(({ upTo }) => this.#disk.durable(upTo));
    durability.on.committed(({ ticket }) => this.#disk.committed(ticket));
    durability.on.full(() => this.#setDiskFull(true));
    durability.on.resumed(() => this.#setDiskFull(false));
    membership.on.view((view) => this.#onView(view));
    membership.on.hint((hint) => this.#neighbours.onHint(hint));
    context.provides.status.on.ask(({ reply }) =>
      reply.tell([...this.#replicas.values()].map((replica) => replica.report())),
    );
    context.provides.status.on.pin(({ cell, reply }) =>
      this.#pins.pin(this.#replicas.get(cell), (told) => reply.tell(told)),
    );
    context.provides.status.on.rescue(({ cell, consent, reply }) =>
      reply.tell(rescue(this.#replicas.get(cell), init.self, this.#view, consent)),
    );
    context.onStart(() => this.#start());
    context.onStop(() => this.#close());
  }

  #close(): void {
    for (const replica of this.#replicas.values()) replica.copy.close();
    this.#pins.close();
  }

  /** Takes up what the folder holds, or begins a new system. */
  #start(): void {
    const { records, damagedUpTo } = this.#world.storage.recover();
    const page = this.#world.storage.scan(prefixRange(checkpointPrefix), { rowsMax: 100_000, bytesMax: 1e9 });
    if (page === 'damaged') {
      const text = () =>
        'the list of cells in this folder is damaged: wipe the folder and start this peer as a new one';
      return this.#world.log.note('error', 'cells', text);
    }
    for (const { value } of page.rows) {
      const row = parse(checkpointRow, value);
      if (!row.ok) continue;
      if (row.value.status === 'gone') this.#gone.set(row.value.config.cell, row.value.votesAbove);
      else this.#takeUp(row.value);
    }
    const isSound = damagedUpTo <= this.#trimmedBefore() && this.#replay(records);
    for (const replica of this.#replicas.values()) replica.copy.begin(!isSound);
    if (this.#init.genesis && page.rows.length === 0 && records.length === 0) this.#begin();
    this.#tick();
  }

  /** Where the rows are is lost with the row that says so: then they are fetched again, like any that were damaged. */
  #takeUp(row: CheckpointRow): void {
    const shelf = this.#world.storage.get(shelfKey(row.config.cell));
    const shelving = shelf === 'damaged' ? undefined : shelvingIn(shelf);
    if (shelving === undefined) this.#host({ ...row, status: 'damaged' });
    else this.#host(row, shelving);
  }

  /**
   * Up to where the journal was needed no more when it was last trimmed. The disk gives its space back in pieces, so
   * records from before may still be there, and damage among them is damage to nothing.
   */
  #trimmedBefore(): number {
    const row = this.#world.storage.get(trimmedKey);
    if (row === undefined || row === 'damaged') return 0;
    const parsed = parse(varint, row);
    return parsed.ok ? parsed.value : 0;
  }

  /** False where the journal lacks something in the middle. */
  #replay(records: readonly { readonly position: number; readonly bytes: Uint8Array }[]): boolean {
    for (const { position, bytes } of records) {
      const record = parse(journalRecord, bytes);
      if (!record.ok) return false;
      const replica = this.#replicas.get(record.value.cell);
      if (replica !== undefined && !replica.copy.replay(record.value, position)) return false;
    }
    return true;
  }

  /** Genesis: one cell of everything, this peer its only member, on the disk before anything else is. */
  #begin(): void {
    const { id, address } = this.#init.self;
    const config: CellConfig = { cell: '1', epoch: 1, ...everything, members: [{ id, address }], degrees: [] };
    const row: CheckpointRow = { ...emptyCheckpoint(config, 0), status: 'whole' };
    const rows = [{ key: checkpointKey(config.cell), value: encode(checkpointRow, row) }];
    const ticket = this.#world.storage.commit({ clear: [], rows });
    this.#disk.whenCommitted(ticket, () => this.#host(row).copy.begin(false));
  }

  /** A cell that was split off begins. */
  #beget({ checkpoint, shelf, leads, timeMs, version, past }: Child): void {
    const replica = this.#host(checkpoint, shelf);
    const { state } = replica.copy;
    const goesOn = state.timeMs >= timeMs && state.version >= version;
    assert(state.isDamaged || goesOn, 'CELL-13: what was split off does not go on from the time of its cell');
    state.history = past;
    replica.copy.begin(false);
    if (leads) replica.inheritLead();
  }

  #host(row: CheckpointRow, shelf = lowerShelf): Replica {
    assert(!this.#replicas.has(row.config.cell), 'CELL-14: a peer holds a cell twice');
    assert(this.#neighbours.isApart(row.config), 'CELL-14: two cells of one peer hold the same keys');
    const { cell, from, to } = row.config;
    const shelves = new Shelves(this.#world.storage, shelf);
    const replica: Replica = new Replica(
      this.#contextFor(() => replica, shelves),
      row,
      this.#init.makeState(cell, { from, to }, shelves),
    );
    this.#replicas.set(cell, replica);
    return replica;
  }

  #contextFor(replica: () => Replica, shelves: Shelves): ReplicaContext {
    const { network, access, membership } = this.#ports.requires;
    const { world, self, policy, stateRanges } = this.#init;
    const hosting = this;
    let willFlush = false;
    return {
      self: self.id,
      address: self.address,
      world,
      policy,
      stateRanges,
      shelves,
      get isDiskFull() {
        return hosting.#isDiskFull;
      },
      addressOf: (member) => this.#addressOf(member),
      send: (to, message) => network.emit.send({ to: this.#addressOf(to), message }),
      reply: (to, message) => network.emit.send({ to, message }),
      answer: (to, message) => {
        for (const piece of piecesOf(message)) access.emit.send({ to, message: piece });
        this.#signposts.answered(to, message);
      },
      append: (record) => world.storage.append(encode(journalRecord, record)),
      whenDurable: (position, then) => this.#disk.whenDurable(position, then),
      whenCommitted: (ticket, then) => this.#disk.whenCommitted(ticket, then),
      flushLater: () => {
        if (willFlush) return;
        willFlush = true;
        this.#ports.atTurnEnd(() => {
          willFlush = false;
          replica().flush();
        });
      },
      publish: (hint, version) => {
        const bytes = encode(cellHint, hint);
        membership.emit.publish({ topic: cellTopicPrefix + hint.cell, version, bytes });
        this.#signposts.published(hint.cell, version, bytes);
      },
      view: () => this.#view,
      votesAbove: (cell) => this.#gone.get(cell) ?? 0,
      beget: (child) => this.#beget(child),
      vanish: (epoch) => this.#forget(replica(), epoch),
      neighbour: (cell) => this.#replicas.get(cell),
      below: (key) => this.#neighbours.atlas.below(key),
      hintOf: (cell) => this.#neighbours.atlas.get(cell),
      roomFor: (config) => this.#neighbours.roomFor(replica(), config),
      isReplaced: (config) => this.#neighbours.isReplaced(replica(), config),
      displacedBy: (config) => this.#neighbours.displacedBy(replica(), config),
      absorbed: (gone) => this.#forget(gone, gone.config.epoch),
      trimJournal: () => this.#trim(),
    };
  }

  #receive({ from, message }: Incoming<CellMessage>): void {
    switch (message.kind) {
      case 'ping':
        return this.#rounds.onPing(from, message);
      case 'pong':
        return this.#rounds.onPong(from, message);
      case 'invite':
        // A cell from which this one was split off may be here still: it goes on, or away, and then there is room.
        if (!this.#replicas.has(message.cell) && this.#neighbours.isApart(message.config)) this.#learn(message);
        break;
      case 'merge':
        this.#release(from, message);
        break;
    }
    this.#replicas.get(message.cell)?.receive(from, message);
  }

  /** Somebody holds a copy of a cell that has gone into another one, perhaps one that is led here. */
  #release(from: Address, message: MessageOf<'merge'>): void {
    const { cell, part } = message;
    const heir = part.kind === 'orphan' ? this.#neighbours.heirOf(message, part.key) : undefined;
    if (heir === undefined) return;
    const settled = { kind: 'settled', cell, epoch: heir.epoch, from: this.#init.self.id } as const;
    this.#ports.requires.network.emit.send({ to: from, message: settled });
  }

  /** Others want a copy of their cell here. Nothing is written until the state comes, on the lower shelf. */
  #learn({ config }: MessageOf<'invite'>): void {
    const row = emptyCheckpoint(config, this.#gone.get(config.cell) ?? 0);
    this.#host(row, upperShelf).copy.begin(false);
  }

  #onAccess(from: Address, message: AccessMessage): void {
    const replica = this.#replicas.get(message.cell);
    if (replica !== undefined) return replica.onAccess(from, message);
    const answer = elsewhere(message, '');
    if (answer !== undefined) this.#ports.requires.access.emit.send({ to: from, message: answer });
  }

  #onView(view: View): void {
    this.#view = view;
    this.#addresses = new Map(view.peers.map(({ id, address }) => [id, address]));
  }

  #tick(): void {
    this.#world.timer.after(tickMs, this.#tickRef);
    this.#rounds.tick();
    for (const replica of this.#replicas.values()) replica.tick();
    this.#notifyVacated();
    this.#pins.tick();
  }

  #addressOf({ id, address }: Member): Address {
    return this.#addresses.get(id) ?? address;
  }

  #setDiskFull(isFull: boolean): void {
    if (this.#isDiskFull === isFull) return;
    this.#isDiskFull = isFull;
    const text = isFull ? 'the disk is full: nothing new is taken until there is room' : 'the disk has room again';
    this.#world.log.note(isFull ? 'error' : 'info', 'cells', () => text);
    for (const replica of this.#replicas.values()) replica.diskChanged();
  }

  #forget(replica: Replica, epoch: number): void {
    this.#gone.set(replica.config.cell, epoch);
    this.#replicas.delete(replica.config.cell);
    this.#trim();
  }

  /** The journal is one for all cells: what none of them needs goes. */
  #trim(): void {
    let upTo = this.#world.storage.end;
    for (const { copy } of this.#replicas.values()) upTo = Math.min(upTo, copy.checkpointer.trimmable);
    if (upTo <= this.#trimmedTo) return;
    this.#trimmedTo = upTo;
    this.#world.storage.trim(upTo);
    const rows = [{ key: trimmedKey, value: encode(varint, upTo) }];
    this.#world.storage.commit({ clear: [], rows });
  }

  #notifyVacated(): void {
    const self = this.#view?.peers.find(({ id }) => id === this.#init.self.id);
    const hasGone = self?.status === 'leaving' && this.#replicas.size === 0;
    if (hasGone && !this.#hasVacated) this.#ports.provides.status.emit.vacated();
    this.#hasVacated = hasGone;
  }
}
