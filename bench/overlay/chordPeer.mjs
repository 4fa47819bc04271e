import * as base from '../../dist/base/index.js';
import { list, optional, record, text, u32, union, variant } from '../../dist/base/index.js';
import { component } from '../../dist/component/index.js';
import { isBetween, isWithin } from '../../dist/ring/index.js';
import { Links, protocol } from '../../dist/world/index.js';

const fingersMax = 64;
const successorsMax = 8;
const retryMs = 2_000;
const missesMax = 2;

const contact = record({ id: base.key, address: text });

export const chordProtocol = protocol(
  'chord',
  201,
  union({
    /** find_successor: for a joiner, a finger, or a lookup, as the token says. */
    findSuccessor: variant(1, { key: base.key, origin: text, token: u32, hops: u32 }),
    found: variant(2, { token: u32, owner: contact, hops: u32 }),
    getPredecessor: variant(3, {}),
    predecessor: variant(4, { predecessor: optional(contact), successors: list(contact) }),
    notify: variant(5, { self: contact }),
  }),
  { mayJoin: true },
);

/**
 * Chord as it was published (Stoica and others 2001, figures 5 to 7, with successor lists as in section 5.3): `join` finds the successor
 * and nothing else, `stabilise`, `notify` and `fix_fingers` do the rest, when `resident.stabilise` and `resident.fixFinger` are called.
 */
export const ChordPeer = component('chord', {
  requires: { network: chordProtocol.port, links: Links },
  setup: (context, init) => void new Peer(context, init),
});

class Peer {
  #context;
  #init;
  #resident;
  #fingers = [];
  #nextFinger = 0;
  #lookups = new Map();
  #lastToken = fingersMax + 1;
  #misses = 0;

  constructor(context, init) {
    this.#context = context;
    this.#init = init;
    this.#resident = init.resident;
    const { network, links } = context.requires;
    network.on.received(({ from, message }) => this[message.kind](message, from));
    links.on.down(({ address }) => this.#forget(address));
    Object.assign(this.#resident, {
      stabilise: context.ref(() => this.#stabilise()),
      fixFinger: context.ref(() => this.#fixFinger()),
      find: context.ref((search) => this.#lookUp(search)),
    });
    context.onStart(() => this.#start());
  }

  #start() {
    const { contact: known, settled } = this.#init;
    const resident = this.#resident;
    if (settled !== undefined) {
      Object.assign(resident, { predecessor: settled.predecessor, successors: settled.successors });
      this.#fingers = settled.fingers;
    } else if (known === undefined)
      Object.assign(resident, { predecessor: resident.self, successors: [resident.self] });
    else this.#join(known);
  }

  #join(known) {
    if (this.#resident.successors.length > 0) return;
    const { self } = this.#resident;
    this.#send(known, { kind: 'findSuccessor', key: self.id, origin: self.address, token: 0, hops: 0 });
    this.#after(retryMs, () => this.#join(known));
  }

  findSuccessor({ key, origin, token, hops }) {
    const { self, successors } = this.#resident;
    const [successor] = successors;
    if (successor === undefined || hops > 1_000) return;
    if (isWithin(self.id, key, successor.id)) {
      return this.#send(origin, { kind: 'found', token, owner: successor, hops });
    }
    const next = this.#closestPreceding(key) ?? successor;
    this.#send(next.address, { kind: 'findSuccessor', key, origin, token, hops: hops + 1 });
  }

  #closestPreceding(key) {
    const { self, successors } = this.#resident;
    let best;
    for (const one of [...this.#fingers, ...successors]) {
      if (one === undefined || !isBetween(self.id, one.id, key)) continue;
      if (best === undefined || isBetween(best.id, one.id, key)) best = one;
    }
    return best;
  }

  found({ token, owner, hops }) {
    if (token === 0) {
      if (this.#resident.successors.length === 0) this.#resident.successors = [owner];
    } else if (token <= fingersMax) this.#fingers[token - 1] = owner;
    else {
      this.#lookups.get(token)?.({ kind: 'found', owner, hops });
      this.#lookups.delete(token);
    }
  }

  #lookUp({ key, done }) {
    this.#lastToken++;
    this.#lookups.set(this.#lastToken, done);
    const { address } = this.#resident.self;
    this.findSuccessor({ key, origin: address, token: this.#lastToken, hops: 0 });
  }

  #stabilise() {
    const [successor] = this.#resident.successors;
    if (successor === undefined) return;
    if (this.#misses >= missesMax) return this.#forget(successor.address);
    this.#misses++;
    this.#send(successor.address, { kind: 'getPredecessor' });
  }

  getPredecessor(_message, from) {
    const { predecessor, successors } = this.#resident;
    this.#send(from, { kind: 'predecessor', predecessor, successors });
  }

  predecessor({ predecessor, successors }, from) {
    const resident = this.#resident;
    const { self } = resident;
    const [successor] = resident.successors;
    if (successor?.address !== from) return;
    this.#misses = 0;
    let list = [successor, ...successors];
    if (predecessor !== undefined && isBetween(self.id, predecessor.id, successor.id)) list = [predecessor, ...list];
    const isNew = (one, i) => one.id !== self.id && list.findIndex(({ id }) => id === one.id) === i;
    const behind = list.filter(isNew).slice(0, successorsMax);
    resident.successors = behind.length === 0 ? [self] : behind;
    this.#send(resident.successors[0].address, { kind: 'notify', self });
  }

  notify({ self: other }) {
    const { self, predecessor } = this.#resident;
    if (other.id === self.id) return;
    if (predecessor === undefined || isBetween(predecessor.id, other.id, self.id)) this.#resident.predecessor = other;
  }

  /** Finger i leads to the successor of this place plus 2^i, in the first eight bytes of keys. */
  #fixFinger() {
    const { self, successors } = this.#resident;
    if (successors.length === 0) return;
    // Fingers that fall on the successor need no lookup: the next one is the first beyond it.
    do this.#nextFinger = (this.#nextFinger + 1) % fingersMax;
    while (this.#nextFinger !== 0 && isWithin(self.id, placeAfter(self.id, this.#nextFinger), successors[0].id));
    const key = placeAfter(self.id, this.#nextFinger);
    this.findSuccessor({ key, origin: self.address, token: this.#nextFinger + 1, hops: 0 });
  }

  #forget(address) {
    const resident = this.#resident;
    this.#misses = 0;
    if (resident.self.address === address) return;
    resident.successors = resident.successors.filter((one) => one.address !== address);
    if (resident.predecessor?.address === address) resident.predecessor = undefined;
    this.#fingers = this.#fingers.map((one) => (one?.address === address ? undefined : one));
  }

  #send(to, message) {
    this.#context.requires.network.emit.send({ to, message });
  }

  #after(delayMs, run) {
    this.#init.world.timer.after(delayMs, this.#context.ref(run));
  }
}

/** The place that lies 2^exponent after another one, of 2^64. */
export function placeAfter(id, exponent) {
  let place = 0n;
  for (let i = 0; i < 8; i++) place = place * 256n + BigInt(id.charCodeAt(i));
  place = BigInt.asUintN(64, place + 2n ** BigInt(exponent));
  let key = '';
  for (let i = 0; i < 8; i++) {
    key = String.fromCharCode(Number(place % 256n)) + key;
    place /= 256n;
  }
  return key;
}
