/** The rooms that a town is made of, from a folder of built ones: the usual one, or one in which something was changed. */
export async function openBuild(dist = new URL('../../dist/', import.meta.url)) {
  const rooms = ['component', 'overlay', 'world', 'world/simulated'];
  const [{ component }, overlay, { frameBytes }, { Universe }] = await Promise.all(
    rooms.map((room) => import(new URL(`${room}/index.js`, dist).href)),
  );
  return { component, frameBytes, Universe, ...overlay };
}

/** Peers in a simulated universe that run the overlay alone, each with a full view; frames are counted by the byte. */
export class MembershipTown {
  universe;
  residents = [];
  /** Called with every view that a peer shows. */
  onView;
  /** Says of a frame whether it gets lost, by the names of the hosts. */
  isLost = () => false;
  #root;

  constructor(build, seed, network = {}) {
    this.universe = new build.Universe({ seed, network });
    this.#root = rootOf(build);
    const { network: wires } = this.universe;
    const transmit = wires.transmit.bind(wires);
    wires.transmit = (from, address, frame) => {
      const resident = this.byName.get(from.name);
      resident.bytesSent += build.frameBytes(frame);
      resident.framesSent++;
      if (this.isLost(from.name, address.slice(0, address.indexOf(':')))) return;
      transmit(from, address, frame);
    };
  }

  byName = new Map();

  get alive() {
    return this.residents.filter(({ host }) => host.isRunning);
  }

  get nowMs() {
    return this.universe.nowMs;
  }

  /** Adds a peer that joins through these. */
  add(contacts) {
    const name = `p${this.residents.length}`;
    const resident = { name, host: undefined, view: undefined, bytesSent: 0, framesSent: 0 };
    this.byName.set(name, resident);
    this.residents.push(resident);
    resident.host = this.universe.addHost(name, ({ system, platform }) => {
      const init = { platform, resident, town: this, contacts: contacts.map((contact) => contact.host.address) };
      system.create(this.#root, init).start();
    });
    resident.host.start();
    return resident;
  }

  /** So many peers, which join through a few of those before them, some at a time. */
  grow(count, { atOnce = 20, pauseMs = 100 } = {}) {
    while (this.residents.length < count) {
      for (let i = 0; i < atOnce && this.residents.length < count; i++) {
        const contacts = this.residents.length === 0 ? [] : [this.universe.random.pick(this.#joined())];
        this.add(contacts);
        if (this.residents.length === 1) this.universe.runFor(500);
      }
      this.universe.runFor(pauseMs);
    }
  }

  /** Runs until every peer counts all as there, and what was to be told about that has been told. */
  settle(quietMs = 10_000) {
    const isWhole = () => this.sizes().get(this.residents.length) === this.residents.length;
    while (!isWhole()) this.universe.runFor(1_000);
    let sent = Number.POSITIVE_INFINITY;
    for (;;) {
      this.resetTraffic();
      this.universe.runFor(quietMs);
      const now = mean(this.traffic());
      if (now > sent * 0.99) return;
      sent = now;
    }
  }

  #joined() {
    return this.residents.filter(({ view }) => view !== undefined);
  }

  /** How many peers each view counts as there, as a map from that number to the number of views. */
  sizes() {
    const sizes = new Map();
    for (const { view } of this.alive) {
      const size = view?.peers.filter(({ status }) => status === 'alive').length ?? 0;
      sizes.set(size, (sizes.get(size) ?? 0) + 1);
    }
    return sizes;
  }

  /** Bytes a second that each peer sent since the counts were set to zero, sorted. */
  resetTraffic() {
    for (const resident of this.residents) resident.bytesSent = resident.framesSent = 0;
    this.#countedMs = this.nowMs;
  }
  #countedMs = 0;

  traffic() {
    const seconds = (this.nowMs - this.#countedMs) / 1_000;
    return this.alive.map(({ bytesSent }) => bytesSent / seconds / 1_000).sort((a, b) => a - b);
  }
}

function rootOf(build) {
  const Resident = residentOf(build);
  return build.component('root', {
    setup: (context, { platform, resident, town, contacts }) => {
      const transport = context.create(platform.transport({ overlay: build.overlayProtocol }));
      const durability = context.create(platform.durability);
      const { world, address, identity } = platform;
      const id = `${resident.name}#${identity.incarnation}`;
      const self = { id, name: resident.name, address, redis: '', http: '', zone: '', host: '' };
      const overlay = context.create(build.Overlay, { world, self, contacts });
      const recorder = context.create(Resident, { resident, town });
      context.connect(transport.provides.overlay, overlay.requires.network);
      context.connect(transport.provides.links, overlay.requires.links);
      context.connect(durability.provides.durability, overlay.requires.durability);
      context.connect(overlay.provides.membership, recorder.requires.membership);
    },
  });
}

/** Keeps what the overlay of its peer says. */
function residentOf({ component, Membership }) {
  return component('resident', {
    requires: { membership: Membership },
    setup: ({ requires: { membership } }, { resident, town }) => {
      membership.on.view((view) => {
        const before = resident.view;
        resident.view = view;
        town.onView?.(resident, view, before);
      });
    },
  });
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
export const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
