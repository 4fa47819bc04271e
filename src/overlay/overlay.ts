import { assert, keyOfBytes, unreachable } from '../base/index.ts';
import { type Context, component } from '../component/index.ts';
import { type Address, Durability, Links, type World } from '../world/index.ts';
import { Gossip } from './gossip.ts';
import { admission, Joining } from './joining.ts';
import { announcedTo, savePeersEveryMs, seatBytes, syncEveryMs } from './limits.ts';
import { Liveness } from './liveness.ts';
import { type Hint, Membership, type PeerId, type PeerInfo } from './membership.ts';
import { type Belonging, Memory } from './memory.ts';
import { type News, type OverlayMessage, overlayProtocol } from './messages.ts';
import { PeerTable } from './peerTable.ts';

export interface OverlayInit {
  readonly world: World;
  readonly self: {
    readonly id: PeerId;
    readonly name: string;
    readonly address: Address;
    readonly redis: string;
    readonly http: string;
  };
  /** Peers to join through. None, and an empty folder: this peer creates a new system. */
  readonly contacts: readonly Address[];
}

const ports = {
  provides: { membership: Membership },
  requires: { network: overlayProtocol.port, links: Links, durability: Durability },
} as const;
type Ports = Context<typeof ports.provides, typeof ports.requires>;

/** Joins the system, watches who is alive and tells everybody everything, while the peers are some hundreds. */
export const Overlay = component('overlay', {
  ...ports,
  setup: (context, init: OverlayInit) => void new Member(context, init),
});

class Member {
  readonly #context: Ports;
  readonly #world: World;
  readonly #init: OverlayInit;
  readonly #memory: Memory;
  readonly #table: PeerTable;
  readonly #gossip: Gossip;
  readonly #liveness: Liveness;
  readonly #joining: Joining;
  #belonging: Belonging | undefined;
  #foundingTicket: number | undefined;
  #isMember = false;
  #viewIsStale = false;
  #peersAreUnsaved = false;

