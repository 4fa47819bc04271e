import { type Bytes, unreachable } from '../base/index.ts';
import { type Answer, type Command, commandBytesMax, isRead } from '../command/index.ts';
import { valueBytesMax } from '../state/index.ts';
import type { Reply } from '../store/index.ts';
import { Arrivals } from './arrivals.ts';
import type { Client } from './client.ts';
import { commandTable, fitsArity, unknownCommand } from './commandTable.ts';
import {
  outputBytesMax,
  pauseBytes,
  queryBytesMax,
  repliesBytesMax,
  requestBytesMax,
  requestsMax,
  windowInitial,
  writerBytesMax,
} from './limits.ts';
import { type Failure, fail, noCommand, type Plan, tooLongValue, wrongArity } from './plan.ts';
import type { ReplyWriter } from './replyWriter.ts';
import type { Request } from './request.ts';
import { RequestParser } from './requestParser.ts';
import type { Services } from './services.ts';
import { queue } from './transactions.ts';

/** A request with its place in the order of replies. */
export class Slot {
  readonly conversation: Conversation;
  readonly plan: Plan;
  readonly size: number;
  readonly isAlone: boolean;
  isReady: boolean;
  /** Its client waited for something to take. */
  hasWaited = false;
  /** When its command went to the store. */
  calledMs = 0;
  answer: Answer | undefined;
  /** Why the store gave no answer. */
  failure: string | undefined;
  /** The reply, where it had to wait for an earlier one: the answer itself does not outlive its turn. */
  reply: Bytes | undefined;

  constructor(conversation: Conversation, { plan, size, isAlone }: Taken) {
    this.conversation = conversation;
    this.plan = plan;
    this.size = size;
    this.isAlone = isAlone;
    this.isReady = plan.kind !== 'ask';
  }
}

interface Taken {
  readonly plan: Plan;
  readonly size: number;
  readonly isAlone: boolean;
  /** When the client sent it. */
  readonly sentMs: number;
}

/** What a conversation needs of its gateway. */
export interface Outlet {
  /** Whether one more command may go to the store. If not, the conversation is told to proceed when it may. */
  admits(conversation: Conversation): boolean;
  /** How long a command may wait for that. */
  readonly waitMs: number;
  call(command: Command, slot: Slot): void;
  /** Whether a command that may wait does so, and is answered later. */
  keeps(slot: Slot, reply: Reply): boolean;
  write(conversation: Conversation, bytes: Bytes): void;
  pause(conversation: Conversation): void;
  resume(conversation: Conversation): void;
  /** `isCut`: the gateway ends it, not the client. */
  close(conversation: Conversation, isCut: boolean): void;
  /** Flushes at the end of this turn, or in a later one. */
  flushAtTurnEnd(conversation: Conversation): void;
  flushLater(conversation: Conversation): void;
}

/**
 * One client's requests and replies in their order. Consecutive reads, or consecutive writes, are with the store
 * together, which does them in their order; what would see or change what they do waits for them. So a client that
 * pipelines finds its commands done in the order it sent them.
 */
export class Conversation {
  readonly client: Client;
  readonly #services: Services;
  readonly #outlet: Outlet;
  readonly #parser = new RequestParser();
  readonly #arrivals = new Arrivals();
  /** Since when something here waits to be let in. */
  #deniedMs: number | undefined;
  readonly #slots: Slot[] = [];
  /** A request that is understood, but may not begin yet. */
  #waiting: Taken | undefined;
  #asked = 0;
  #askedBytes = 0;
  /** How many commands may be with the store: more as replies turn out small, fewer as they turn out large. */
  #window = windowInitial;
  #isWriting = false;
  #isAlone = false;
  #isPaused = false;
  #isCongested = false;
  /** The client broke the protocol: it gets what it asked for before, and then the connection ends. */
  #isEnding = false;
  /** Bytes of replies that wait for an earlier one, or for the client to read. */
  #heldBytes = 0;
  isClosed = false;

  constructor(client: Client, services: Services, outlet: Outlet) {
    this.client = client;
    this.#services = services;
    this.#outlet = outlet;
  }

  /** Bytes that came and are not understood yet. */
  get waitingBytes(): number {
    return this.#parser.waitingBytes;
  }

