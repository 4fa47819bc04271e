import {
  assert,
  type Bytes,
  bytes,
  copyBytes,
  encode,
  f64,
  type Key,
  list,
  NumberedMap,
  parse,
  record,
  unshared,
  varint,
} from '../base/index.ts';
import type { CellRow } from './cellState.ts';
import { sessionIdleMsMin, sessionResultBytesMax, sessionResultsMax, sessionsMax } from './limits.ts';

/** What is remembered of one session. */
export interface Session {
  readonly id: string;
  /** Below this sequence nothing is remembered and nothing is executed. */
  floor: number;
  /** Log time of its last operation. */
  lastUsedMs: number;
  /** Encoded results of executed and barred operations, by sequence. */
  readonly results: NumberedMap<Bytes>;
  resultBytes: number;
}

const sessionName = /^[!-~]{1,64}$/;

const sessionRow = record({
  floor: varint,
  lastUsedMs: f64,
  results: list(record({ sequence: varint, result: bytes })),
});

/**
 * The sessions of a cell: for each the set of executed operations with their results, not only the last, so that no
 * operation is executed twice however its copies are delayed. It changes by the log alone, also where it forgets.
 */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  /** Sessions that changed, or went, since the last checkpoint. */
  readonly #changed = new Set<string>();

  get(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** A new session, or undefined where there are too many that were in use lately, or the name is none. */
  open(id: string, timeMs: number): Session | undefined {
    if (!sessionName.test(id)) return undefined;
    if (this.#sessions.size >= sessionsMax && !this.#evictOldest(timeMs)) return undefined;
    const session: Session = { id, floor: 0, lastUsedMs: timeMs, results: new NumberedMap(), resultBytes: 0 };
    this.#sessions.set(id, session);
    this.#changed.add(id);
    return session;
  }

  touch(session: Session, timeMs: number): void {
    session.lastUsedMs = timeMs;
    this.#changed.add(session.id);
  }

  /** Forgets results that the client knows: those below. */
  acknowledge(session: Session, below: number): void {
    if (below <= session.floor) return;
    if (below - session.floor <= session.results.size) {
      for (let sequence = session.floor; sequence < below; sequence++) this.#drop(session, sequence);
    } else {
      for (const sequence of session.results.keys()) if (sequence < below) this.#drop(session, sequence);
    }
    session.floor = below;
  }

  /** Keeps the result of an operation, and forgets the oldest ones where they take too much. */
  keep(session: Session, sequence: number, result: Bytes): void {
    assert(!session.results.has(sequence), 'TX-1: an operation is executed twice');
    assert(sequence >= session.floor, 'TX-1: an operation is executed below the mark of its session');
    // Results stay longer than what was made beside them, so those that share a slab get bytes of their own.
    session.results.set(sequence, unshared(result));
    session.resultBytes += result.length;
    if (session.results.size > sessionResultsMax || session.resultBytes > sessionResultBytesMax) this.#shorten(session);
  }

  /** The rows of all of them, for another cell that remembers them from now on. */
  *rows(prefix: Key): Iterable<CellRow> {
    for (const [id, session] of this.#sessions) yield { key: prefix + id, value: encodeSession(session) };
  }

  /** The rows of what changed since the last call; undefined for sessions that went. */
  freeze(prefix: Key, rows: CellRow[]): void {
    for (const id of this.#changed) {
      const session = this.#sessions.get(id);
      rows.push({ key: prefix + id, value: session === undefined ? undefined : encodeSession(session) });
    }
    this.#changed.clear();
  }

  clear(): void {
    this.#sessions.clear();
    this.#changed.clear();
  }

  /** Takes a session from its row; false where the bytes are no session. */
  restore(id: string, row: Bytes): boolean {
    const parsed = parse(sessionRow, row);
    if (!parsed.ok) return false;
    const { floor, lastUsedMs } = parsed.value;
    const session: Session = { id, floor, lastUsedMs, results: new NumberedMap(), resultBytes: 0 };
    for (const { sequence, result } of parsed.value.results) {
      session.results.set(sequence, copyBytes(result));
      session.resultBytes += result.length;
    }
    this.#sessions.set(id, session);
    return true;
  }

  #drop(session: Session, sequence: number): void {
    const result = session.results.get(sequence);
    if (result === undefined) return;
    session.results.delete(sequence);
    session.resultBytes -= result.length;
  }

  /** Drops the older half, so that this is rare; the newest result stays whatever its size. */
  #shorten(session: Session): void {
    const sequences = [...session.results.keys()].sort((a, b) => a - b);
    const newest = sequences.length - 1;
    let at = 0;
    while (at < newest && (at < newest / 2 || session.resultBytes > sessionResultBytesMax / 2)) {
      this.#drop(session, sequences[at]!);
      at++;
    }
    session.floor = Math.max(session.floor, sequences[at]!);
  }

  /** The one that was used least lately goes, if that is long enough ago that no copy of its opening is under way. */
  #evictOldest(timeMs: number): boolean {
    let oldest: Session | undefined;
    for (const session of this.#sessions.values()) {
      if (oldest === undefined || isOlder(session, oldest)) oldest = session;
    }
    if (oldest === undefined || timeMs - oldest.lastUsedMs < sessionIdleMsMin) return false;
    this.#sessions.delete(oldest.id);
    this.#changed.add(oldest.id);
    return true;
  }
}

function isOlder(a: Session, b: Session): boolean {
  return a.lastUsedMs !== b.lastUsedMs ? a.lastUsedMs < b.lastUsedMs : a.id < b.id;
}

function encodeSession(session: Session): Bytes {
  const results = [...session.results].map(([sequence, result]) => ({ sequence, result }));
  return encode(sessionRow, { floor: session.floor, lastUsedMs: session.lastUsedMs, results });
}
