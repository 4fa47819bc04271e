import type { Bytes } from '../base/index.ts';
import { type Context, component, event, port, type Ref } from '../component/index.ts';
import { Ring, type Surroundings } from '../ring/index.ts';
import { type Address, Links, type World } from '../world/index.ts';
import { type Area, type Errand, errandsOf, heldBy } from './errands.ts';
import { type Answer, Gathering } from './gathering.ts';
import { common, type KeySet, noKeys, without } from './keySet.ts';
import { askAgainMs, askMs, askTriesMax, depthMax, gatheringsMax, patiencePart } from './limits.ts';
import { Mailbox } from './mailbox.ts';
import { type GroupMessage, groupProtocol, type MessageId, type Spread } from './messages.ts';

/** A message that came to this peer, because it holds some of the keys that it is for. */
export interface Delivered {
  readonly origin: Address;
  /** Whom it is for, of all that use this port: a word that they agreed upon. */
  readonly topic: string;
  readonly payload: Bytes;
  /** Those of the keys that this peer holds. */
  readonly keys: KeySet;
  /** Over how many messages it came. */
  readonly depth: number;
  /** Where the answer goes, if one is asked for. */
  readonly reply: Ref<Bytes> | undefined;
}

/** The answers of a group, and the keys that nobody answered for. */
export interface Gathered {
  readonly answers: readonly Answer[];
  readonly missing: KeySet;
}

/** What is to come to whom. */
export interface Message {
  readonly topic: string;
  readonly keys: KeySet;
  readonly payload: Bytes;
}

/** One message for the holders of many keys: everybody, those of a range, or of some keys. */
export const Groups = port('groups', {
  requests: {
    /** Passes a message to all holders of some keys: one message a peer, and no word about whether it came. */
    tell: event<Message>(),
    /** The same, and gathers their answers. Keys that nobody answered for are asked again, a few times. */
    ask: event<Message & { readonly reply: Ref<Gathered> }>(),
  },
  indications: {
    delivered: event<Delivered>(),
  },
});

export interface GroupPeerInit {
  readonly world: World;
  /** Where this peer listens. */
  readonly address: Address;
}

const ports = {
  provides: { groups: Groups },
  requires: { ring: Ring, network: groupProtocol.port, links: Links },
} as const;
type Means = Context<typeof ports.provides, typeof ports.requires>;

/** One peer's part in passing messages to groups, over the pointers of its ring. */
export const GroupPeer = component('groups', {
  ...ports,
  setup: (context, init: GroupPeerInit) => void new Peer(context, init),
});

/** A message that this peer has to see to; `patienceMs` is 0 where nobody waits for answers. */
interface Mission extends Area {
  readonly id: MessageId;
  readonly topic: string;
  readonly payload: Bytes;
  readonly depth: number;
  readonly patienceMs: number;
}

/** What the answers to a question of this peer are gathered for. */
interface Inquiry {
  readonly mission: Omit<Mission, 'keys' | 'limit' | 'isLimitTold'>;
  readonly answers: Map<Address, Answer>;
  readonly reply: Ref<Gathered>;
  missing: KeySet;
  triesLeft: number;
}

class Peer {
  readonly #context: Means;
  readonly #init: GroupPeerInit;
  readonly #mailbox = new Mailbox();
  /** Where answers belong, by the token of the errand. */
  readonly #gatherings = new Map<number, { readonly gathering: Gathering; readonly mission: Mission }>();
  #lastToken = 0;
  #lastNumber: number;

