import { component } from '../../dist/component/index.js';
import { isBetween } from '../../dist/ring/index.js';
import { Universe } from '../../dist/world/simulated/index.js';
import { ChordPeer, chordProtocol, placeAfter } from './chordPeer.mjs';
import { holderIn, uniform } from './routedTown.mjs';

const Root = component('root', {
  setup: (context, { platform, resident, contact, settled }) => {
    const transport = context.create(platform.transport({ chord: chordProtocol }));
    const peer = context.create(ChordPeer, { world: platform.world, resident, contact, settled });
    context.connect(transport.provides.chord, peer.requires.network);
    context.connect(transport.provides.links, peer.requires.links);
  },
});

/** Peers of a Chord ring in a simulated world. */
export class ChordTown {
  universe;
  residents = [];

  constructor({ seed }) {
    this.universe = new Universe({ seed });
  }

  get random() {
    return this.universe.random;
  }

  get alive() {
    return this.residents.filter(({ host }) => host.isRunning);
  }

  drawKey() {
    return uniform(this.random);
  }

  inOrder() {
    return this.alive.sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
  }

  add(contact, settledOf) {
    const name = `p${this.residents.length}`;
    const resident = { name, self: undefined, predecessor: undefined, successors: [], host: undefined };
    const boot = ({ system, platform }) => {
      const settled = settledOf?.(resident);
      Object.assign(resident, { predecessor: undefined, successors: [] });
      system.create(Root, { platform, resident, contact, settled }).start();
    };
    resident.host = this.universe.addHost(name, boot);
    resident.self = { id: uniform(this.random), address: resident.host.address };
    this.residents.push(resident);
    if (settledOf === undefined) resident.host.start();
    return resident;
  }

  /** A ring of so many peers in which every pointer is right, as if it had been left alone for long. */
  settle(count) {
    let order = [];
    const at = (i) => order[i % order.length].self;
    const settledOf = (resident) => {
      const i = order.indexOf(resident);
      const fingers = Array.from({ length: 64 }, (_, n) => holderIn(order, placeAfter(resident.self.id, n)).self);
      return {
        predecessor: at(i + order.length - 1),
        successors: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => at(i + n)),
        fingers,
      };
    };
    for (let i = 0; i < count; i++) this.add(undefined, settledOf);
    order = [...this.residents].sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
    for (const { host } of order) host.start();
    this.universe.runFor(1);
  }

  stabiliseAll() {
    for (const { stabilise } of this.alive) stabilise.tell();
  }

  /**
   * Peers whose successor is not the next one, though somebody has them for a successor: what they take for that one's keys, another
   * takes for its own. As the relaxed ring's authors count.
   */
  overlapsBySuccessor() {
    const order = this.inOrder();
    const pointedAt = new Set(order.map(({ successors }) => successors[0]?.id));
    return order.filter(({ self, successors }, i) => {
      const next = order[(i + 1) % order.length].self;
      return successors.length > 0 && successors[0].id !== next.id && pointedAt.has(self.id);
    }).length;
  }

  /** Pairs of neighbours that both take some key for theirs: the keys behind the predecessor, up to the own place. */
  overlapsByPredecessor() {
    return overlapping(this.inOrder().filter(({ predecessor }) => predecessor !== undefined));
  }
}

export function overlapping(placed) {
  return placed.filter(({ self }, i) => {
    const next = placed[(i + 1) % placed.length];
    return next.self.id !== self.id && isBetween(next.predecessor.id, self.id, next.self.id);
  }).length;
}
