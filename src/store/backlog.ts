import { type Key, must, NumberedMap } from '../base/index.ts';
import { type Answer, type Command, footprintOf, rangesOf } from '../command/index.ts';
import type { Ref } from '../component/index.ts';
import { keyBytesMax, valueBytesMax } from '../state/index.ts';
import type { Call, Reply } from './access.ts';
import type { EventualFigures } from './eventualFigures.ts';
import { eventualPatienceMs, owedBytesMax, owedMax } from './limits.ts';
import type { Pending } from './pending.ts';
import { Strand } from './strand.ts';

/** What a backlog needs of the router. */
export interface BacklogHost {
  /** Of what the backlog sends. */
  readonly replies: Ref<Reply>;
  /** Whether it is known that the cell of the command takes no writes. */
  isFull(command: Command): boolean;
  /** A call that waited goes on. */
  dispatch(pending: Pending): void;
  atTurnEnd(run: () => void): void;
  /** A line for people, who should know of what is lost. */
  note(text: () => string): void;
}

interface Owed {
  readonly places: readonly (Key | number)[];
  readonly bytes: number;
}

/** Where all eventual writes of programs are: those who ask about several keys wait there. */
const programs = 0;

/**
 * Eventual writes: answered when this peer has taken them, and owed to their cells from then on. Each goes its way like every
 * write, once, under one name, with a patience of its own (TX-23). Nothing that the same client asks through this peer passes
 * them (TX-24): of a connection the order does that for writes, and reads wait here; of programs, whatever names their key.
 */
export class Backlog {
  readonly #host: BacklogHost;
  readonly #figures: EventualFigures;
  readonly #owed = new NumberedMap<Owed>();
  /** By the connection that asked, or the key that a program wrote. */
  readonly #strands = new Map<Key | number, Strand>();
  #owedBytes = 0;
  #lastTicket = 0;
  /** In this turn. */
  #losses = 0;
  /** Those of connections are above 0. */
  #lastOrder = 0;

  constructor(figures: EventualFigures, host: BacklogHost) {
    this.#figures = figures;
    this.#host = host;
  }

  /** The call as it is to go on: one that may be answered now is, and goes on as the backlog's own. */
  take(call: Call, bytes: number): Call {
    const { command, order } = call;
    const key = call.isEventual ? eventualKey(command) : undefined;
    // At the limit it is answered when it is done, like any other: so whoever asks too much is slowed down.
    const isFull = this.#owed.size >= owedMax || this.#owedBytes + bytes > owedBytesMax;
    if (key === undefined || isFull || this.#host.isFull(command)) return call;
    const ticket = ++this.#lastTicket;
    const places = order === 0 ? [key, programs] : [order];
    for (const place of places) this.#strandAt(place).add(ticket);
    this.#owed.set(ticket, { places, bytes });
    this.#owedBytes += bytes;
    this.#figures.taken++;
    this.#figures.owed = this.#owed.size;
    call.reply.tell({ kind: 'done', tag: call.tag, answer: answerTo(command) });
    const own = this.#strandAt(places[0]!).order;
    return { command, patienceMs: eventualPatienceMs, reply: this.#host.replies, tag: ticket, order: own };
  }

  /** Whether the call must wait for writes that are owed: then it is dispatched behind them. */
  keeps(pending: Pending): boolean {
    if (this.#owed.size === 0 || pending.call.reply === this.#host.replies) return false;
    const place = placeOf(pending);
    const strand = place === undefined ? undefined : this.#strands.get(place);
    if (!strand?.isOpen) return false;
    strand.wait(pending, this.#lastTicket);
    return true;
  }

  /** What became of one that was owed. */
  over(reply: Reply): void {
    const { places, bytes } = must(this.#owed.get(reply.tag), 'TX-23: an eventual write was done twice');
    this.#owed.delete(reply.tag);
    this.#owedBytes -= bytes;
    this.#figures.owed = this.#owed.size;
    const reason = lossIn(reply);
    if (reason !== undefined) this.#lose(reason);
    for (const place of places) this.#end(place, reply.tag);
  }

  /** Takes out the calls that waited for too long. */
  expire(nowMs: number): readonly Pending[] {
    return [...this.#strands.values()].flatMap((strand) => strand.expire(nowMs));
  }

  /** Told once a turn: a cell that takes no writes loses all that is owed to it. */
  #lose(reason: string): void {
    this.#figures.lost++;
    if (this.#losses++ > 0) return;
    this.#host.atTurnEnd(() => {
      const count = this.#losses;
      this.#losses = 0;
      this.#host.note(() => `eventual writes that had been answered are lost, ${count} of them: ${reason}`);
    });
  }

  #end(place: Key | number, ticket: number): void {
    const strand = must(this.#strands.get(place), 'TX-24: what waits for an eventual write was forgotten');
    const free = strand.end(ticket);
    if (strand.isOver) this.#strands.delete(place);
    for (const pending of free) this.#host.dispatch(pending);
  }

  #strandAt(place: Key | number): Strand {
    const known = this.#strands.get(place);
    if (known !== undefined) return known;
    const strand = new Strand(typeof place === 'number' ? place : --this.#lastOrder);
    this.#strands.set(place, strand);
    return strand;
  }
}

/** The key of a write that may be answered before it is done: what its answer says does not depend on what is there. */
function eventualKey(command: Command): Key | undefined {
  const key = command.kind === 'put' ? command.key : command.kind === 'delete' ? command.keys[0] : undefined;
  if (key === undefined || key.length > keyBytesMax) return undefined;
  if (command.kind === 'delete') return command.keys.length === 1 ? key : undefined;
  if (command.kind !== 'put' || command.value.length > valueBytesMax) return undefined;
  return command.when.kind === 'always' && !command.returnPrevious ? key : undefined;
}

/** As if all went well, and what is deleted had been there: nobody has looked. */
function answerTo({ kind }: Command): Answer {
  return kind === 'delete' ? { kind: 'integer', value: 1 } : { kind: 'ok', version: 0 };
}

/** Behind which writes a call must wait. */
function placeOf({ call: { command, order, staleMs }, isRead }: Pending): Key | number | undefined {
  if (isRead && staleMs !== undefined) return undefined;
  if (order !== 0) return isRead ? order : undefined;
  const { reads, writes, ranges, clears } = footprintOf(command);
  const isOfOne = reads.length + writes.length === 1 && ranges.length === 0 && !clears;
  if (isOfOne) return reads[0] ?? writes[0];
  return rangesOf({ reads, writes, ranges, clears }).length === 0 ? undefined : programs;
}

/** Why a write is counted as lost; undefined where it was done. */
function lossIn(reply: Reply): string | undefined {
  if (reply.kind === 'refused') return reply.reason;
  if (reply.kind === 'unknown') return 'no leader of its cell answered in time';
  return reply.answer.kind === 'error' ? reply.answer.text : undefined;
}
