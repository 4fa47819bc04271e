import type { Ref } from '../component/index.ts';
import type { World } from '../world/index.ts';
import { Agreement, type AgreementEffects } from './agreement.ts';
import type { Circles } from './circles.ts';
import { majority } from './coordination.ts';
import { CutDetector } from './cutDetector.ts';
import { agreementMs, buriedMs, cutStableMs } from './limits.ts';
import type { PeerInfo } from './membership.ts';
import type { AgreementMessage } from './messages.ts';
import type { PeerTable } from './peerTable.ts';
import type { Reports } from './reports.ts';

export interface CutterEffects extends Omit<AgreementEffects, 'mayCut'> {
  ref<E>(handler: (event: E) => void): Ref<E>;
  /** How a peer shows in the view has changed. */
  shown(info: PeerInfo): void;
  knowsThere(life: number): boolean;
  reinforce(life: number): void;
}

/**
 * Decides who is cut out. While a quorum of the view is there, by agreement; where it is not, or cannot agree, by this
 * peer's own reckoning and for itself alone: it buries, and whoever was buried comes back by a word.
 */
export class Cutter {
  readonly #world: World;
  readonly #table: PeerTable;
  readonly #reports: Reports;
  readonly #effects: CutterEffects;
  readonly #detector: CutDetector;
  readonly #agreement: Agreement;
  #isTicking = false;
  /** The cut that it came to last, and since when. */
  #last = '';
  #sinceMs = 0;

  constructor(world: World, table: PeerTable, circles: Circles, reports: Reports, effects: CutterEffects) {
    this.#world = world;
    this.#table = table;
    this.#reports = reports;
    this.#effects = effects;
    this.#detector = new CutDetector(table, circles, reports, effects.knowsThere);
    this.#agreement = new Agreement(world, table, { ...effects, mayCut: (lives) => this.#mayCut(lives) });
  }

  /** What observers say of a life has changed. */
  reported(life: number): void {
    this.#showDoubts(life);
    this.#tickSoon();
  }

  /** False where it belongs to another electorate than this peer's. */
  receive(message: AgreementMessage): boolean {
    return this.#agreement.receive(message);
  }

  #tickSoon(): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    this.#world.timer.after(
      cutStableMs,
      this.#effects.ref(() => this.#tick()),
    );
  }

  /** Goes on for as long as anybody is in doubt or in a grave. */
  #tick(): void {
    this.#isTicking = false;
    const now = this.#world.clock.monotonicMs();
    const { lives } = this.#reports;
    for (const life of [...lives, ...this.#table.doubtedLives]) this.#showDoubts(life);
    const cut = this.#detector.detect(now);
    for (const life of cut.stuck) this.#effects.reinforce(life);
    const buried = this.#table.buriedBefore(now - buriedMs);
    this.#settle(cut.isOpen ? [] : cut.lives, buried, now);
    if (lives.length > 0 || this.#table.hasGraves) this.#tickSoon();
  }

  #settle(lives: readonly number[], buried: readonly number[], now: number): void {
    const wanted = [...new Set([...lives, ...buried])].sort((a, b) => a - b);
    const name = wanted.join();
    if (name !== this.#last) {
      this.#last = name;
      this.#sinceMs = now;
      return;
    }
    if (wanted.length === 0) return;
    const isQuorate = this.#isQuorate(wanted);
    if (isQuorate) this.#agreement.propose(wanted);
    if (!isQuorate || now - this.#sinceMs >= agreementMs) for (const life of lives) this.#bury(life, now);
  }

  #isQuorate(wanted: readonly number[]): boolean {
    const here = this.#table.present().filter(({ life }) => !this.#table.isDoubted(life) && !wanted.includes(life));
    return here.length >= majority(this.#table.electors().length);
  }

  /** Nobody helps to cut out a peer that it has no doubts about. */
  #mayCut(lives: readonly number[]): boolean {
    return lives.every((life) => {
      const peer = this.#table.byLife(life);
      return peer !== undefined && (this.#table.isDoubted(life) || this.#table.isBuried(peer.id));
    });
  }

  #bury(life: number, now: number): void {
    const peer = this.#table.bury(life, now);
    if (peer === undefined) return;
    this.#reports.forget(life);
    this.#effects.shown({ ...peer, status: 'dead' });
  }

  #showDoubts(life: number): void {
    const peer = this.#table.byLife(life);
    if (peer === undefined || !this.#table.doubt(life, this.#detector.isDoubted(life))) return;
    this.#effects.shown(this.#table.isDoubted(life) ? { ...peer, status: 'suspected' } : peer);
  }
}
