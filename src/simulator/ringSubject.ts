import { type Bytes, bytesOfKey, bytesOfText, type Key, keyOfBytes, type Random } from '../base/index.ts';
import { type AverageView, type Estimate, gapBetween } from '../gossip/index.ts';
import type { Delivered } from '../groups/index.ts';
import type { Contact, Found, RingMessage, RingView } from '../ring/index.ts';
import { type Life, type Moment, type SimulatedHost, type TraceFilter, Universe } from '../world/simulated/index.ts';
import { draw } from './draw.ts';
import { ringContactsMax, ringPeersMost } from './limits.ts';
import type { Victim } from './nemesis.ts';
import { Spoilage } from './spoilage.ts';
import type { PeerWays, Witness } from './townParts.ts';
import { ringRoot, seatRoot } from './townRoots.ts';
import type { Outfit, TownShape } from './townShape.ts';

export interface RingSubjectOptions {
  readonly seed: number;
  readonly shape: TownShape;
  readonly trace?: TraceFilter | undefined;
  readonly until?: Moment | undefined;
}

/** One life of one peer of a ring, or of one seat of a peer that has several. */
export interface RingResident {
  readonly host: SimulatedHost;
  readonly self: Contact;
  /** What it holds true, to be read at any time. */
  readonly view: RingView;
  /** Places of the peers that it heard itself. */
  readonly heard: ReadonlySet<string>;
  /** Whether a holder gave it its place. */
  readonly wasAdmitted: () => boolean;
}

/** What one life of a peer gossips. */
export interface Gossiper {
  readonly host: SimulatedHost;
  readonly view: AverageView;
  readonly load: number;
  /** The last one that was settled. */
  estimate: Estimate | undefined;
}

/** What others want to be told of, besides what they look at. */
export interface RingEars {
  /** A peer said goodbye a moment ago, and ends now; these stood beside it. */
  departed: (resident: RingResident, beside: readonly RingResident[]) => void;
  /** What a peer holds of averages may have changed; or it ended. */
  /** A peer heard of a lookup that went over so many since somebody took the next one for the holder. */
  lookedUp: (by: SimulatedHost, lastHops: number) => void;
  averaged: (gossiper: Gossiper, by: 'message' | 'cycle' | 'end') => void;
  delivered: (to: SimulatedHost, delivered: Delivered) => void;
  spreads: (payload: Bytes) => void;
}

const placeBytes = 6;
const goodbyeMs = 20;
const loadMax = 1_000;

/** Peers that run a ring, and perhaps what stands on one: what the nemesis torments, and what checks look at behind every event. */
export class RingSubject implements Victim {
  readonly universe: Universe;
  readonly spoilage = new Spoilage(() => false);
  readonly outfit: Outfit;
  readonly ears: RingEars = {
    departed: () => undefined,
    lookedUp: () => undefined,
    averaged: () => undefined,
    delivered: () => undefined,
    spreads: () => undefined,
  };
  readonly #seed: number;
  readonly #random: Random;
  readonly #hasGaps: boolean;
  readonly #gone = new Set<SimulatedHost>();
  /** By the addresses of peers, or of their seats. */
  readonly #lives = new Map<string, RingResident>();
  readonly #ways = new Map<SimulatedHost, Partial<PeerWays>>();
  readonly #gossipers = new Map<SimulatedHost, Gossiper>();
  /** Where those stand next that found no place. */
  readonly #nextPlaces = new Map<SimulatedHost, Key>();
  /** Those whose neighbours may have changed since somebody looked. */
  readonly changed = new Set<RingResident>();
  readonly #firsts = new Set<Key>();
  /** Joiners that gave up a place which they may have been given, and took another. */
  movesOn = 0;

  constructor({ seed, shape, trace, until }: RingSubjectOptions) {
    const { network, outfit } = shape;
    this.universe = new Universe({ seed, network, trace, until });
    this.outfit = outfit;
    this.#seed = seed;
    this.#random = this.universe.random.fork();
    this.#hasGaps = network.access !== undefined || network.apart !== undefined;
  }

