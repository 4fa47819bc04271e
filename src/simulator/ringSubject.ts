import { bytesOfKey, type Key, keyOfBytes, type Random } from '../base/index.ts';
import { component, type Ref } from '../component/index.ts';
import { type Contact, type Found, type RingMessage, RingPeer, type RingView, ringProtocol } from '../ring/index.ts';
import {
  type Life,
  type Moment,
  type NetworkConditions,
  type SimulatedHost,
  type TraceFilter,
  Universe,
} from '../world/simulated/index.ts';
import { ringContactsMax, ringPeersMost } from './limits.ts';
import type { Victim } from './nemesis.ts';
import { Spoilage } from './spoilage.ts';

export interface RingSubjectOptions {
  readonly seed: number;
  readonly network: Partial<NetworkConditions>;
  readonly trace?: TraceFilter | undefined;
  readonly until?: Moment | undefined;
}

/** One life of one peer of a ring. */
export interface RingResident {
  readonly host: SimulatedHost;
  readonly self: Contact;
  /** What it holds true, to be read at any time. */
  readonly view: RingView;
  /** Places of the peers that it heard itself. */
  readonly heard: ReadonlySet<string>;
}

interface Way {
  readonly find: Ref<{ readonly key: string; readonly done: (found: Found) => void }>;
  readonly meet: Ref<Contact>;
  readonly leave: Ref<void>;
}

const placeBytes = 6;
const goodbyeMs = 20;

/** Peers that run a ring and nothing else: what the nemesis torments, and what checks look at behind every event. */
export class RingSubject implements Victim {
  readonly universe: Universe;
  readonly spoilage = new Spoilage(() => false);
  readonly #random: Random;
  readonly #hasGaps: boolean;
  readonly #gone = new Set<SimulatedHost>();
  readonly #lives = new Map<SimulatedHost, RingResident>();
  readonly #byAddress = new Map<string, SimulatedHost>();
  readonly #ways = new Map<SimulatedHost, Way>();
  /** Where those stand next that found no place. */
  readonly #nextPlaces = new Map<SimulatedHost, Key>();
  /** Those whose neighbours may have changed since somebody looked. */
  readonly changed = new Set<RingResident>();

  constructor({ seed, network, trace, until }: RingSubjectOptions) {
    this.universe = new Universe({ seed, network, trace, until });
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

  /** Whether this life of a peer goes on. */
  isLiving(resident: RingResident): boolean {
    return this.#lives.get(resident.host) === resident;
  }

  /** Whether somebody at this place lives. */
  isAlive(contact: Contact): boolean {
    const host = this.#byAddress.get(contact.address);
    return host !== undefined && this.#lives.get(host)?.self.id === contact.id;
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
    const host = this.#add(() => (addresses.length > 0 ? addresses : this.#contacts()));
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
    if (this.#lives.size <= 2) return false;
    this.#gone.add(host);
    // Some say goodbye, and end a moment later; others are gone.
    if (this.#random.chance(0.5)) this.#ways.get(host)?.leave.tell();
    this.universe.after(goodbyeMs, () => this.kill(host));
    return true;
  }

  leaderApart(): undefined {
    return undefined;
  }

  isWhole(): boolean {
    return false;
  }

  find(from: RingResident, key: string, done: (found: Found) => void): void {
    this.#ways.get(from.host)?.find.tell({ key, done });
  }

  /** Tells a peer that another may be in another ring. */
  introduce(one: RingResident, stranger: RingResident): void {
    this.#ways.get(one.host)?.meet.tell(stranger.self);
  }

  #end(host: SimulatedHost): void {
    const resident = this.#lives.get(host);
    if (resident !== undefined) this.changed.add(resident);
    this.#lives.delete(host);
    this.#ways.delete(host);
  }

  /** Peers that have a place, of which a joiner is told some; none where it must begin anew. */
  #contacts(): readonly string[] {
    const placed = this.residents.filter(({ view }) => view.successor !== undefined);
    return this.#random
      .shuffle(placed)
      .slice(0, ringContactsMax)
      .map(({ self }) => self.address);
  }

  #add(contacts: () => readonly string[]): SimulatedHost {
    let isNew = true;
    const host: SimulatedHost = this.universe.addHost(`p${this.universe.hosts.size}`, (life) => {
      // Who comes back has another place, and joins anew.
      this.#boot(host, life, isNew ? contacts() : this.#contacts());
      isNew = false;
    });
    this.#byAddress.set(host.address, host);
    return host;
  }

  /** A peer that cannot talk to the holder of its place takes another: right before somebody that it hears, if there is one. */
  #moveOn(host: SimulatedHost, near: Contact | undefined): void {
    if (!host.isRunning) return;
    if (near !== undefined) this.#nextPlaces.set(host, placeBefore(near.id, this.#random));
    this.kill(host);
    host.start();
  }

  #boot(host: SimulatedHost, { system, platform }: Life, contacts: readonly string[]): void {
    const id =
      this.#nextPlaces.get(host) ?? keyOfBytes(Uint8Array.from({ length: placeBytes }, () => this.#random.below(256)));
    this.#nextPlaces.delete(host);
    const self = { id, address: host.address };
    const heard = new Set<string>();
    const note = (message: RingMessage): void => {
      if ('self' in message) heard.add(message.self.id);
      const resident = this.#lives.get(host);
      if (resident !== undefined) this.changed.add(resident);
    };
    const show = (view: RingView): void => {
      this.#lives.set(host, { host, self, view, heard });
    };
    const [contact, ...others] = contacts;
    const init = { world: platform.world, self, contact, others, periods: undefined, show };
    const root = component('root', {
      setup: (context) => {
        const transport = context.create(platform.transport({ ring: overheard(note) }));
        const peer = context.create(RingPeer, init);
        context.connect(transport.provides.ring, peer.requires.network);
        context.connect(transport.provides.links, peer.requires.links);
        const ring = context.attach(peer.provides.ring);
        ring.on.moved(() => void this.changed.add(this.#lives.get(host)!));
        ring.on.outOfReach(({ near }) => this.universe.after(0, () => this.#moveOn(host, near)));
        this.#ways.set(host, {
          find: context.ref(({ key, done }) => ring.emit.find({ key, reply: context.ref(done) })),
          leave: context.ref(() => ring.emit.leave()),
          meet: context.ref((stranger) => ring.emit.meet({ stranger })),
        });
      },
    });
    system.create(root).start();
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

/** The protocol of the ring, with somebody who sees what a peer hears. */
function overheard(note: (message: RingMessage) => void): typeof ringProtocol {
  const { schema } = ringProtocol;
  const read: typeof schema.read = (reader) => {
    const message = schema.read(reader);
    note(message);
    return message;
  };
  return { ...ringProtocol, schema: { ...schema, read } };
}
