import { bytesOfText, NumberedMap } from '../base/index.ts';
import { type Command, isRead } from '../command/index.ts';
import { type Context, component } from '../component/index.ts';
import { Membership } from '../overlay/index.ts';
import { Access, type Call, type Reply } from '../store/index.ts';
import { type ConnectionId, Listener, type World } from '../world/index.ts';
import { Admission, type AdmissionPolicy } from './admission.ts';
import { Client } from './client.ts';
import { Conversation, type Outlet, type Slot } from './conversation.ts';
import { Cursors } from './cursors.ts';
import { Entrance } from './entrance.ts';
import type { Figures } from './figures.ts';
import { admissionPolicy, clientsMax, patienceMs, queryBytesTotalMax, reviewMs, writerBytesMax } from './limits.ts';
import { ReplyWriter } from './replyWriter.ts';
import type { Identity, Services } from './services.ts';
import { Waiters } from './waiters.ts';

const tooManyClients = bytesOfText('-ERR max number of clients reached\r\n');

export interface GatewayInit {
  readonly world: World;
  readonly identity: Identity;
  /** Counted by the gateway, read by whoever wants to know. */
  readonly figures: Figures;
  /** How much is let in; a policy for the machines that peers run on where nothing is said. */
  readonly admission?: AdmissionPolicy;
}

const required = { listener: Listener, access: Access, membership: Membership };

/** What outsiders speak: the protocol of Redis, bytes in and bytes out, on any peer. */
export const Gateway = component('gateway', {
  requires: required,
  setup: (context, init: GatewayInit) => {
    const clients = new Clients(context, init);
    const { listener, membership } = context.requires;
    listener.on.opened(({ connection, remote }) => clients.open(connection, remote));
    listener.on.data(({ connection, bytes }) => clients.receive(connection, bytes));
    listener.on.congested(({ connection, waitingBytes }) => clients.find(connection)?.congested(waitingBytes));
    listener.on.drained(({ connection }) => clients.find(connection)?.drained());
    listener.on.closed(({ connection }) => clients.forget(connection));
    membership.on.view(({ peers }) => {
      clients.peersAlive = peers.filter(({ status }) => status === 'alive').length;
    });
  },
});

type GatewayContext = Context<Record<never, never>, typeof required>;

/** How exactly a command of a client is to be done. What is watched is read as it is now, whatever else may be old. */
function wayOf(command: Command, { id, staleMs, isEventual }: Client): Pick<Call, 'order' | 'staleMs' | 'isEventual'> {
  const mayBeOld = staleMs > 0 && isRead(command) && command.kind !== 'versions';
  return mayBeOld ? { order: 0, staleMs } : { order: id, isEventual };
}

/** The clients of this peer, and what their conversations share. */
class Clients implements Outlet {
  peersAlive = 1;
  readonly #context: GatewayContext;
  readonly #figures: Figures;
  readonly #services: Services;
  readonly #clients = new Map<ConnectionId, Client>();
  readonly #conversations = new Map<ConnectionId, Conversation>();
  /** Slots whose command is with the store, by the tag of the call. */
  readonly #asked = new NumberedMap<Slot>();
  readonly #admission: Admission;
  readonly #entrance: Entrance;
  readonly #waiters: Waiters;
  readonly #review;
  #isReviewing = false;
  #isServing = false;
  readonly #replies;
  readonly #later;
  #lastTag = 0;
  #queryBytes = 0;
  #writer = new ReplyWriter();
  #dirty = new Set<Conversation>();

