import { component, type Ref } from '../src/component/index.ts';
import { Membership, Overlay, overlayProtocol, type View } from '../src/overlay/index.ts';
import type { OverlayMessage } from '../src/overlay/messages.ts';
import { type Life, type NetworkConditions, type SimulatedHost, Universe } from '../src/world/simulated/index.ts';

/** What the overlay of one peer said. */
export interface Seen {
  /** All views, the last one last. */
  readonly views: View[];
  view: View | undefined;
  systemId: string | undefined;
  readonly trouble: { reason: string; isFinal: boolean }[];
  readonly hints: Map<string, number>;
  leave: Ref<void> | undefined;
  publish: Ref<{ topic: string; version: number }> | undefined;
}

/** A recorder that is an ordinary component: it keeps what the overlay indicates. */
const Recorder = component('recorder', {
  requires: { membership: Membership },
  setup: ({ requires: { membership }, ref }, seen: Seen) => {
    membership.on.view((view) => {
      seen.view = view;
      seen.views.push(view);
    });
    membership.on.joined(({ systemId }) => {
      seen.systemId = systemId;
    });
    membership.on.trouble((trouble) => seen.trouble.push(trouble));
    membership.on.hint(({ topic, version }) => seen.hints.set(topic, version));
    seen.leave = ref(() => membership.emit.leave());
    seen.publish = ref((fact) => membership.emit.publish({ ...fact, bytes: new Uint8Array(3) }));
  },
});

/** Peers of a simulated world that run the overlay alone. */
export class OverlayTown {
  readonly universe: Universe;
  readonly seen = new Map<string, Seen>();

  constructor(seed: number, network: Partial<NetworkConditions> = {}) {
    this.universe = new Universe({ seed, network });
  }

  /** So many peers, `p0` and so on, which join through one of those before them. */
  grow(count: number): void {
    for (let i = this.seen.size; i < count; i++) {
      this.add(`p${i}`, i === 0 ? [] : [`p${this.universe.random.below(i)}`]);
      this.universe.runFor(100);
    }
    this.universe.runFor(8_000);
  }

  host(name: string): SimulatedHost {
    return this.universe.hosts.get(name)!;
  }

  get names(): string[] {
    return [...this.seen.keys()];
  }

  /** Whom a peer counts as dead, sorted. */
  deadTo(host: string): string[] {
    const dead = this.of(host).view?.peers.filter(({ status }) => status === 'dead') ?? [];
    return dead.map(({ name }) => name).sort();
  }

  /** The different sets of peers that a peer counted as dead one after the other, since its view of this number. */
  deathsSeen(host: string, from: number): string[] {
    const sets = this.of(host)
      .views.slice(from)
      .map(({ peers }) =>
        peers
          .filter(({ status }) => status === 'dead')
          .map(({ name }) => name)
          .sort()
          .join(' '),
      );
    return sets.filter((set, i) => i === 0 || set !== sets[i - 1]);
  }

  /** Adds a peer that joins through the given ones; `named` where its name is not that of its host. */
  add(host: string, contacts: readonly string[] = [], named = host): SimulatedHost {
    const added = this.universe.addHost(host, (life) => this.#boot(life, named, contacts));
    added.start();
    return added;
  }

  /** Has somebody who is no peer say something to one. */
  say(to: string, systemId: string, message: OverlayMessage): void {
    const host = this.universe.addHost(`somebody${this.universe.hosts.size}`, ({ system, platform }) => {
      const root = component('somebody', {
        setup: (context) => {
          const transport = context.create(platform.transport({ overlay: overlayProtocol }));
          const links = context.attach(transport.provides.links);
          const overlay = context.attach(transport.provides.overlay);
          context.onStart(() => {
            links.emit.setSystem({ systemId });
            overlay.emit.send({ to: `${to}:7000`, message });
          });
        },
      });
      system.create(root).start();
    });
    host.start();
  }

  of(host: string): Seen {
    return this.seen.get(host)!;
  }

  /** What the peer thinks of the others, as `name:status`, sorted. */
  opinion(host: string): string[] {
    return (this.of(host).view?.peers ?? []).map((peer) => `${peer.name}:${peer.status}`).sort();
  }

  #boot({ system, platform }: Life, name: string, contacts: readonly string[]): void {
    const host = platform.address.split(':')[0]!;
    const seen: Seen = {
      views: [],
      view: undefined,
      systemId: undefined,
      trouble: [],
      hints: new Map(),
      leave: undefined,
      publish: undefined,
    };
    this.seen.set(host, seen);
    const { world, address, identity } = platform;
    const root = component('root', {
      setup: (context) => {
        const transport = context.create(platform.transport({ overlay: overlayProtocol }));
        const durability = context.create(platform.durability);
        const self = { id: `${name}#${identity.incarnation}`, name, address, redis: '', http: '', zone: '', host: '' };
        const overlay = context.create(Overlay, {
          world,
          self,
          contacts: contacts.map((contact) => `${contact}:7000`),
        });
        const recorder = context.create(Recorder, seen);
        context.connect(transport.provides.overlay, overlay.requires.network);
        context.connect(transport.provides.links, overlay.requires.links);
        context.connect(durability.provides.durability, overlay.requires.durability);
        context.connect(overlay.provides.membership, recorder.requires.membership);
      },
    });
    system.create(root).start();
  }
}
