import { Random, textOfBytes } from '../base/index.ts';
import type { Command } from '../command/index.ts';
import type { EventualFigures, Reply } from '../store/index.ts';
import { commandFor } from './acts.ts';
import type { AskWay } from './caller.ts';
import type { Subject } from './workload.ts';

/** What those who write need of the system. */
export interface EventualSubject extends Subject {
  /** A name of a peer that serves, drawn by a number from 0 up to 1; undefined where none does. */
  serving(draw: number): string | undefined;
  /** What the life of a peer counts that runs now. */
  eventualOf(peer: string): EventualFigures | undefined;
}

/** A key that one client writes through one life of one peer: 1, 2, 3 and so on. */
interface Diary {
  readonly key: string;
  readonly peer: string;
  readonly life: EventualFigures;
  written: number;
  /** Up to there it was answered. */
  answered: number;
  /** What a read that begins now must see at least, whoever asks. */
  seen: number;
  /** What became of its last write is not known. */
  isUnsure: boolean;
}

const writers = 4;
const pauseMs = 60;
const patienceMs = 2_000;
/** Each so manieth write deletes; each so manieth is answered when it is done. */
const deletesEvery = 5;
const exactEvery = 7;
/** How likely a client reads and does not write; and reads through its own peer. */
const reads = 0.3;
const ownReads = 0.6;
const diaryWritesMax = 60;

/**
 * Clients that write growing numbers, answered before they are done, each through one life of one peer, and read them. What is read of a key
 * never falls, through the peer that answered it is all that was answered (TX-24), and in the end that is so for everybody (TX-23), as
 * long as the peer lives that answered.
 */
export class EventualWriters {
  readonly #subject: EventualSubject;
  readonly #random: Random;
  readonly #diaries: Diary[] = [];
  #isRunning = false;
  readonly violations: string[] = [];

  constructor(subject: EventualSubject, seed: number) {
    this.#subject = subject;
    this.#random = new Random(Math.imul(seed, 0x1b873593) >>> 0);
  }

  start(): void {
    this.#isRunning = true;
    for (let i = 0; i < writers; i++) this.#pause(() => this.#go(undefined));
  }

  stop(): void {
    this.#isRunning = false;
  }

  /** What lives still owe to their cells. */
  get owed(): number {
    return this.#living().reduce((sum, { owed }) => sum + owed, 0);
  }

  /** What they gave up, although no fault lasts as long as they try. */
  get lost(): number {
    return this.#living().reduce((sum, { lost }) => sum + lost, 0);
  }

  #living(): readonly EventualFigures[] {
    const living = this.#diaries.filter(({ peer, life }) => this.#subject.eventualOf(peer) === life);
    return [...new Set(living.map(({ life }) => life))];
  }

  /** Reads every key, when nothing is owed any more; `then` is told whether all could be read. */
  readAll(then: (isDone: boolean) => void): void {
    let open = this.#diaries.length;
    let isDone = this.owed === 0;
    if (open === 0 || !isDone) return then(isDone);
    for (const diary of this.#diaries) {
      this.#read(diary, undefined, 'answered', (isRead) => {
        isDone &&= isRead;
        if (--open === 0) then(isDone);
      });
    }
  }

  #pause(then: () => void): void {
    this.#subject.after(-Math.log(1 - this.#random.fraction()) * pauseMs, () => {
      if (this.#isRunning) then();
    });
  }

  #go(open: Diary | undefined): void {
    const goesOn = open !== undefined && open.written < diaryWritesMax && this.#isSure(open);
    const diary = goesOn ? open : this.#begin();
    const again = (): void => this.#pause(() => this.#go(diary));
    if (diary === undefined) return again();
    if (this.#random.chance(1 - reads)) return this.#write(diary, again);
    const isOwn = this.#random.chance(ownReads);
    this.#read(diary, isOwn ? diary.peer : undefined, isOwn ? 'answered' : 'seen', again);
  }

  #begin(): Diary | undefined {
    const peer = this.#subject.serving(this.#random.fraction());
    const life = peer === undefined ? undefined : this.#subject.eventualOf(peer);
    if (peer === undefined || life === undefined) return undefined;
    const key = `e${String(this.#diaries.length).padStart(4, '0')}`;
    const diary = { key, peer, life, written: 0, answered: 0, seen: 0, isUnsure: false };
    this.#diaries.push(diary);
    return diary;
  }

  #write(diary: Diary, then: () => void): void {
    const number = ++diary.written;
    const act = number % deletesEvery === 0 ? 'delete' : 'put';
    const command = commandFor(diary.key, act === 'put' ? { kind: act, value: String(number) } : { kind: act });
    const how = { isEventual: number % exactEvery !== 0 };
    this.#ask(diary.peer, command, how, (reply) => {
      const isDone = reply !== 'lost' && reply.kind === 'done' && reply.answer.kind !== 'error';
      if (isDone) diary.answered = number;
      else diary.isUnsure = true;
      then();
    });
  }

  /** Through a peer, or any; of somebody who must see all that was answered, or only what was seen before. */
  #read(diary: Diary, via: string | undefined, must: 'answered' | 'seen', then: (isRead: boolean) => void): void {
    const { key, answered, seen } = diary;
    this.#ask(via, { kind: 'get', key }, {}, (reply) => {
      // What was given up may be done late, or never.
      if (!this.#isSure(diary)) return then(reply !== 'lost' && reply.kind === 'done');
      const least = must === 'answered' ? Math.max(seen, answered) : seen;
      const value = numberIn(reply, least);
      if (value !== undefined) this.#judge(diary, value, seen, least);
      then(value !== undefined);
    });
  }

  #judge(diary: Diary, value: number, seen: number, least: number): void {
    const about = `${diary.key}, written through ${diary.peer}, was read as ${value}`;
    if (value < seen) this.violations.push(`TX-23: ${about} after somebody had read ${seen}`);
    else if (value < least) this.violations.push(`TX-24: ${about} when ${least} had been answered`);
    if (value > diary.written) this.violations.push(`TX-23: ${about}, and written only up to ${diary.written}`);
    diary.seen = Math.max(diary.seen, value);
  }

  /** Whether all that was answered was done, or will be. */
  #isSure({ peer, life, isUnsure }: Diary): boolean {
    return !isUnsure && life.lost === 0 && this.#subject.eventualOf(peer) === life;
  }

  #ask(via: string | undefined, command: Command, how: AskWay, done: (reply: Reply | 'lost') => void): void {
    if (this.#subject.ask(command, patienceMs, done, via, how) === undefined) done('lost');
  }
}

/** The number that was read; of a key that is not there the lowest that deletes it, from `least` on. */
function numberIn(reply: Reply | 'lost', least: number): number | undefined {
  if (reply === 'lost' || reply.kind !== 'done') return undefined;
  if (reply.answer.kind === 'value') return Number(textOfBytes(reply.answer.value));
  return Math.ceil(least / deletesEvery) * deletesEvery;
}
