import type { Ref } from '../component/index.ts';
import type { Address, World } from '../world/index.ts';
import { isSameElectorate } from './agreement.ts';
import { Circles } from './circles.ts';
import { Cutter } from './cutter.ts';
import { type Gossip, nothingNew } from './gossip.ts';
import { tellAllMax } from './limits.ts';
import { Liveness } from './liveness.ts';
import type { PeerInfo } from './membership.ts';
import type { AgreementMessage, Cut, Electorate, OverlayMessage, Report } from './messages.ts';
import { isPresent, type PeerTable } from './peerTable.ts';
import type { Reports } from './reports.ts';

export type Ping = Extract<OverlayMessage, { readonly kind: 'ping' }>;
type Answer = Extract<OverlayMessage, { readonly kind: 'ack' | 'pingFor' | 'vouch' }>;

export interface WatchEffects {
  send(to: Address, message: OverlayMessage): void;
  ref<E>(handler: (event: E) => void): Ref<E>;
  /** The changes that are to be passed on go there. */
  sendNews(to: Address): void;
  /** How a peer shows in the view has changed. */
  shown(info: PeerInfo): void;
  /** The life of this peer was cut out. */
  wasCutOut(): void;
}

/** Watches some peers, hears what others find out about theirs, and with them decides who is cut out. */
export class Watch {
  readonly #table: PeerTable;
  readonly #reports: Reports;
  readonly #gossip: Gossip;
  readonly #effects: WatchEffects;
  readonly #circles: Circles;
  readonly #liveness: Liveness;
  readonly #cutter: Cutter;
  /** The last cut, and who voted for it. */
  #ended: { readonly electorate: Electorate; readonly cut: Cut } | undefined;

  constructor(world: World, table: PeerTable, reports: Reports, gossip: Gossip, effects: WatchEffects) {
    this.#table = table;
    this.#reports = reports;
    this.#gossip = gossip;
    this.#effects = effects;
    this.#circles = new Circles(table);
    const { send, ref, sendNews, shown } = effects;
    const reported = (life: number): void => this.#reported(life);
    this.#liveness = new Liveness(world, table, this.#circles, reports, { send, ref, sendNews, reported });
    this.#cutter = new Cutter(world, table, this.#circles, reports, {
      ref,
      shown,
      sendTo: (life, message) => this.#sendTo(life, message),
      decided: (lives) => void this.cutOut({ number: table.number + 1, lives }),
      knowsThere: (life) => this.#liveness.knowsThere(life),
      reinforce: (life) => this.#liveness.reinforce(life),
    });
  }

  start(): void {
    this.#liveness.start();
  }

  /** The link to an address broke: nobody may be there any more. */
  linkBroke(address: Address): void {
    const peer = this.#table.others().find((other) => other.address === address);
    if (peer !== undefined) this.#liveness.look(peer.life);
  }

  /** An answer proves both ways; whoever asks for a life that is over, or is counted as gone, is told so. */
  answer(from: Address, { sequence, from: life, target, isDoubted }: Ping): void {
    const { self } = this.#table;
    if (target === self.life) this.#effects.send(from, { kind: 'ack', sequence });
    else this.#tell(from, self);
    this.#effects.sendNews(from);
    if (isDoubted && target === self.life) this.#liveness.doubted();
    const asker = this.#table.byLife(life);
    if (asker === undefined) return;
    const { statement } = asker;
    if (this.#table.isBuried(asker.id)) this.#effects.send(from, { kind: 'buried', life, statement });
    else if (asker.status === 'dead') this.#tell(from, asker);
  }

  receive(from: Address, message: Answer): void {
    const { sequence } = message;
    if (message.kind === 'ack') this.#liveness.acknowledged(sequence);
    else if (message.kind === 'vouch') this.#liveness.vouched(sequence, message.isThere);
    else this.#liveness.probeFor(from, sequence, message.target);
  }

  /**
   * False where it belongs to an electorate that this peer knows nothing of. Whoever still votes in the one before the last cut is
   * told that cut: to compare all that both know would cost a hundred times as much, and happens to everybody at once.
   */
  agree(from: Address, message: AgreementMessage): boolean {
    if (this.#cutter.receive(message)) return true;
    const ended = this.#ended;
    if (ended === undefined || !isSameElectorate(message.electorate, ended.electorate)) return false;
    this.#effects.send(from, { kind: 'news', news: { ...nothingNew, cuts: [ended.cut] } });
    return true;
  }

  /** Somebody's observer said something: it is passed on, and whoever watches the same peer looks for itself. */
  hear(report: Report): void {
    const { life, statement } = report;
    const peer = this.#table.byLife(life);
    if (peer === undefined || !this.#table.isPresent(peer) || statement < peer.statement) return;
    if (!this.#reports.merge(report)) return this.#gossip.heardReportAgain(life);
    this.#gossip.spreadReport(life);
    this.#cutter.reported(life);
    this.#liveness.look(life);
  }

  /** A peer said something new: what was found out about it before does not hold any more. */
  restated(before: PeerInfo | undefined, now: PeerInfo): void {
    if (before !== undefined && (before.life !== now.life || !isPresent(now.status))) this.#reports.forget(before.life);
    if (this.#reports.clearOlder(now.life, now.statement)) this.#cutter.reported(now.life);
  }

  /** An agreement, as this peer found out or hears. */
  cutOut(cut: Cut): void {
    if (cut.lives.includes(this.#table.self.life)) this.#effects.wasCutOut();
    const { electorate } = this.#table;
    const ended = this.#table.cutOut(cut.lives, cut.number);
    for (const info of ended) {
      this.#reports.forget(info.life);
      this.#effects.shown(info);
    }
    if (ended.length === 0) return;
    this.#ended = { electorate, cut };
    this.#gossip.spreadCut(cut);
    // A small system need not wait for gossip.
    const told = this.#table.others();
    if (told.length > tellAllMax) return;
    for (const { address } of told) this.#effects.send(address, { kind: 'news', news: { ...nothingNew, cuts: [cut] } });
  }

  /** This peer says what it found: the other observers of the same peer hear it first. */
  #reported(life: number): void {
    this.#gossip.spreadReport(life);
    this.#cutter.reported(life);
    const report = this.#reports.report(life);
    if (report === undefined) return;
    const message = { kind: 'news', news: { ...nothingNew, reports: [report] } } as const;
    for (const observer of new Set(this.#circles.observers(life))) {
      if (observer !== this.#table.self.life) this.#sendTo(observer, message);
    }
  }

  #tell(to: Address, info: PeerInfo): void {
    this.#effects.send(to, { kind: 'news', news: { ...nothingNew, peers: [info] } });
  }

  #sendTo(life: number, message: OverlayMessage): void {
    const peer = this.#table.byLife(life);
    if (peer !== undefined) this.#effects.send(peer.address, message);
  }
}
