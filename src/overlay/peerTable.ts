import { assert, compareKeys } from '../base/index.ts';
import { hashOf, mix } from './hash.ts';
import { peersMax } from './limits.ts';
import type { PeerId, PeerInfo, PeerStatus, View } from './membership.ts';
import type { Electorate } from './messages.ts';
import { type Sections, sectionOf } from './sections.ts';

/** Of two statements about one peer with the same number the graver one holds. */
const gravity: Readonly<Record<PeerStatus, number>> = { alive: 0, leaving: 1, suspected: 2, dead: 3, left: 4 };

interface Entry {
  info: PeerInfo;
  /** A number for its id: it stays the same in all its lives. */
  readonly hash: number;
}

/** A peer that this one counts as dead by itself: until it says something new. */
interface Grave {
  readonly life: number;
  readonly statement: number;
  readonly atMs: number;
}

/**
 * Everything that one peer knows of all peers. What it has found out by itself (doubts, graves) shows in its view alone;
 * what peers say of themselves and what was agreed on is the same for all. Pure: what follows from a change is the
 * caller's business.
 */
export class PeerTable {
  readonly #entries = new Map<PeerId, Entry>();
  readonly #byLife = new Map<number, Entry>();
  /** Sorted by seat. */
  readonly #sorted: Entry[] = [];
  readonly #doubted = new Set<number>();
  readonly #graves = new Map<PeerId, Grave>();
  readonly #self: PeerId;
  readonly #electorate = { high: 0, low: 0 };
  readonly sections: Sections;
  #present: readonly PeerInfo[] | undefined;
  /** Goes up whenever other peers take part than before. */
  changes = 0;
  /** The number of the view: how many cuts were agreed on. */
  number = 0;

  constructor(self: PeerInfo, sections: Sections) {
    this.#self = self.id;
    this.sections = sections;
    this.#set(self);
  }

