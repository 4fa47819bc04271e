import { bytesOfKey, type Key } from '../base/index.ts';
import type { Contact, Phase } from '../ring/index.ts';
import type { SimulatedHost } from '../world/simulated/index.ts';
import { coverageOf, type Holding, shareOf } from './holdings.ts';
import { type Follower, type MappedRing, mapRings } from './ringMap.ts';
import type { RingResident, RingSubject } from './ringSubject.ts';

/** One peer of a ring at a moment. */
export interface RingPeerScene {
  readonly name: string;
  readonly isUp: boolean;
  readonly isStalled: boolean;
  /** Its place, or where it stood last, in hexadecimal digits. */
  readonly place: string;
  /** How firmly it stands on the ring, as it sees itself; undefined where it does not run. */
  readonly phase: Phase | undefined;
  /** Which part of all keys it holds, from 0 to 1. */
  readonly share: number;
  /** Whom it takes for its neighbours, by their names; undefined where it has none. */
  readonly predecessor: string | undefined;
  readonly successor: string | undefined;
  /** Neighbours of it that are not there any more. */
  readonly gone: readonly string[];
  /** How many peers it still looks for, because they may be in another ring. */
  readonly strangers: number;
  /** Between whom and it not everything passes now. */
  readonly cutFrom: readonly string[];
  /** To whom it can never talk, whatever is healed. */
  readonly apart: readonly string[];
}

/** All rings at a moment. */
export interface RingScene {
  readonly atMs: number;
  readonly peers: readonly RingPeerScene[];
  readonly rings: readonly MappedRing[];
  /** Which part of all keys, from 0 to 1, two peers hold at the same time, whatever rings they are in; and nobody. */
  readonly heldTwice: number;
  readonly heldByNobody: number;
  /** What is not as it must be once nothing fails and all are in one ring, in sentences. */
  readonly missing: readonly string[];
  /** What must never be, and was, in sentences. */
  readonly violations: readonly string[];
}

/** Keys are drawn and compared by so many of their first bytes. */
const keyBytes = 6;
const keysMost = 256 ** keyBytes;

/** Makes scenes of a run of rings. What did not change from one to the next is the same object, so that many can be kept. */
export class RingScenes {
  readonly #subject: RingSubject;
  /** The life of each peer that was seen last, by its name. */
  readonly #lives = new Map<string, RingResident>();
  readonly #peers = new Map<string, { readonly text: string; readonly peer: RingPeerScene }>();
  #apart = new Map<string, readonly string[]>();

  constructor(subject: RingSubject) {
    this.#subject = subject;
  }

  look(missing: readonly string[], violations: readonly string[]): RingScene {
    const { hosts, residents, universe } = this.#subject;
    if (this.#apart.size !== universe.hosts.size) this.#measureApart();
    for (const one of residents) this.#lives.set(one.host.name, one);
    const names = new Map([...this.#lives].map(([name, { self }]) => [self.id, name]));
    const lives = hosts.flatMap(({ name }) => this.#lives.get(name) ?? []);
    const { twice, never } = coverageOf(
      residents.flatMap((one) => this.#holding(one) ?? []),
      keysMost,
    );
    return {
      atMs: universe.nowMs,
      peers: lives.map((one) => this.#same(this.#peer(one, names))),
      rings: mapRings(lives.map((one) => this.#follower(one))),
      heldTwice: twice,
      heldByNobody: never,
      missing,
      violations,
    };
  }

  #follower(one: RingResident): Follower {
    const { host, self, view } = one;
    const isUp = this.#subject.isLiving(one);
    const behind = view.successors.map(({ id }) => id);
    return { name: host.name, place: self.id, isUp, successor: view.successor?.id, behind };
  }

  #peer(one: RingResident, names: ReadonlyMap<Key, string>): RingPeerScene {
    const { host, self, view } = one;
    const isUp = this.#subject.isLiving(one);
    const holding = this.#holding(one);
    const { predecessor, successor } = view;
    const neighbours = [predecessor, successor].filter((contact) => contact !== undefined);
    const gone = neighbours.filter((contact) => this.#subject.at(contact) === undefined);
    const nameOf = ({ id, address }: Contact): string => names.get(id) ?? address.replace(/:\d+$/, '');
    return {
      name: host.name,
      isUp,
      isStalled: host.isStalled,
      place: [...bytesOfKey(self.id)].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
      phase: isUp ? view.phase : undefined,
      share: holding === undefined ? 0 : shareOf(holding, keysMost),
      predecessor: predecessor && nameOf(predecessor),
      successor: successor && nameOf(successor),
      gone: [...new Set(gone.map(nameOf))],
      strangers: isUp ? view.strangers : 0,
      cutFrom: this.#cutFrom(host),
      apart: this.#apart.get(host.name) ?? [],
    };
  }

  #cutFrom(host: SimulatedHost): readonly string[] {
    const { network } = this.#subject.universe;
    const isCut = (other: SimulatedHost): boolean => network.isCut(host, other) || network.isCut(other, host);
    return this.#subject.hosts.filter(isCut).map(({ name }) => name);
  }

  #holding(one: RingResident): Holding | undefined {
    const { predecessor } = one.view;
    if (predecessor === undefined || !this.#subject.isLiving(one)) return undefined;
    return { behind: numberOf(predecessor.id), upTo: numberOf(one.self.id) };
  }

  #same(peer: RingPeerScene): RingPeerScene {
    const text = JSON.stringify(peer);
    const known = this.#peers.get(peer.name);
    if (known?.text === text) return known.peer;
    this.#peers.set(peer.name, { text, peer });
    return peer;
  }

  #measureApart(): void {
    const { network, hosts } = this.#subject.universe;
    const all = [...hosts.values()];
    const apartFrom = (host: SimulatedHost): readonly string[] =>
      all.filter((other) => !network.canTalk(host, other)).map(({ name }) => name);
    this.#apart = new Map(all.map((host) => [host.name, apartFrom(host)]));
  }
}

function numberOf(key: Key): number {
  return [...bytesOfKey(key).subarray(0, keyBytes)].reduce((sum, byte) => sum * 256 + byte, 0);
}
