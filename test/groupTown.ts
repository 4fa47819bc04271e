import { bytesOfText, type Key, keyOfBytes, type Random } from '../src/base/index.ts';
import { component, type InsideRequired, type Ref } from '../src/component/index.ts';
import { type Delivered, type Gathered, GroupPeer, Groups, groupProtocol, type Message } from '../src/groups/index.ts';
import { type Contact, RingPeer, ringProtocol } from '../src/ring/index.ts';
import { type Axis, Space, SpacePeer } from '../src/space/index.ts';
import { type Life, type SimulatedHost, Universe } from '../src/world/simulated/index.ts';

export interface Inhabitant {
  readonly host: SimulatedHost;
  readonly self: Contact;
  /** What came to it, the first first. */
  readonly delivered: Delivered[];
  /** Messages that it was asked to see to. */
  spreads: number;
  tell: Ref<Message> | undefined;
  ask: Ref<Question> | undefined;
  space: Ref<UseOfSpace> | undefined;
}

/** What a test does at the space of one peer, and `ref` makes what is to hear of it an address. */
export type UseOfSpace = (space: InsideRequired<typeof Space>, ref: <E>(hear: (event: E) => void) => Ref<E>) => void;

interface Question extends Message {
  readonly done: (gathered: Gathered) => void;
}

/** Uses the space of its peer as the test says. */
const Surveyor = component('surveyor', {
  requires: { space: Space },
  setup: ({ requires: { space }, ref }, inhabitant: Inhabitant) => {
    inhabitant.space = ref((use: UseOfSpace) => use(space, ref));
  },
});

/** Called before a newcomer starts, with the peer that it joins through. */
type Prepare = (newcomer: Inhabitant, contact: Inhabitant | undefined) => void;

/** Keeps what comes to its peer, and answers with its name. */
const Keeper = component('keeper', {
  requires: { groups: Groups, network: groupProtocol.port },
  setup: ({ requires: { groups, network }, ref }, inhabitant: Inhabitant) => {
    network.on.received(({ message }) => {
      if (message.kind === 'spread') inhabitant.spreads++;
    });
    groups.on.delivered((message) => {
      if (message.topic !== 'test') return;
      inhabitant.delivered.push(message);
      message.reply?.tell(bytesOfText(inhabitant.host.name));
    });
    inhabitant.tell = ref((message: Message) => groups.emit.tell(message));
    inhabitant.ask = ref(({ done, ...message }: Question) => groups.emit.ask({ ...message, reply: ref(done) }));
  },
});

const evenly = (random: Random): Key => keyOfBytes(Uint8Array.from({ length: 8 }, () => random.below(256)));

/** Peers of one ring that pass messages to groups, in a simulated world. */
export class GroupTown {
  readonly universe: Universe;
  readonly inhabitants: Inhabitant[] = [];
  readonly #axes: readonly Axis[];
  readonly #drawId: (random: Random) => Key;

  /** Each peer has a space of so many axes; `drawId` chooses its place, evenly where nothing is said. */
  constructor(seed: number, axes: readonly Axis[] = [{ low: 0, high: 1 }], drawId: (random: Random) => Key = evenly) {
    this.universe = new Universe({ seed });
    this.#axes = axes;
    this.#drawId = drawId;
  }

  get alive(): readonly Inhabitant[] {
    return this.inhabitants.filter(({ host }) => host.isRunning);
  }

  /** Those alive, in the order of their places. */
  inOrder(): Inhabitant[] {
    return [...this.alive].sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
  }

  /** A ring of so many peers, which join one after the other; */
  grow(count: number, prepare: Prepare = () => undefined): void {
    for (let i = 0; i < count; i++) {
      this.#add(prepare);
      this.universe.runFor(20);
    }
    this.universe.runFor(20_000);
  }

  #add(prepare: Prepare): void {
    const { random } = this.universe;
    const contact = this.alive.length === 0 ? undefined : random.pick(this.alive);
    const id = this.#drawId(random);
    const boot = (life: Life): void => this.#boot(inhabitant, life, contact?.self.address);
    const host = this.universe.addHost(`p${this.inhabitants.length}`, boot);
    const self = { id, address: host.address };
    const inhabitant: Inhabitant = {
      host,
      self,
      delivered: [],
      spreads: 0,
      tell: undefined,
      ask: undefined,
      space: undefined,
    };
    this.inhabitants.push(inhabitant);
    prepare(inhabitant, contact);
    host.start();
  }

  #boot(inhabitant: Inhabitant, { system, platform }: Life, contact: string | undefined): void {
    const root = component('root', {
      setup: (context) => {
        const { self } = inhabitant;
        const transport = context.create(platform.transport({ ring: ringProtocol, groups: groupProtocol }));
        const peer = context.create(RingPeer, { world: platform.world, self, contact, periods: undefined });
        const groups = context.create(GroupPeer, { world: platform.world, address: self.address });
        const keeper = context.create(Keeper, inhabitant);
        context.connect(transport.provides.ring, peer.requires.network);
        context.connect(transport.provides.links, peer.requires.links);
        context.connect(transport.provides.groups, groups.requires.network);
        context.connect(transport.provides.links, groups.requires.links);
        context.connect(peer.provides.ring, groups.requires.ring);
        context.connect(groups.provides.groups, keeper.requires.groups);
        context.connect(transport.provides.groups, keeper.requires.network);
        const space = context.create(SpacePeer, { axes: this.#axes });
        const surveyor = context.create(Surveyor, inhabitant);
        context.connect(peer.provides.ring, space.requires.ring);
        context.connect(groups.provides.groups, space.requires.groups);
        context.connect(space.provides.space, surveyor.requires.space);
      },
    });
    system.create(root).start();
  }
}