  constructor(context: Means, init: GroupPeerInit) {
    this.#context = context;
    this.#init = init;
    // A peer that comes back must not use the numbers of its former life.
    this.#lastNumber = Math.floor(init.world.entropy.fraction() * 2 ** 32);
    const { provides, requires } = context;
    provides.groups.on.tell((message) => this.#tell(message));
    provides.groups.on.ask(({ reply, ...message }) => this.#ask(message, reply));
    requires.network.on.received(({ from, message }) => this.#receive(from, message));
    requires.links.on.down(({ address }) => this.#lose(address));
  }

  #tell({ topic, keys, payload }: Message): void {
    this.#survey((surroundings) => {
      const area = { keys, limit: surroundings.place.self.id, isLimitTold: true };
      this.#spread(surroundings, { ...area, id: this.#nextId(), topic, payload, depth: 0, patienceMs: 0 }, undefined);
    });
  }

  #ask({ topic, keys, payload }: Message, reply: Ref<Gathered>): void {
    const mission = { id: this.#nextId(), topic, payload, depth: 0, patienceMs: askMs };
    this.#inquire({ mission, answers: new Map(), reply, missing: keys, triesLeft: askTriesMax });
  }

  /** Asks for what is missing, until nothing is or the tries are over. */
  #inquire(inquiry: Inquiry): void {
    inquiry.triesLeft--;
    const gathering = new Gathering(({ covered, answers }) => {
      for (const answer of answers) inquiry.answers.set(answer.from, answer);
      inquiry.missing = without(inquiry.missing, covered);
      if (inquiry.missing.length > 0 && inquiry.triesLeft > 0) this.#after(askAgainMs, () => this.#inquire(inquiry));
      else inquiry.reply.tell({ answers: [...inquiry.answers.values()], missing: inquiry.missing });
    });
    this.#survey((surroundings) => {
      const area = { keys: inquiry.missing, limit: surroundings.place.self.id, isLimitTold: true };
      this.#spread(surroundings, { ...area, ...inquiry.mission }, gathering);
    });
  }

  #receive(from: Address, message: GroupMessage): void {
    if (message.kind === 'spread') return this.#see(from, message);
    const found = this.#gatherings.get(message.token);
    this.#gatherings.delete(message.token);
    found?.gathering.close(message.token, message.covered, message.answers);
  }

  #see(from: Address, { kind, token, ...mission }: Spread): void {
    const tellParent = ({ covered, answers }: Gathering): void =>
      this.#send(from, { kind: 'gathered', token, covered, answers });
    const gathering = mission.patienceMs === 0 ? undefined : new Gathering(tellParent);
    this.#survey((surroundings) => this.#spread(surroundings, mission, gathering));
  }

  /** Delivers a message where it is for this peer, and passes it on. */
  #spread(surroundings: Surroundings, mission: Mission, gathering: Gathering | undefined): void {
    if (gathering !== undefined) this.#after(mission.patienceMs, () => this.#end(gathering));
    this.#passOn(surroundings, mission, gathering);
    this.#deliver(mission, common(mission.keys, heldBy(surroundings)), gathering);
  }

  #passOn(surroundings: Surroundings, mission: Mission, gathering: Gathering | undefined): void {
    if (mission.depth >= depthMax) return;
    const patienceMs = Math.floor(mission.patienceMs * patiencePart);
    const { id, topic, payload } = mission;
    for (const errand of errandsOf(surroundings, mission)) {
      if (gathering !== undefined && this.#gatherings.size >= gatheringsMax) return;
      const { keys, limit, isLimitTold } = errand;
      const token = gathering === undefined ? 0 : this.#expect(errand, mission, gathering);
      const depth = mission.depth + 1;
      const spread = { id, topic, payload, keys, limit, isLimitTold, depth, token, patienceMs };
      this.#send(errand.to.address, { kind: 'spread', ...spread });
    }
  }

  #expect(errand: Errand, mission: Mission, gathering: Gathering): number {
    this.#lastToken = (this.#lastToken + 1) >>> 0;
    gathering.expect(this.#lastToken, errand);
    this.#gatherings.set(this.#lastToken, { gathering, mission });
    return this.#lastToken;
  }

  #deliver({ id, topic, payload, depth }: Mission, keys: KeySet, gathering: Gathering | undefined): void {
    if (keys.length === 0) return gathering?.closeOwn(noKeys, []);
    const from = this.#init.address;
    const isNew = this.#mailbox.admit(id);
    if (gathering !== undefined) this.#mailbox.await(id, (value) => gathering.closeOwn(keys, [{ from, value }]));
    if (!isNew) return;
    const reply = this.#context.ref((value: Bytes) => this.#mailbox.answer(id, value));
    const { origin } = id;
    const isAsked = gathering !== undefined;
    this.#context.provides.groups.emit.delivered({
      origin,
      topic,
      payload,
      keys,
      depth,
      reply: isAsked ? reply : undefined,
    });
  }

  /** A peer is gone: whoever passed something on to it passes it on to others, over what else it knows (GROUP-3). */
  #lose(address: Address): void {
    for (const { gathering, mission } of [...this.#gatherings.values()]) {
      for (const [token, errand] of gathering.openWith(address)) {
        this.#gatherings.delete(token);
        const { keys, limit, isLimitTold } = errand;
        this.#survey((surroundings) => {
          this.#passOn(surroundings, { ...mission, keys, limit, isLimitTold }, gathering);
          gathering.close(token, noKeys, []);
        });
      }
    }
  }

  /** Patience is over: what came so far is the answer. */
  #end(gathering: Gathering): void {
    for (const token of gathering.tokens) this.#gatherings.delete(token);
    gathering.end();
  }

  #nextId(): MessageId {
    this.#lastNumber = (this.#lastNumber + 1) >>> 0;
    return { origin: this.#init.address, number: this.#lastNumber };
  }

  #survey(hear: (surroundings: Surroundings) => void): void {
    this.#context.requires.ring.emit.survey({ reply: this.#context.ref(hear) });
  }

  #send(to: Address, message: GroupMessage): void {
    this.#context.requires.network.emit.send({ to, message });
  }

  #after(delayMs: number, run: () => void): void {
    this.#init.world.timer.after(delayMs, this.#context.ref(run));
  }
}