  receive(chunk: Bytes): void {
    if (this.#isEnding || this.isClosed) return;
    this.client.lastRequestMs = this.#services.world.clock.monotonicMs();
    this.#arrivals.add(chunk.length, this.client.lastRequestMs);
    this.#parser.add(chunk);
    this.#advance();
    this.#parser.release();
    if (this.#parser.waitingBytes > queryBytesMax) this.#outlet.close(this, true);
  }

  answered(slot: Slot, reply: Reply): void {
    if (this.isClosed) return;
    if (slot.plan.kind === 'ask' && slot.plan.waitMs !== undefined && this.#outlet.keeps(slot, reply)) return;
    if (reply.kind === 'done' && slot.plan.kind === 'ask') {
      const next = slot.plan.next?.(reply.answer);
      if (next !== undefined) return this.#outlet.call(next, slot);
      slot.answer = reply.answer;
    } else {
      slot.failure = failureOf(reply);
      this.#services.figures.errors++;
    }
    slot.isReady = true;
    this.#asked--;
    this.#askedBytes -= slot.size;
    this.#outlet.flushAtTurnEnd(this);
  }

  /** More may be let in by now, or has waited for too long. */
  proceed(): void {
    if (!this.isClosed) this.#advance();
  }

  congested(waitingBytes: number): void {
    this.#isCongested = true;
    if (waitingBytes > outputBytesMax) this.#outlet.close(this, true);
  }

  drained(): void {
    this.#isCongested = false;
    this.#outlet.flushAtTurnEnd(this);
  }

  /** Says what is ready, in order; then goes on with what the client sent meanwhile. */
  flush(writer: ReplyWriter): void {
    if (this.isClosed) return;
    writer.reset(this.client.protocol);
    while (!this.#isCongested && !this.client.isClosing && this.#slots[0]?.isReady) {
      if (writer.length > writerBytesMax) {
        this.#outlet.flushLater(this);
        break;
      }
      this.#say(writer, this.#slots.shift()!);
    }
    if (writer.length > 0) this.#outlet.write(this, writer.take());
    this.#hold(writer);
    if (this.isClosed) return;
    const isDone = this.#isEnding && this.#slots.length === 0 && this.#waiting === undefined;
    if (isDone || this.client.isClosing) this.#outlet.close(this, !this.client.isClosing);
    else this.#advance();
  }

  #say(writer: ReplyWriter, slot: Slot): void {
    if (slot.isAlone) this.#isAlone = false;
    const before = writer.length;
    if (slot.reply === undefined) {
      this.#render(writer, slot);
    } else {
      this.#heldBytes -= slot.reply.length;
      writer.raw(slot.reply);
    }
    if (slot.plan.kind === 'ask') this.#adapt(writer.length - before);
  }

  /** So that the replies under way to one client take a bounded memory, whatever their size. */
  #adapt(replyBytes: number): void {
    const fitting = Math.max(1, Math.floor(repliesBytesMax / (replyBytes + 1)));
    this.#window = Math.min(requestsMax, fitting, this.#window + 1);
  }

  #render(writer: ReplyWriter, { plan, answer, failure }: Slot): void {
    if (failure !== undefined) writer.error(failure);
    else if (plan.kind === 'say') plan.say(writer);
    else if (plan.kind === 'fail') writer.error(plan.error);
    else if (answer !== undefined) plan.render(writer, answer);
  }

  /** Renders answers that must wait, because what they consist of does not outlive the turn. */
  #hold(writer: ReplyWriter): void {
    for (const slot of this.#slots) {
      if (slot.answer === undefined || slot.reply !== undefined || slot.isAlone) continue;
      writer.reset(this.client.protocol);
      this.#render(writer, slot);
      slot.reply = writer.take();
      slot.answer = undefined;
      this.#heldBytes += slot.reply.length;
    }
    if (this.#heldBytes > outputBytesMax) this.#outlet.close(this, true);
  }

