import { type Bytes, contains, everything, parse, prefixRange, Random, type Range } from '../base/index.ts';
import { type ChangeRow, type HistoryPlace, operationResult } from '../command/index.ts';
import {
  type ChangesAnswer,
  changesCommand,
  type Passed,
  type Piece,
  Pursuit,
  type Reply,
  rangeBehind,
} from '../store/index.ts';
import type { Subject } from './workload.ts';

const patienceMs = 4_000;
const retryMs = 300;
const lookMs = 200;
/** What they watch: everything and who has reserved it, the keys of clients, one key. */
const watched: readonly Wanted[] = [
  { ...everything, locks: true },
  { ...prefixRange('k0'), locks: false },
  { ...prefixRange('bank/1'), locks: false },
];

/** Which changes somebody asks for. */
interface Wanted extends Range {
  readonly locks: boolean;
}

/** All that changed in all cells, as the states themselves remember it when they have applied an entry. */
export class ChangeRecord {
  readonly #seen = new Set<string>();
  readonly #byKey = new Map<string, ChangeRow[]>();

  /** A replica applied an entry; `changes` is what it says has changed since that place. The first that did so is believed. */
  note(cell: string, index: number, changes: () => Bytes): void {
    const place = `${cell}/${index}`;
    if (this.#seen.has(place)) return;
    this.#seen.add(place);
    const parsed = parse(operationResult, changes());
    if (!parsed.ok || parsed.value.kind !== 'done' || parsed.value.answer.kind !== 'changes') return;
    for (const change of parsed.value.answer.changes) {
      const known = this.#byKey.get(change.key);
      if (known === undefined) this.#byKey.set(change.key, [change]);
      else known.push(change);
    }
  }

  /** The changes of each key in their order. */
  get all(): ReadonlyMap<string, readonly ChangeRow[]> {
    for (const changes of this.#byKey.values()) changes.sort(byPlace);
    return this.#byKey;
  }
}

function byPlace(a: HistoryPlace, b: HistoryPlace): number {
  return a.index - b.index || a.offset - b.offset;
}

/** Whether somebody watches in the run of a seed. */
export function isWatched(seed: number, probability: number): boolean {
  return probability > 0 && new Random(Math.imul(seed, 0x5bd1e995) >>> 0).chance(probability);
}

/** What one spectator was told, in its order, and from where on. */
interface Account {
  readonly name: string;
  readonly locks: boolean;
  readonly begun: readonly Piece[];
  readonly told: { readonly passed: Passed; readonly next: HistoryPlace }[];
}

/**
 * Programs that watch ranges while everything fails. What each is told of a key must be what changed in it, each change once and in
 * order, unless it was told that it missed some (WATCH-1), and in the end all of it.
 */
export class Spectators {
  readonly #subject: Subject;
  readonly #random: Random;
  readonly #record: ChangeRecord;
  readonly #accounts: Account[] = [];
  #lookedMs = Number.NEGATIVE_INFINITY;
  #untold = 0;

  constructor(subject: Subject, seed: number, record: ChangeRecord) {
    this.#subject = subject;
    this.#random = new Random(Math.imul(seed, 0x165667b1) >>> 0);
    this.#record = record;
  }

  start(): void {
    for (const [i, wanted] of watched.entries()) {
      this.#subject.after(this.#random.below(5_000), () => this.#begin(`watch-${i}`, wanted, []));
    }
  }

  /** Changes that somebody was not told of yet, looked for now and then. */
  get untold(): number {
    if (this.#subject.nowMs >= this.#lookedMs + lookMs) {
      this.#lookedMs = this.#subject.nowMs;
      this.#untold = this.#judge((left) => (typeof left === 'number' ? left : 0)).reduce((sum, one) => sum + one, 0);
    }
    return this.#untold;
  }

  /** Where what they were told is not what happened: sentences. */
  get violations(): readonly string[] {
    return this.#judge((left) => left).filter((left) => typeof left === 'string');
  }

  #judge<T>(of: (left: number | string) => T): T[] {
    const found: T[] = [];
    const changes = this.#record.all;
    for (const account of this.#accounts) {
      for (const [key, all] of changes) {
        const begun = account.begun.find((piece) => contains(piece, key));
        if (begun === undefined) continue;
        const wanted = account.locks ? all : all.filter(({ kind }) => kind !== 'lock' && kind !== 'release');
        found.push(of(follow(account, key, wanted, begun.since)));
      }
    }
    return found;
  }

  #begin(name: string, rest: Wanted, known: Piece[]): void {
    const { locks } = rest;
    this.#ask(rest, undefined, (answer) => {
      if (answer === undefined) return this.#later(() => this.#begin(name, rest, known));
      const { from, to, next } = answer;
      known.push({ from, to, since: next });
      const behind = rangeBehind(rest, to);
      if (behind !== undefined) return this.#begin(name, { ...behind, locks }, known);
      const account: Account = { name, locks, begun: [...known], told: [] };
      this.#accounts.push(account);
      this.#pursue(account, new Pursuit(known), new Set());
    });
  }

  /** Asks after every piece that is not being asked after. Now and then what is known goes through a token, as to another program. */
  #pursue(account: Account, before: Pursuit, open: Set<Piece>): void {
    const resumed = open.size === 0 && this.#random.chance(0.1) ? Pursuit.resume(before.token) : undefined;
    const pursuit = resumed ?? before;
    for (const piece of pursuit.pieces) {
      if (open.has(piece)) continue;
      open.add(piece);
      this.#ask({ ...piece, locks: account.locks }, piece.since, (answer) => {
        if (answer === undefined) {
          return this.#later(() => {
            open.delete(piece);
            this.#pursue(account, pursuit, open);
          });
        }
        open.delete(piece);
        for (const passed of pursuit.take(piece, answer)) account.told.push({ passed, next: answer.next });
        this.#pursue(account, pursuit, open);
      });
    }
  }

  #ask(wanted: Wanted, since: HistoryPlace | undefined, done: (answer: ChangesAnswer | undefined) => void): void {
    const told = (reply: Reply | 'lost'): void => {
      const answer = reply !== 'lost' && reply.kind === 'done' ? reply.answer : undefined;
      done(answer?.kind === 'changes' ? answer : undefined);
    };
    const command = { ...changesCommand(wanted, since, wanted.locks), rowsMax: this.#random.between(1, 8) };
    if (this.#subject.ask(command, patienceMs, told) === undefined) this.#later(() => this.#ask(wanted, since, done));
  }

  #later(run: () => void): void {
    this.#subject.after(retryMs, run);
  }
}

/** Goes through what was told of a key beside what changed in it: how many changes were not told yet, or what is wrong. */
function follow({ name, told }: Account, key: string, all: readonly ChangeRow[], begun: HistoryPlace): number | string {
  const placeOf = (place: HistoryPlace): number => {
    const found = all.findIndex((change) => byPlace(change, place) >= 0);
    return found < 0 ? all.length : found;
  };
  let at = placeOf(begun);
  for (const { passed, next } of told) {
    const { change, range } = passed;
    if (change === undefined) {
      if (contains(range, key)) at = Math.max(at, placeOf(next));
    } else if (change.key === key) {
      const expected = all[at++];
      if (expected === undefined || !isSame(expected, change)) {
        const text = expected === undefined ? 'nothing' : textOf(expected);
        return `WATCH-1: ${name} was told of ${textOf(change)} in ${key}, where ${text} came next`;
      }
    }
  }
  return all.length - at;
}

function isSame(a: ChangeRow, b: ChangeRow): boolean {
  return byPlace(a, b) === 0 && a.kind === b.kind && a.version === b.version;
}

function textOf({ kind, index, offset, version }: ChangeRow): string {
  return `${kind} ${version} at ${index}/${offset}`;
}