  constructor(context: GatewayContext, init: GatewayInit) {
    this.#context = context;
    this.#figures = init.figures;
    this.#figures.startedMs = init.world.clock.monotonicMs();
    this.#services = {
      ...init,
      cursors: new Cursors(init.world.entropy),
      clients: this.#clients,
      peersAlive: () => this.peersAlive,
      disconnect: (client) => this.#disconnect(client),
    };
    this.#admission = new Admission(init.admission ?? admissionPolicy, this.#figures.startedMs);
    this.#entrance = new Entrance(this.#admission);
    this.#waiters = this.#makeWaiters();
    this.#replies = context.ref<Reply>((reply) => this.#answered(reply));
    this.#review = context.ref<void>(() => {
      this.#isReviewing = false;
      this.#entrance.review();
      if (this.#entrance.waiting > 0) this.#keepReviewing();
    });
    this.#later = context.ref<Conversation>((conversation) => this.flushAtTurnEnd(conversation));
  }

  find(connection: ConnectionId): Conversation | undefined {
    return this.#conversations.get(connection);
  }

  open(connection: ConnectionId, remote: string): void {
    const { listener } = this.#context.requires;
    this.#figures.clientsEver++;
    if (this.#clients.size >= clientsMax) {
      this.#figures.clientsRefused++;
      listener.emit.write({ connection, bytes: tooManyClients });
      listener.emit.close({ connection });
      return;
    }
    const client = new Client(connection, remote, this.#services.world.clock.monotonicMs());
    this.#clients.set(connection, client);
    this.#conversations.set(connection, new Conversation(client, this.#services, this));
    this.#figures.clients = this.#clients.size;
  }

  receive(connection: ConnectionId, bytes: Uint8Array): void {
    const conversation = this.#conversations.get(connection);
    if (conversation === undefined) {
      // It was opened before this gateway began: what it sent first is lost, so it had better come again.
      this.#context.requires.listener.emit.close({ connection });
      return;
    }
    this.#figures.bytesIn += bytes.length;
    const before = conversation.waitingBytes;
    conversation.receive(bytes);
    this.#queryBytes += conversation.waitingBytes - before;
    if (this.#queryBytes > queryBytesTotalMax) this.close(conversation, true);
  }

  forget(connection: ConnectionId): void {
    const conversation = this.#conversations.get(connection);
    if (conversation === undefined) return;
    conversation.isClosed = true;
    this.#entrance.forget(conversation);
    this.#waiters.forget(conversation);
    this.#queryBytes -= conversation.waitingBytes;
    this.#conversations.delete(connection);
    this.#clients.delete(connection);
    this.#dirty.delete(conversation);
    this.#figures.clients = this.#clients.size;
  }

  call(command: Command, slot: Slot): void {
    const tag = ++this.#lastTag;
    this.#asked.set(tag, slot);
    slot.calledMs = this.#nowMs;
    this.#admission.enter();
    this.#figures.asked = this.#asked.size;
    const how = wayOf(command, slot.conversation.client);
    this.#context.requires.access.emit.call({ command, patienceMs, reply: this.#replies, tag, ...how });
  }

  keeps(slot: Slot, reply: Reply): boolean {
    return this.#waiters.keeps(slot, reply);
  }

  #makeWaiters(): Waiters {
    const review = this.#context.ref<void>(() => this.#waiters.review());
    const nowMs = (): number => this.#nowMs;
    return new Waiters({
      get nowMs() {
        return nowMs();
      },
      call: (command, slot) => this.call(command, slot),
      reply: (slot, reply) => slot.conversation.answered(slot, reply),
      ask: (command, then) => {
        const reply = this.#context.ref<Reply>(then);
        this.#context.requires.access.emit.call({ command, patienceMs, reply, tag: 0, order: 0 });
      },
      reviewAfter: (delayMs) => void this.#services.world.timer.after(delayMs, review),
    });
  }

  get #nowMs(): number {
    return this.#services.world.clock.monotonicMs();
  }

  get waitMs(): number {
    return this.#admission.waitMs(this.#nowMs);
  }

  admits(conversation: Conversation): boolean {
    if (this.#entrance.admits(conversation, this.#nowMs)) return true;
    this.#keepReviewing();
    return false;
  }

  /** As long as some wait: where the store answers nothing, nobody else would call them. */
  #keepReviewing(): void {
    if (this.#isReviewing) return;
    this.#isReviewing = true;
    this.#services.world.timer.after(reviewMs, this.#review);
  }

  write({ client }: Conversation, bytes: Uint8Array): void {
    this.#figures.bytesOut += bytes.length;
    this.#context.requires.listener.emit.write({ connection: client.id, bytes });
  }

  pause({ client }: Conversation): void {
    this.#context.requires.listener.emit.pause({ connection: client.id });
  }

  resume({ client }: Conversation): void {
    this.#context.requires.listener.emit.resume({ connection: client.id });
  }

  close(conversation: Conversation, isCut: boolean): void {
    if (conversation.isClosed) return;
    if (isCut) this.#figures.clientsCut++;
    this.#context.requires.listener.emit.close({ connection: conversation.client.id });
    this.forget(conversation.client.id);
  }

  flushAtTurnEnd(conversation: Conversation): void {
    if (conversation.isClosed) return;
    if (this.#dirty.size === 0) this.#context.atTurnEnd(() => this.#flush());
    this.#dirty.add(conversation);
  }

  flushLater(conversation: Conversation): void {
    this.#later.tell(conversation);
  }

  #disconnect(client: Client): void {
    const conversation = this.#conversations.get(client.id);
    if (conversation !== undefined) this.close(conversation, true);
  }

  #answered(reply: Reply): void {
    const slot = this.#asked.get(reply.tag);
    if (slot === undefined) return;
    this.#asked.delete(reply.tag);
    const now = this.#nowMs;
    this.#admission.leave(now, now - slot.calledMs, this.#entrance.waiting);
    if (this.#entrance.waiting > 0) this.#serveAtTurnEnd();
    this.#figures.asked = this.#asked.size;
    if (reply.kind === 'unknown') this.#figures.unknown++;
    slot.conversation.answered(slot, reply);
  }

  #serveAtTurnEnd(): void {
    if (this.#isServing) return;
    this.#isServing = true;
    this.#context.atTurnEnd(() => {
      this.#isServing = false;
      this.#entrance.serve();
    });
  }

  #flush(): void {
    const dirty = this.#dirty;
    this.#dirty = new Set();
    for (const conversation of dirty) {
      const before = conversation.waitingBytes;
      conversation.flush(this.#writer);
      this.#queryBytes += conversation.isClosed ? 0 : conversation.waitingBytes - before;
      if (this.#writer.peakBytes > 2 * writerBytesMax) this.#writer = new ReplyWriter();
    }
  }
}