  get hosts(): readonly SimulatedHost[] {
    return [...this.universe.hosts.values()].filter((host) => !this.#gone.has(host));
  }

  /** Whether some of its peers can never talk to one another. */
  get hasGaps(): boolean {
    return this.#hasGaps;
  }

  /** Whether two peers can talk now. */
  canTalk(a: SimulatedHost, b: SimulatedHost): boolean {
    const { network } = this.universe;
    return network.canTalk(a, b) && !network.isCut(a, b) && !network.isCut(b, a);
  }

  /** Those that run now. */
  get residents(): readonly RingResident[] {
    return [...this.#lives.values()];
  }

  get gossipers(): readonly Gossiper[] {
    return [...this.#gossipers.values()];
  }

  /** Whether this life of a peer goes on. */
  isLiving(resident: RingResident): boolean {
    return this.#lives.get(resident.self.address) === resident;
  }

  isGossiping(gossiper: Gossiper): boolean {
    return this.#gossipers.get(gossiper.host) === gossiper;
  }

  /** Whether whoever took this place was told of nobody, and so begins a ring of its own. */
  isFirst(id: Key): boolean {
    return this.#firsts.has(id);
  }

  /** Whoever lives at this place. */
  at(contact: Contact | undefined): RingResident | undefined {
    const resident = contact && this.#lives.get(contact.address);
    return resident?.self.id === contact?.id ? resident : undefined;
  }

  waysOf(host: SimulatedHost): Partial<PeerWays> | undefined {
    return this.#ways.get(host);
  }

  /** A peer that is the first of a ring of its own. */
  found(): SimulatedHost {
    const host = this.#add(() => []);
    host.start();
    return host;
  }

  /** A new peer joins, and is told of these; of any where nobody is named. */
  join(contacts: readonly RingResident[] = []): SimulatedHost | undefined {
    if (this.universe.hosts.size >= ringPeersMost) return undefined;
    const addresses = contacts.map(({ self }) => self.address);
    const host = this.#add(() => (addresses.length > 0 ? addresses : this.#contacts(this.#random)));
    host.start();
    return host;
  }

  crash(host: SimulatedHost): void {
    this.#end(host);
    host.crash();
  }

  kill(host: SimulatedHost): void {
    this.#end(host);
    host.kill();
  }

  start(host: SimulatedHost): void {
    if (!this.#gone.has(host)) host.start();
  }

  leave(host: SimulatedHost): boolean {
    if (this.#ways.size <= 2) return false;
    this.#gone.add(host);
    // Some say goodbye, and end a moment later; others are gone.
    const isPolite = this.#random.chance(0.5);
    const residents = isPolite ? this.seatsOf(host) : [];
    const { leave, giveUp } = this.#ways.get(host)!;
    if (isPolite) leave?.tell();
    for (const { self } of residents) giveUp?.tell(self.id);
    const ends = residents.map((one) => this.#departing(one));
    this.universe.after(goodbyeMs, () => {
      for (const end of ends) end();
      this.kill(host);
    });
    return true;
  }

  leaderApart(): undefined {
    return undefined;
  }

  isWhole(): boolean {
    return false;
  }

  find(from: RingResident, key: string, done: (found: Found) => void): void {
    this.#ways.get(from.host)?.find?.tell({ key, done });
  }

  /** Tells a peer that another may be in another ring. */
  introduce(one: RingResident, stranger: RingResident): void {
    this.#ways.get(one.host)?.meet?.tell(stranger.self);
  }

  /** The seats of a peer; where peers have one place each, that one. */
  seatsOf(host: SimulatedHost): readonly RingResident[] {
    return this.residents.filter((one) => one.host === host);
  }

  /** A peer takes one more seat, in the ring of somebody who has a place. `random` draws it. */
  takeSeat(host: SimulatedHost, random: Random, near?: Contact): void {
    const id = near === undefined ? this.#drawPlace(random) : placeBefore(near.id, random);
    const [contact] = this.#contacts(random);
    if (contact === undefined) this.#firsts.add(id);
    if (host.isRunning) this.#ways.get(host)?.take?.tell({ id, contact });
  }

  /** A peer gives one of its seats up. */
  giveUpSeat(seat: RingResident): void {
    this.#ways.get(seat.host)?.giveUp?.tell(seat.self.id);
    const end = this.#departing(seat);
    this.universe.after(goodbyeMs, () => {
      end();
      this.#endSeat(seat);
    });
  }

  /** What is to be called when a peer that says goodbye now has said it. */
  #departing(resident: RingResident): () => void {
    const { predecessor, successor } = resident.view;
    const isBeside = ({ self, host }: RingResident): boolean =>
      host !== resident.host && !host.isStalled && (self.id === predecessor?.id || self.id === successor?.id);
    const beside = resident.host.isStalled ? undefined : this.residents.filter(isBeside);
    return () => {
      if (beside !== undefined && this.isLiving(resident) && !resident.host.isStalled) {
        this.ears.departed(resident, beside);
      }
    };
  }

  #end(host: SimulatedHost): void {
    for (const resident of this.seatsOf(host)) this.#endSeat(resident);
    const gossiper = this.#gossipers.get(host);
    this.#gossipers.delete(host);
    if (gossiper !== undefined) this.ears.averaged(gossiper, 'end');
    this.#ways.delete(host);
  }

  #endSeat(resident: RingResident): void {
    if (!this.isLiving(resident)) return;
    this.changed.add(resident);
    this.#lives.delete(resident.self.address);
  }

  /** Peers that have a place, of which a joiner is told some; none where it must begin anew. */
  #contacts(random: Random): readonly string[] {
    const placed = this.residents.filter(({ view }) => view.successor !== undefined);
    return random
      .shuffle(placed)
      .slice(0, ringContactsMax)
      .map(({ self }) => self.address);
  }

  #drawPlace(random: Random): Key {
    return keyOfBytes(Uint8Array.from({ length: placeBytes }, () => random.below(256)));
  }

  #add(contacts: () => readonly string[]): SimulatedHost {
    let isNew = true;
    const host: SimulatedHost = this.universe.addHost(`p${this.universe.hosts.size}`, (life) => {
      // Who comes back has another place, and joins anew.
      this.#boot(host, life, isNew ? contacts() : this.#contacts(this.#random));
      isNew = false;
    });
    return host;
  }

