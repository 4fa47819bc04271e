import { type Bytes, bytesOfText, keyOfBytes } from '../src/base/index.ts';
import { component, type Ref } from '../src/component/index.ts';
import { type Delivered, type Gathered, GroupPeer, Groups, groupProtocol, type KeySet } from '../src/groups/index.ts';
import { type Contact, RingPeer, ringProtocol } from '../src/ring/index.ts';
import { type Life, type SimulatedHost, Universe } from '../src/world/simulated/index.ts';

export interface Inhabitant {
  readonly host: SimulatedHost;
  readonly self: Contact;
  /** What came to it, the first first. */
  readonly delivered: Delivered[];
  /** Messages that it was asked to see to. */
  spreads: number;
  tell: Ref<{ readonly keys: KeySet; readonly payload: Bytes }> | undefined;
  ask: Ref<Question> | undefined;
}

interface Question {
  readonly keys: KeySet;
  readonly payload: Bytes;
  readonly done: (gathered: Gathered) => void;
}

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
      inhabitant.delivered.push(message);
      message.reply?.tell(bytesOfText(inhabitant.host.name));
    });
    inhabitant.tell = ref((message: { readonly keys: KeySet; readonly payload: Bytes }) => groups.emit.tell(message));
    inhabitant.ask = ref(({ keys, payload, done }: Question) => groups.emit.ask({ keys, payload, reply: ref(done) }));
  },
});

/** Peers of one ring that pass messages to groups, in a simulated world. */
export class GroupTown {
  readonly universe: Universe;
  readonly inhabitants: Inhabitant[] = [];

  constructor(seed: number) {
    this.universe = new Universe({ seed });
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
    const id = keyOfBytes(Uint8Array.from({ length: 8 }, () => random.below(256)));
    const boot = (life: Life): void => this.#boot(inhabitant, life, contact?.self.address);
    const host = this.universe.addHost(`p${this.inhabitants.length}`, boot);
    const self = { id, address: host.address };
    const inhabitant: Inhabitant = { host, self, delivered: [], spreads: 0, tell: undefined, ask: undefined };
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
      },
    });
    system.create(root).start();
  }
}