  constructor(context: Ports, init: OverlayInit) {
    this.#context = context;
    this.#world = init.world;
    this.#init = init;
    this.#memory = new Memory(init.world.storage);
    const stored = this.#memory.belonging();
    this.#belonging = stored === 'damaged' ? undefined : stored;
    const seat = this.#belonging?.seat ?? randomSeat(init.world);
    this.#table = new PeerTable({ ...init.self, seat, status: 'alive', statement: 1 });
    this.#gossip = new Gossip(this.#table);
    const send = (to: Address, message: OverlayMessage): void => context.requires.network.emit.send({ to, message });
    const effects = {
      send,
      ref: context.ref,
      news: () => this.#gossip.news(),
      marked: (info: PeerInfo) => this.#changed(info),
      trouble: (reason: string, isFinal: boolean) => context.provides.membership.emit.trouble({ reason, isFinal }),
    };
    this.#liveness = new Liveness(init.world, this.#table, effects);
    this.#joining = new Joining(init.world, init.contacts, effects);
    this.#subscribe();
    context.onStart(() => (stored === 'damaged' ? this.#refuseToStart() : this.#begin()));
  }

  #subscribe(): void {
    const { network, durability, links } = this.#context.requires;
    const { membership } = this.#context.provides;
    network.on.received(({ from, message }) => this.#receive(from, message));
    durability.on.committed(({ ticket }) => {
      if (ticket === this.#foundingTicket) this.#becomeMember();
    });
    links.on.refused(({ address, reason }) => {
      if (!this.#isMember) this.#joining.refused(`${address}: ${reason}`, false);
    });
    membership.on.publish((hint) => {
      this.#endFounding();
      if (!this.#gossip.acceptHint(hint)) return;
      membership.emit.hint(hint);
      this.#announce(hint);
    });
    membership.on.repeat(() => this.#repeat());
    membership.on.prepareToLeave(() => this.#restate({ status: 'leaving' }));
    membership.on.leave(() => this.#sayGoodbye());
  }

  #refuseToStart(): void {
    const reason =
      'the record of the system that this data folder belongs to is damaged: start with an empty folder and --join, ' +
      'the other peers still have the data';
    this.#context.provides.membership.emit.trouble({ reason, isFinal: true });
  }

  #begin(): void {
    if (this.#belonging !== undefined) {
      for (const info of this.#memory.peers()) this.#table.accept({ ...info });
      this.#becomeMember();
    } else if (this.#init.contacts.length === 0) {
      this.#join(this.#world.entropy.hex(16), true);
    } else {
      this.#joining.ask(this.#table.self);
    }
  }

  /** Writes down the system that this peer belongs to from now on; it is a member once that is synced. */
  #join(systemId: string, isFounding: boolean): void {
    assert(this.#belonging === undefined, 'SYS-2: a folder that belongs to a system is about to join another');
    this.#belonging = { systemId, seat: this.#table.self.seat, isFounding };
    this.#foundingTicket = this.#memory.saveBelonging(this.#belonging);
  }

  #becomeMember(): void {
    const { systemId, isFounding } = this.#belonging!;
    this.#isMember = true;
    this.#joining.done();
    this.#context.requires.links.emit.setSystem({ systemId });
    this.#context.provides.membership.emit.joined({ systemId, isFounding });
    this.#repeat();
    this.#liveness.start();
    this.#introduce();
    this.#every(syncEveryMs, () => this.#syncWithSomebody());
    this.#every(savePeersEveryMs, () => this.#savePeers());
  }

  /** A cell exists and says so: this folder never founds again. */
  #endFounding(): void {
    if (this.#belonging?.isFounding !== true) return;
    this.#belonging = { ...this.#belonging, isFounding: false };
    this.#memory.saveBelonging(this.#belonging);
  }

  /** Tells everybody that we are (back) here: they may have buried us meanwhile. */
  #introduce(): void {
    const { systemId } = this.#belonging!;
    const addresses = new Set([...this.#init.contacts, ...this.#table.all().map((peer) => peer.address)]);
    addresses.delete(this.#table.self.address);
    for (const to of addresses) this.#send(to, { kind: 'join', info: this.#table.self, systemId });
  }

  #receive(from: Address, message: OverlayMessage): void {
    if (!this.#isMember && message.kind !== 'welcome' && message.kind !== 'refuse') return;
    switch (message.kind) {
      case 'join':
        return this.#admit(from, message.info);
      case 'welcome':
        return this.#welcomed(message.systemId, message.news);
      case 'refuse':
        if (this.#isMember) this.#context.provides.membership.emit.trouble(message);
        else this.#joining.refused(message.reason, message.isFinal);
        return;
      case 'ping':
        this.#learn(message.news);
        if (message.target !== this.#table.self.id) return;
        return this.#send(from, {
          kind: 'ack',
          sequence: message.sequence,
          from: this.#table.self.id,
          news: this.#gossip.news(),
        });
      case 'ack':
        this.#learn(message.news);
        return this.#liveness.acknowledged(message.sequence, message.from);
      case 'pingFor':
        return this.#liveness.probeFor(from, message.sequence, message.target, message.address);
      case 'sync':
        this.#learn(message.news);
        if (!message.isReply) this.#send(from, { kind: 'sync', isReply: true, news: this.#gossip.everything() });
        return;
      default:
        unreachable(message);
    }
  }

  #admit(from: Address, info: PeerInfo): void {
    const refusal = admission(this.#table, info);
    if (refusal !== undefined) {
      this.#send(from, { kind: 'refuse', ...refusal });
      return;
    }
    this.#learn({ peers: [info], hints: [] });
    const { systemId } = this.#belonging!;
    this.#send(from, { kind: 'welcome', systemId, news: this.#gossip.everything() });
  }

  #welcomed(systemId: string, news: News): void {
    if (this.#belonging === undefined) this.#join(systemId, false);
    if (this.#belonging?.systemId === systemId) this.#learn(news);
  }

  #learn(news: News): void {
    for (const info of news.peers) {
      if (info.id === this.#table.self.id) this.#object(info);
      else if (this.#table.accept(info)) this.#changed(info);
    }
    for (const hint of news.hints) {
      if (this.#gossip.acceptHint(hint) && this.#isMember) this.#context.provides.membership.emit.hint(hint);
    }
  }

  /** What others say of us that is not so: we say otherwise, under a higher number. */
  #object(said: PeerInfo): void {
    const { self } = this.#table;
    const isSame = said.status === self.status && said.address === self.address;
    if (self.status === 'left' || said.statement < self.statement || (said.statement === self.statement && isSame))
      return;
    this.#restate({}, said.statement);
  }

  #restate(change: { status?: 'leaving' }, above = 0): void {
    this.#changed(this.#table.restate(change, above));
  }

  #sayGoodbye(): void {
    const info = this.#table.restate({ status: 'left' });
    for (const peer of this.#table.others()) {
      this.#send(peer.address, { kind: 'sync', isReply: true, news: { peers: [info], hints: [] } });
    }
    this.#showView();
  }

  #changed(info: PeerInfo): void {
    this.#world.log.note('info', 'membership', () => `${info.id} is ${info.status} (${info.statement})`);
    this.#gossip.spreadPeer(info.id);
    this.#liveness.statusChanged(info);
    this.#peersAreUnsaved = true;
    if (this.#viewIsStale || !this.#isMember) return;
    this.#viewIsStale = true;
    this.#context.atTurnEnd(() => this.#showView());
  }

  #showView(): void {
    this.#viewIsStale = false;
    this.#context.provides.membership.emit.view(this.#table.view(this.#belonging!.systemId));
  }

  /** Facts that came with the welcome wait until this peer is a member: who hears them may speak at once. */
  #repeat(): void {
    if (!this.#isMember) return;
    this.#showView();
    for (const hint of this.#gossip.everything().hints) this.#context.provides.membership.emit.hint(hint);
  }

  /** A new fact goes to some peers at once: who leads a cell is waited for. Gossip does the rest. */
  #announce(hint: Hint): void {
    const others = this.#table.others();
    for (let i = 0; i < announcedTo && others.length > 0; i++) {
      const [peer] = others.splice(Math.floor(this.#world.entropy.fraction() * others.length), 1);
      this.#send(peer!.address, { kind: 'sync', isReply: true, news: { peers: [], hints: [hint] } });
    }
  }

  /** Compares everything with one peer; now and then with a dead one, which is how divided systems meet again. */
  #syncWithSomebody(): void {
    const { entropy } = this.#world;
    const others = this.#table.others();
    const dead = this.#table.dead();
    const pool = dead.length > 0 && (others.length === 0 || entropy.fraction() < 0.5) ? dead : others;
    const chosen = pool[Math.floor(entropy.fraction() * pool.length)];
    if (chosen === undefined) return;
    this.#send(chosen.address, { kind: 'sync', isReply: false, news: this.#gossip.everything() });
  }

  #savePeers(): void {
    if (!this.#peersAreUnsaved) return;
    this.#peersAreUnsaved = false;
    this.#memory.savePeers(this.#table.all());
  }

  #every(ms: number, action: () => void): void {
    const again = this.#context.ref(() => {
      action();
      this.#world.timer.after(ms, again);
    });
    this.#world.timer.after(ms, again);
  }

  #send(to: Address, message: OverlayMessage): void {
    this.#context.requires.network.emit.send({ to, message });
  }
}

function randomSeat(world: World): string {
  const bytes = new Uint8Array(seatBytes);
  for (let i = 0; i < seatBytes; i++) bytes[i] = world.entropy.u32() & 0xff;
  return keyOfBytes(bytes);
}
