import { type Bytes, contains, emptyBytes, encode, type Key, keyAfter, keyOfBytes, parse } from '../base/index.ts';
import { type Context, component, event, port, type Ref } from '../component/index.ts';
import { arc, type Delivered, type Gathered, Groups, type KeySet, keySetOf } from '../groups/index.ts';
import { type Place, Ring } from '../ring/index.ts';
import { type Axis, boxCovers, Curve } from './curve.ts';
import { entriesMax } from './limits.ts';
import { type Box, type Entry, entries as entryList, type SpaceMessage, spaceMessage } from './messages.ts';

/** What lies in a box. `missing` are keys that no holder answered for: nothing is known of points there. */
export interface Within {
  readonly entries: readonly Entry[];
  readonly missing: KeySet;
}

/** Points in space, each kept by the peer of the ring that holds its key. */
export const Space = port('space', {
  requests: {
    /** Puts points where they belong; `reply` hears the keys whose holders did not answer. */
    insert: event<{ readonly entries: readonly Entry[]; readonly reply: Ref<KeySet> }>(),
    remove: event<{ readonly entries: readonly Entry[]; readonly reply: Ref<KeySet> }>(),
    /** All that lies in a box, wherever it is kept. */
    find: event<{ readonly box: Box; readonly reply: Ref<Within> }>(),
  },
  indications: {},
});

export interface SpacePeerInit {
  /** The same on all peers. */
  readonly axes: readonly Axis[];
}

const ports = { provides: { space: Space }, requires: { ring: Ring, groups: Groups } } as const;
const topic = 'space';

/**
 * One peer's part of an index of points: those whose keys on a curve through space it holds. A box is a few ranges of the curve,
 * and one question to the group of their holders. Points are kept once, in memory: who put them there puts them anew where a
 * peer crashed.
 */
export const SpacePeer = component('space', {
  ...ports,
  setup: (context, init: SpacePeerInit) => void new Peer(context, new Curve(init.axes)),
});

class Peer {
  readonly #context: Context<typeof ports.provides, typeof ports.requires>;
  readonly #curve: Curve;
  /** By point and value. */
  readonly #entries = new Map<Key, Entry>();

  constructor(context: Context<typeof ports.provides, typeof ports.requires>, curve: Curve) {
    this.#context = context;
    this.#curve = curve;
    const { provides, requires } = context;
    provides.space.on.insert(({ entries, reply }) => this.#place('insert', entries, (missing) => reply.tell(missing)));
    provides.space.on.remove(({ entries, reply }) => this.#place('remove', entries, (missing) => reply.tell(missing)));
    provides.space.on.find(({ box, reply }) => this.#find(box, reply));
    requires.groups.on.delivered((message) => this.#deliver(message));
    requires.ring.on.moved((place) => this.#handOver(place));
  }

  /** In the order of their keys, so that one message is for few holders. */
  #place(kind: 'insert' | 'remove', entries: readonly Entry[], done: (missing: KeySet) => void): void {
    const sorted = entries.map((one) => ({ key: this.#curve.keyOf(one.point), one }));
    sorted.sort((a, b) => (a.key < b.key ? -1 : 1));
    let open = Math.ceil(sorted.length / entriesMax);
    let missing: KeySet = [];
    if (open === 0) return done(missing);
    for (let at = 0; at < sorted.length; at += entriesMax) {
      const part = sorted.slice(at, at + entriesMax);
      const keys = keySetOf(part.map(({ key }) => ({ from: key, to: keyAfter(key) })));
      this.#ask({ kind, entries: part.map(({ one }) => one) }, keys, (gathered) => {
        missing = keySetOf([...missing, ...gathered.missing]);
        if (--open === 0) done(missing);
      });
    }
  }

  #find(box: Box, reply: Ref<Within>): void {
    this.#ask({ kind: 'find', box }, this.#curve.cover(box), ({ answers, missing }) => {
      const found = new Map<Key, Entry>();
      for (const { value } of answers) {
        const answer = parse(entryList, value);
        if (answer.ok) for (const one of answer.value) found.set(this.#nameOf(one), one);
      }
      reply.tell({ entries: [...found.values()], missing });
    });
  }

  #ask(message: SpaceMessage, keys: KeySet, hear: (gathered: Gathered) => void): void {
    const payload = encode(spaceMessage, message);
    this.#context.requires.groups.emit.ask({ topic, keys, payload, reply: this.#context.ref(hear) });
  }

  #deliver({ topic: of, payload, keys, reply }: Delivered): void {
    if (of !== topic) return;
    const message = parse(spaceMessage, payload);
    if (!message.ok) return;
    reply?.tell(this.#handle(message.value, keys));
  }

  #handle(message: SpaceMessage, keys: KeySet): Bytes {
    if (message.kind === 'find') {
      return encode(
        entryList,
        [...this.#entries.values()].filter(({ point }) => boxCovers(message.box, point)),
      );
    }
    for (const one of message.entries) {
      if (!keys.some((range) => contains(range, this.#curve.keyOf(one.point)))) continue;
      if (message.kind === 'insert') this.#entries.set(this.#nameOf(one), one);
      else this.#entries.delete(this.#nameOf(one));
    }
    return emptyBytes;
  }

  /** Where somebody else holds a key from now on its points go there, and stay here until they arrived. */
  #handOver({ self, predecessor }: Place): void {
    if (predecessor === undefined || predecessor.id === self.id) return;
    const held = arc(predecessor.id, self.id);
    const gone = [...this.#entries.values()].filter(
      ({ point }) => !held.some((range) => contains(range, this.#curve.keyOf(point))),
    );
    if (gone.length === 0) return;
    this.#place('insert', gone, (missing) => {
      if (missing.length === 0) for (const one of gone) this.#entries.delete(this.#nameOf(one));
    });
  }

  #nameOf({ point, value }: Entry): Key {
    return `${this.#curve.keyOf(point)}${point.join(' ')}:${keyOfBytes(value)}`;
  }
}
