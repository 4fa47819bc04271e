import { assert, keyOfBytes } from '../base/index.ts';
import { type Context, component } from '../component/index.ts';
import { type Address, Durability, Links, type World } from '../world/index.ts';
import { Comparison, type ComparisonEffects } from './comparison.ts';
import { Gossip, nothingNew } from './gossip.ts';
import { admission, Joining, type JoiningEffects } from './joining.ts';
import { announcedTo, savePeersEveryMs, seatBytes, syncEveryMs } from './limits.ts';
import { type Hint, Membership, type PeerId, type PeerInfo } from './membership.ts';
import { type Belonging, Memory } from './memory.ts';
import { type News, type OverlayMessage, overlayProtocol } from './messages.ts';
import { PeerTable } from './peerTable.ts';
import { Reports } from './reports.ts';
import { Sections } from './sections.ts';
import { Watch, type WatchEffects } from './watch.ts';

export interface OverlayInit {
  readonly world: World;
  readonly self: {
    readonly id: PeerId;
    readonly name: string;
    readonly address: Address;
    readonly redis: string;
    readonly http: string;
    readonly zone: string;
    readonly host: string;
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
  readonly #reports: Reports;
  readonly #gossip: Gossip;
  readonly #comparison: Comparison;
  readonly #watch: Watch;
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
    const statement = this.#memory.statementOf(init.self.id) + 1;
    const life = init.world.entropy.u32();
    const sections = new Sections();
    this.#table = new PeerTable({ ...init.self, seat, status: 'alive', statement, life, cut: 0 }, sections);
    this.#reports = new Reports(sections);
    this.#gossip = new Gossip(this.#table, this.#reports);
    const effects = this.#effects();
    this.#comparison = new Comparison(init.world, this.#table, this.#gossip, effects);
    this.#watch = new Watch(init.world, this.#table, this.#reports, this.#gossip, effects);
    this.#joining = new Joining(init.world, init.contacts, effects);
    this.#subscribe();
    context.onStart(() => (stored === 'damaged' ? this.#refuseToStart() : this.#begin()));
  }

  /** What the parts may do. */
  #effects(): WatchEffects & ComparisonEffects & JoiningEffects {
    const { ref, provides } = this.#context;
    return {
      ref,
      send: (to, message) => this.#send(to, message),
      sendNews: (to) => this.#sendNews(to),
      learn: (news) => this.#learn(news),
      shown: (info) => this.#shown(info),
      wasCutOut: () => this.#beginLife(0),
      outnumbered: (number) => this.#catchUp(number),
      trouble: (reason, isFinal) => provides.membership.emit.trouble({ reason, isFinal }),
    };
  }

  #subscribe(): void {
    const { network, durability, links } = this.#context.requires;
    const { membership } = this.#context.provides;
    network.on.received(({ from, message }) => this.#receive(from, message));
    durability.on.committed(({ ticket }) => {
      if (ticket === this.#foundingTicket) this.#becomeMember();
    });
    links.on.down(({ address }) => this.#watch.linkBroke(address));
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
      for (const info of this.#memory.peers()) this.#table.accept(info);
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
    this.#watch.start();
    this.#introduce();
    this.#every(syncEveryMs, () => this.#comparison.compareWithSomebody());
    this.#every(savePeersEveryMs, () => this.#savePeers());
  }

  /** A cell exists and says so: this folder never founds again. */
  #endFounding(): void {
    if (this.#belonging?.isFounding !== true) return;
    this.#belonging = { ...this.#belonging, isFounding: false };
    this.#memory.saveBelonging(this.#belonging);
  }

  /** Tells some that we are (back) here: they may have buried us meanwhile, and tell the others. */
  #introduce(): void {
    const { systemId } = this.#belonging!;
    const known = [...this.#some(this.#table.others()), ...this.#some(this.#table.dead())];
    const addresses = new Set([...this.#init.contacts, ...known.map((peer) => peer.address)]);
    addresses.delete(this.#table.self.address);
    for (const to of addresses) this.#send(to, { kind: 'join', info: this.#table.self, systemId });
  }

  #receive(from: Address, message: OverlayMessage): void {
    if (!this.#isMember && message.kind !== 'welcome' && message.kind !== 'refuse') return;
    switch (message.kind) {
      case 'join':
        return this.#admit(from, message.info, message.systemId);
      case 'welcome':
        return this.#welcomed(message.systemId, message.news);
      case 'refuse':
        if (message.peer !== this.#table.self.id) return;
        if (this.#isMember) this.#context.provides.membership.emit.trouble(message);
        else this.#joining.refused(message.reason, message.isFinal);
        return;
      case 'ping':
        if (this.#table.byLife(message.from) === undefined) this.#comparison.begin(from);
        return this.#watch.answer(from, message);
      case 'ack':
      case 'pingFor':
      case 'vouch':
        return this.#watch.receive(from, message);
      case 'news':
        return this.#learn(message.news);
      case 'digest':
      case 'sections':
      case 'difference':
        return this.#comparison.receive(from, message);
      case 'buried':
        if (message.life === this.#table.self.life) this.#objectTo(message.statement);
        return;
      default:
        if (!this.#watch.agree(from, message)) this.#comparison.begin(from);
    }
  }

  #admit(from: Address, info: PeerInfo, theirSystemId: string): void {
    const refusal = admission(this.#table, info);
    if (refusal !== undefined) {
      this.#send(from, { kind: 'refuse', peer: info.id, ...refusal });
      return;
    }
    this.#learn({ ...nothingNew, peers: [info] });
    const { systemId } = this.#belonging!;
    const known = this.#table.get(info.id);
    if (theirSystemId === '') this.#send(from, { kind: 'welcome', systemId, news: this.#gossip.everything() });
    else if (known !== undefined) this.#send(from, { kind: 'news', news: { ...nothingNew, peers: [known] } });
    if (theirSystemId !== '') this.#comparison.begin(from);
  }

  #welcomed(systemId: string, news: News): void {
    if (this.#belonging === undefined) this.#join(systemId, false);
    if (this.#belonging?.systemId === systemId) this.#learn(news);
  }

  #learn(news: News): void {
    for (const cut of news.cuts) this.#watch.cutOut(cut);
    for (const info of news.peers) {
      if (info.id === this.#table.self.id) this.#object(info);
      else this.#hearOf(info);
      if (info.life === this.#table.self.life && info.id < this.#table.self.id) this.#beginLife(0);
    }
    for (const report of news.reports) this.#watch.hear(report);
    for (const hint of news.hints) {
      if (this.#gossip.acceptHint(hint) && this.#isMember) this.#context.provides.membership.emit.hint(hint);
    }
  }

  #hearOf(info: PeerInfo): void {
    const before = this.#table.get(info.id);
    if (!this.#table.accept(info)) return this.#gossip.heardAgain(info.id);
    this.#changed(this.#table.get(info.id)!, before);
  }

  /** What others say of us that is not so: we say otherwise, under a higher number. */
  #object(said: PeerInfo): void {
    const { self } = this.#table;
    if (self.status === 'left') return;
    if (said.life === self.life && said.cut > 0) return this.#beginLife(said.statement);
    const isSame = said.life === self.life && said.status === self.status && said.address === self.address;
    if (said.statement < self.statement || (said.statement === self.statement && isSame)) return;
    this.#objectTo(said.statement);
  }

  /** Says once more that we are here, under a number that is higher than this one. */
  #objectTo(statement: number): void {
    if (this.#table.self.status !== 'left' && statement >= this.#table.self.statement) this.#restate({}, statement);
  }

  /** The life of this peer was cut out, or is the life of another too: it begins another one (MEM-3). */
  #beginLife(above: number): void {
    this.#restate({ life: this.#world.entropy.u32() }, above);
  }

  /** Others have heard of cuts that this peer has not, and whose peers are back. */
  #catchUp(number: number): void {
    this.#table.number = number;
    this.#showViewSoon();
  }

  #restate(change: { status?: 'leaving'; life?: number }, above = 0): void {
    const before = this.#table.self;
    this.#changed(this.#table.restate(change, above), before);
  }

  #sayGoodbye(): void {
    const info = this.#table.restate({ status: 'left' });
    for (const peer of this.#table.others()) {
      this.#send(peer.address, { kind: 'news', news: { ...nothingNew, peers: [info] } });
    }
    this.#showView();
  }

  /** A peer said something new: it is passed on. */
  #changed(info: PeerInfo, before: PeerInfo | undefined): void {
    this.#gossip.spreadPeer(info.id);
    this.#watch.restated(before, info);
    this.#peersAreUnsaved = true;
    this.#shown(info);
  }

  /** How a peer shows in the view has changed. */
  #shown({ id, status, statement }: PeerInfo): void {
    this.#world.log.note('info', 'membership', () => `${id} is ${status} (${statement})`);
    this.#showViewSoon();
  }

  #showViewSoon(): void {
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
    for (const hint of this.#gossip.hints) this.#context.provides.membership.emit.hint(hint);
  }

  /** A new fact goes to some peers at once: who leads a cell is waited for. Gossip does the rest. */
  #announce(hint: Hint): void {
    for (const { address } of this.#some(this.#table.others())) {
      this.#send(address, { kind: 'news', news: { ...nothingNew, hints: [hint] } });
    }
  }

  #some(peers: readonly PeerInfo[]): PeerInfo[] {
    const left = [...peers];
    const some: PeerInfo[] = [];
    while (some.length < announcedTo && left.length > 0) {
      some.push(...left.splice(Math.floor(this.#world.entropy.fraction() * left.length), 1));
    }
    return some;
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

  /** Changes travel with what is sent anyway. */
  #sendNews(to: Address): void {
    const news = this.#gossip.news();
    if (news !== undefined) this.#send(to, { kind: 'news', news });
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