  /** Begins as many requests as may be under way. */
  #advance(): void {
    let isBlocked = true;
    while (this.#mayTake()) {
      const taken = this.#waiting ?? this.#take();
      if (taken === undefined) {
        isBlocked = false;
        this.#deniedMs = undefined;
        break;
      }
      this.#waiting = undefined;
      if (this.#isLate(taken)) {
        this.#refuseLate(taken);
        continue;
      }
      if (this.#mustWait(taken) || !this.#isAdmitted(taken)) {
        this.#waiting = taken;
        break;
      }
      this.#begin(taken);
    }
    this.#balance(isBlocked);
  }

  #mayTake(): boolean {
    if (this.#waiting === undefined && this.#isEnding) return false;
    if (this.#isAlone || this.#isCongested || this.client.isClosing) return false;
    return this.#slots.length < requestsMax && this.#asked < this.#window && this.#askedBytes < requestBytesMax;
  }

  /** Reads pass no write and writes pass no read; what is alone passes nothing. */
  #mustWait({ plan, isAlone }: Taken): boolean {
    if (isAlone) return this.#slots.length > 0;
    if (plan.kind !== 'ask' || this.#asked === 0) return false;
    return this.#isWriting === isRead(plan.command);
  }

  #isAdmitted({ plan }: Taken): boolean {
    if (plan.kind !== 'ask' || this.#outlet.admits(this)) return true;
    this.#deniedMs ??= this.#services.world.clock.monotonicMs();
    return false;
  }

  /** Whether it has waited for longer than it may, to be let in and not for what this client sent before. */
  #isLate({ plan, sentMs }: Taken): boolean {
    if (this.#deniedMs === undefined || plan.kind !== 'ask') return false;
    const waitedMs = this.#services.world.clock.monotonicMs() - Math.max(sentMs, this.#deniedMs);
    return waitedMs > this.#outlet.waitMs;
  }

  /** The store never hears of it: it did not happen, and may be asked again. */
  #refuseLate(taken: Taken): void {
    const slot = new Slot(this, taken);
    slot.failure = busy;
    slot.isReady = true;
    this.#services.figures.busy++;
    this.#services.figures.errors++;
    this.#slots.push(slot);
    if (taken.isAlone) this.#isAlone = true;
    this.#outlet.flushAtTurnEnd(this);
  }

  #begin(taken: Taken): void {
    const slot = new Slot(this, taken);
    this.#slots.push(slot);
    if (taken.isAlone) this.#isAlone = true;
    if (taken.plan.kind !== 'ask') {
      if (taken.plan.kind === 'fail') this.#services.figures.errors++;
      this.#outlet.flushAtTurnEnd(this);
      return;
    }
    this.#asked++;
    this.#askedBytes += taken.size;
    this.#isWriting = !isRead(taken.plan.command);
    this.#outlet.call(taken.plan.command, slot);
  }

  #take(): Taken | undefined {
    const parsed = this.#parser.next();
    if (parsed === undefined) return undefined;
    if ('error' in parsed) {
      this.#isEnding = true;
      return { plan: fail(`ERR ${parsed.error}`), size: 0, isAlone: false, sentMs: 0 };
    }
    return this.#understand(parsed, this.#arrivals.take(this.#parser.waitingBytes));
  }

  #understand(request: Request, sentMs: number): Taken | undefined {
    const { client } = this;
    const name = request.word(0);
    this.#services.figures.commands++;
    const entry = commandTable.get(name);
    if (entry === undefined && (name === 'post' || name === 'host:')) return this.#refuseBrowser();
    const size = request.size;
    if (entry === undefined) return this.#refuse(noCommand(unknownCommand(request)), size);
    if (!fitsArity(entry, request)) return this.#refuse(noCommand(wrongArity(name).error), size);
    client.lastCommand = name;
    const plan = refuseSize(size, request) ?? entry.plan(request, client, this.#services);
    if (plan.kind === 'fail' && plan.isNoCommand) return this.#refuse(plan, size);
    const isQueued = client.transaction !== undefined && (entry.order === 'free' || entry.order === 'alone');
    if (isQueued) return { plan: queue(client.transaction!, plan, size), size, isAlone: false, sentMs };
    return { plan, size, isAlone: entry.order === 'alone' || entry.order === 'throughAlone', sentMs };
  }

  /** What is no command spoils the transaction that it was meant for. */
  #refuse(plan: Failure, size: number): Taken {
    if (this.client.transaction !== undefined) this.client.transaction.isSpoiled = true;
    return { plan, size, isAlone: false, sentMs: 0 };
  }

  /** A web page made a browser speak to us: what looks like commands in its lines must not be executed. */
  #refuseBrowser(): undefined {
    this.#isEnding = true;
    this.#services.world.log.note('warn', 'gateway', () => `${this.client.remote} speaks HTTP: it is cut off`);
    this.#outlet.flushAtTurnEnd(this);
    return undefined;
  }

  /** Takes no more from a client whose requests wait already. */
  #balance(isBlocked: boolean): void {
    const mustPause = isBlocked && this.#parser.waitingBytes > pauseBytes;
    if (mustPause === this.#isPaused) return;
    this.#isPaused = mustPause;
    if (mustPause) this.#outlet.pause(this);
    else this.#outlet.resume(this);
  }
}

const busy = 'BUSY there is more to do than can be done in time: this was not done, try again later';
const tooLarge = fail(`ERR the command is larger than ${commandBytesMax} bytes`);

/** What no cell would take does not travel there first. */
function refuseSize(size: number, request: Request): Failure | undefined {
  if (size <= valueBytesMax) return undefined;
  if (request.longest > valueBytesMax) return tooLongValue;
  return size > commandBytesMax ? tooLarge : undefined;
}

/** As Redis has them, where it has one: clients that know TRYAGAIN do. */
function refusalCode(because: 'locked' | 'reserved' | undefined): string {
  if (because === undefined) return 'CLUSTERDOWN';
  return because === 'locked' ? 'TRYAGAIN' : 'RESERVED';
}

function failureOf(reply: Reply): string {
  switch (reply.kind) {
    case 'unknown': {
      const id = `${reply.operation.session}-${reply.operation.sequence}`;
      return `UNKNOWN outcome of ${id}; ask: SELFMAN OUTCOME ${id}`;
    }
    case 'refused':
      return `${refusalCode(reply.because)} ${reply.reason}`;
    case 'done':
      return 'ERR the command was answered twice';
    default:
      return unreachable(reply);
  }
}