  /** A peer that cannot talk to the holder of its place takes another: right before somebody that it hears, if there is one. */
  #moveOn(host: SimulatedHost, id: Key, near: Contact | undefined): void {
    if (!host.isRunning) return;
    this.movesOn++;
    if (this.outfit.hasSeats) {
      for (const seat of this.seatsOf(host)) if (seat.self.id === id) this.#endSeat(seat);
      return this.takeSeat(host, this.#random, near);
    }
    if (near !== undefined) this.#nextPlaces.set(host, placeBefore(near.id, this.#random));
    this.kill(host);
    host.start();
  }

  #boot(host: SimulatedHost, { system, platform }: Life, contacts: readonly string[]): void {
    const id = this.#nextPlaces.get(host) ?? this.#drawPlace(this.#random);
    this.#nextPlaces.delete(host);
    if (contacts.length === 0) this.#firsts.add(id);
    const self = { id, address: host.address };
    let ways: Partial<PeerWays> = {};
    const hand = (given: Partial<PeerWays>): void => {
      ways = { ...ways, ...given };
      this.#ways.set(host, ways);
    };
    const root = this.outfit.hasSeats ? seatRoot : ringRoot;
    const init = { platform, outfit: this.outfit, witness: this.#witness(host), self, contacts, hand };
    system.create(root(init)).start();
    if (this.outfit.hasSeats) ways.take?.tell({ id, contact: contacts[0] });
  }

  /** Sees what one life of a peer does. */
  #witness(host: SimulatedHost): Witness {
    const heard = new Map<string, Set<string>>();
    const heardBy = (address: string): Set<string> => {
      if (!heard.has(address)) heard.set(address, new Set());
      return heard.get(address)!;
    };
    const admitted = new Set<string>();
    const touch = (address: string): void => {
      const resident = this.#lives.get(address);
      if (resident !== undefined) this.changed.add(resident);
    };
    return {
      heard: (address: string, message: RingMessage) => {
        if ('self' in message) heardBy(address).add(message.self.id);
        if (message.kind === 'joinOk') admitted.add(address);
        if (message.kind === 'lookup') this.ears.lookedUp(host, message.isLast);
        touch(address);
      },
      shows: (view) => {
        const { self } = view;
        const wasAdmitted = (): boolean => admitted.has(self.address);
        this.#lives.set(self.address, { host, self, view, heard: heardBy(self.address), wasAdmitted });
      },
      moved: (address) => {
        touch(address);
        this.#report(host);
      },
      outOfReach: (id, near) => void this.universe.after(0, () => this.#moveOn(host, id, near)),
      holdsAverages: (view) => {
        const load = Math.floor(draw(this.#seed, `load ${host.name}`) * loadMax);
        const gossiper = { host, view, load, estimate: undefined };
        this.#gossipers.set(host, gossiper);
        return (by) => this.ears.averaged(gossiper, by);
      },
      estimated: (estimate) => {
        const gossiper = this.#gossipers.get(host);
        if (gossiper !== undefined && estimate.isSettled) gossiper.estimate = estimate;
      },
      spreads: (payload) => this.ears.spreads(payload),
      delivered: (delivered) => {
        delivered.reply?.tell(bytesOfText(host.name));
        this.ears.delivered(host, delivered);
      },
    };
  }

  /** A peer tells its gossip how much of the keys it holds, and who stands beside it. */
  #report(host: SimulatedHost): void {
    const gossip = this.#ways.get(host)?.gossip;
    const gossiper = this.#gossipers.get(host);
    if (gossip === undefined || gossiper === undefined) return;
    const placed = this.seatsOf(host).filter(({ view }) => view.predecessor !== undefined);
    const gap = placed.reduce((sum, { self, view }) => sum + gapBetween(view.predecessor!.id, self.id), 0);
    gossip.report.tell({ gap: Math.min(1, gap), load: gossiper.load });
    const beside = placed.flatMap(({ view }) => [view.predecessor!, ...view.successors.slice(0, 1)]);
    gossip.introduce.tell(beside.map(({ id, address }) => ({ id, address: address.split('/')[0]! })));
  }
}

/** A place a little before another: most likely nobody stands between the two. */
function placeBefore(place: Key, random: Random): Key {
  const bytes = bytesOfKey(place);
  // The last but two digits are lowered by one, with a loan from those before; what is behind them is drawn.
  for (let at = bytes.length - 3; at >= 0; at--) {
    bytes[at] = (bytes[at]! + 255) % 256;
    if (bytes[at] !== 255) break;
  }
  for (let at = bytes.length - 2; at < bytes.length; at++) bytes[at] = random.below(256);
  return keyOfBytes(bytes);
}