  get self(): PeerInfo {
    return this.#entries.get(this.#self)!.info;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Names those who vote: a life enters it once and leaves it once, so that it never names the same ones again. */
  get electorate(): Electorate {
    return { ...this.#electorate };
  }

  get(id: PeerId): PeerInfo | undefined {
    return this.#entries.get(id)?.info;
  }

  byLife(life: number): PeerInfo | undefined {
    return this.#byLife.get(life)?.info;
  }

  all(): PeerInfo[] {
    return this.#sorted.map(({ info }) => info);
  }

  /** What is known in these sections of the table. */
  within(wanted: ReadonlySet<number>): PeerInfo[] {
    return this.#sorted.filter(({ hash }) => wanted.has(sectionOf(hash))).map(({ info }) => info);
  }

  /** The peers that take part, this one among them. */
  present(): readonly PeerInfo[] {
    this.#present ??= this.all().filter((peer) => this.isPresent(peer));
    return this.#present;
  }

  /** The other peers that take part: who is probed, asked and told. */
  others(): PeerInfo[] {
    return this.present().filter(({ id }) => id !== this.#self);
  }

  isPresent({ id, status }: PeerInfo): boolean {
    return isPresent(status) && !this.#graves.has(id);
  }

  /** Peers that are gone without a goodbye, and may come back. */
  dead(): PeerInfo[] {
    return this.all().filter(({ id, status }) => status === 'dead' || this.#graves.has(id));
  }

  /** The lives that vote, sorted. Who is buried counts: a part of a system does not become the whole by burying the rest. */
  electors(): number[] {
    const voting = this.all().filter(isElector);
    return voting.map(({ life }) => life).sort((a, b) => a - b);
  }

  /** True if the statement says more than what was known, and is now what is known. Never about oneself. */
  accept(info: PeerInfo): boolean {
    if (info.id === this.#self) return false;
    const known = this.get(info.id);
    if (known === undefined && this.#entries.size >= peersMax) return false;
    const next = known === undefined ? info : merged(info, known);
    if (next === undefined) return false;
    this.#set(next);
    this.number = Math.max(this.number, next.cut);
    return true;
  }

  /** Changes what this peer says of itself: always under a higher number. */
  restate(change: Partial<Pick<PeerInfo, 'status' | 'life' | 'cut'>>, above = 0): PeerInfo {
    const { self } = this;
    assert(self.status !== 'left', 'MEM-1: a peer that has left says nothing more of itself');
    const next = { ...self, ...change, statement: Math.max(self.statement, above) + 1 };
    this.#set(next);
    return next;
  }

  /** An agreed cut: these lives end together, under one number. Returns whom it ended here. */
  cutOut(lives: readonly number[], number: number): PeerInfo[] {
    this.number = Math.max(this.number, number);
    const ended: PeerInfo[] = [];
    for (const life of lives) {
      const known = this.#byLife.get(life)?.info;
      if (known === undefined || known.id === this.#self || !isElector(known)) continue;
      const next = { ...known, status: 'dead' as const, cut: number };
      this.#set(next);
      ended.push(next);
    }
    return ended;
  }

  /** Counts a peer as dead without agreement: for this peer alone, and until the buried one says something new. */
  bury(life: number, atMs: number): PeerInfo | undefined {
    const known = this.byLife(life);
    if (known === undefined || known.id === this.#self || !this.isPresent(known)) return undefined;
    this.#graves.set(known.id, { life, statement: known.statement, atMs });
    this.#doubted.delete(life);
    this.#takesPartNow();
    return known;
  }

  get hasGraves(): boolean {
    return this.#graves.size > 0;
  }

  isBuried(id: PeerId): boolean {
    return this.#graves.has(id);
  }

  /** The lives of those who were buried before. */
  buriedBefore(atMs: number): number[] {
    return [...this.#graves.values()].filter((grave) => grave.atMs <= atMs).map(({ life }) => life);
  }

  /** Whether some observers doubt that this life is there. True if that changed. */
  doubt(life: number, isDoubted: boolean): boolean {
    if (this.#doubted.has(life) === isDoubted) return false;
    if (isDoubted) this.#doubted.add(life);
    else this.#doubted.delete(life);
    return true;
  }

  get doubtedLives(): readonly number[] {
    return [...this.#doubted];
  }

  isDoubted(life: number): boolean {
    return this.#doubted.has(life);
  }

  view(systemId: string): View {
    const isPlain = this.#doubted.size + this.#graves.size === 0;
    const peers = isPlain ? this.all() : this.#sorted.map(({ info }) => this.#shown(info));
    return { systemId, self: this.#self, number: this.number, peers };
  }

  #shown(info: PeerInfo): PeerInfo {
    if (this.#graves.has(info.id)) return { ...info, status: 'dead' };
    const isSuspected = info.status === 'alive' && info.id !== this.#self && this.#doubted.has(info.life);
    return isSuspected ? { ...info, status: 'suspected' } : info;
  }

  #set(info: PeerInfo): void {
    let entry = this.#entries.get(info.id);
    const old = entry?.info;
    if (old !== undefined) this.#takeOut(entry!, old, info);
    if (entry === undefined) {
      entry = { info, hash: hashOf(info.id) };
      this.#entries.set(info.id, entry);
      this.#sorted.splice(this.#placeOf(entry), 0, entry);
    }
    entry.info = info;
    const namesake = this.#byLife.get(info.life);
    if (namesake === undefined || namesake.info.id >= info.id) this.#byLife.set(info.life, entry);
    this.#count(entry);
    if (old === undefined || isPresent(old.status) !== isPresent(info.status) || old.life !== info.life)
      this.#takesPartNow();
    else this.#present = undefined;
  }

  #takeOut(entry: Entry, old: PeerInfo, next: PeerInfo): void {
    const grave = this.#graves.get(old.id);
    if (grave !== undefined && (next.life !== grave.life || next.statement > grave.statement || next.cut > 0)) {
      this.#graves.delete(old.id);
      this.#takesPartNow();
    }
    if (next.life !== old.life) {
      if (this.#byLife.get(old.life) === entry) this.#byLife.delete(old.life);
      this.#doubted.delete(old.life);
    }
    this.#count(entry);
  }

  /** Puts an entry into the digests and the electorate, or takes it out. */
  #count({ info, hash }: Entry): void {
    const { life, statement, cut, status } = info;
    this.sections.toggle(hash, mix(mix(life, statement), cut * 8 + gravity[status]));
    if (!isElector(info)) return;
    this.#electorate.high = (this.#electorate.high ^ mix(hash, life)) >>> 0;
    this.#electorate.low = (this.#electorate.low ^ mix(life, hash ^ 0x5bd1e995)) >>> 0;
  }

  #takesPartNow(): void {
    this.#present = undefined;
    this.changes++;
  }

  #placeOf({ info }: Entry): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#sorted[middle]!.info;
      if ((compareKeys(other.seat, info.seat) || compareKeys(other.id, info.id)) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Alive, or not known to be otherwise. */
export function isPresent(status: PeerStatus): boolean {
  return status === 'alive' || status === 'suspected' || status === 'leaving';
}

function isElector({ status, cut }: PeerInfo): boolean {
  return status !== 'left' && cut === 0;
}

/** What holds after `info` was heard; undefined where it says nothing new. */
function merged(info: PeerInfo, known: PeerInfo): PeerInfo | undefined {
  if (known.status === 'left') return undefined;
  if (info.status === 'left') return info;
  const isNewer = info.statement > known.statement;
  if (info.life === known.life && info.cut !== known.cut) {
    // A life that was cut out stays so, whatever it said meanwhile (MEM-3); two cuts of one life are one.
    const latest = isNewer ? info : known;
    const next = { ...latest, status: 'dead' as const, cut: Math.max(info.cut, known.cut) };
    return known.cut === next.cut && !isNewer ? undefined : next;
  }
  if (info.statement !== known.statement) return isNewer ? info : undefined;
  return info.life === known.life && gravity[info.status] > gravity[known.status] ? info : undefined;
}
