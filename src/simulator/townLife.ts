import { Random } from '../base/index.ts';
import { GossipOracle } from './gossipOracle.ts';
import { GroupTalk } from './groupTalk.ts';
import { quietMsMax } from './limits.ts';
import type { RingSubject } from './ringSubject.ts';
import { SeatTraffic } from './seatTraffic.ts';

/** What tells the draws of this file from those of others that begin with the same seed. */
const salt = 0x746f776e;

/** What goes on in a town beside its ring, as far as it has that: gossip, talk, and seats that are taken and given up. */
export class TownLife {
  readonly #subject: RingSubject;
  readonly #gossip: GossipOracle | undefined;
  readonly #talk: GroupTalk | undefined;
  readonly #traffic: SeatTraffic | undefined;
  readonly #violations: string[] = [];

  /** `isClean` says whether nothing but peers failed so far, in one ring in which everybody can talk to everybody. */
  constructor(subject: RingSubject, seed: number, isClean: () => boolean) {
    this.#subject = subject;
    const random = new Random((seed ^ salt) >>> 0);
    const { hasGossip, hasGroups, hasSeats } = subject.outfit;
    if (hasGossip) this.#gossip = new GossipOracle(subject);
    if (hasGroups) this.#talk = new GroupTalk(subject, random.fork(), isClean);
    if (hasSeats) this.#traffic = new SeatTraffic(subject, random.fork());
  }

  get violations(): readonly string[] {
    return [...this.#violations, ...(this.#gossip?.violations ?? []), ...(this.#talk?.violations ?? [])];
  }

  get isWrong(): boolean {
    return (this.#gossip?.violations.length ?? 0) + (this.#talk?.violations.length ?? 0) > 0;
  }

  /** Before anything failed. `isWhole`: the ring is already as it must be. */
  begin(isWhole: boolean): void {
    if (isWhole) this.#talk?.rehearse({ isExact: !this.#subject.hasGaps, isFirst: true });
    this.#talk?.start();
    this.#traffic?.start();
  }

  /** Nothing is begun any more. */
  rest(): void {
    this.#talk?.stop();
    this.#traffic?.stop();
  }

  /** The ring is whole, and nothing fails any more: whoever speaks is heard by all, and everybody knows how many they are. */
  end(look: () => boolean): void {
    this.#talk?.rehearse({ isExact: !this.#subject.hasGaps, isFirst: false });
    const gossip = this.#gossip;
    if (gossip === undefined || this.violations.length > 0) return;
    const sinceEpoch = gossip.epoch;
    const { universe } = this.#subject;
    universe.runFor(quietMsMax, () => look() || gossip.missing(sinceEpoch).length === 0);
    if (universe.isStopped) return;
    this.#violations.push(...gossip.missing(sinceEpoch).map((text) => `GOS-2: ${text}`));
  }
}
