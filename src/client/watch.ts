import {
  type Bytes,
  contains,
  emptyBytes,
  failure,
  type Range,
  type Result,
  success,
  textOfBytes,
} from '../base/index.ts';
import type { HistoryPlace } from '../command/index.ts';
import { type ChangesAnswer, changesCommand, type Passed, type Piece, Pursuit, rangeBehind } from '../store/index.ts';
import { ask } from './ask.ts';
import type { Bridge } from './bridge.ts';
import type { KeyCodec } from './keyCodec.ts';
import { watchPatienceMs, watchRetryMs } from './limits.ts';
import { invalid, type StoreError } from './storeError.ts';
import type { ValueCodec } from './valueCodec.ts';

/** What those who watch are told. `resume` goes on behind it, also in another program, as long as cells remember. */
export type Change<K, V> = { readonly resume: string } & (
  | { readonly kind: 'put'; readonly key: K; readonly value: V; readonly version: number }
  /** A set, or another collection: it has other elements now. */
  | { readonly kind: 'edited'; readonly key: K; readonly version: number }
  /** Somebody deleted it, or its time was over. */
  | { readonly kind: 'deleted' | 'expired'; readonly key: K; readonly version: number }
  /**
   * Somebody who calls itself so has reserved it for writing: what it holds stays as it is until that one changes it or lets it go. Told
   * to those who asked for it.
   */
  | { readonly kind: 'locked'; readonly key: K; readonly by: string }
  /** It was let go, or the lease was over. */
  | { readonly kind: 'released'; readonly key: K }
  /** All keys that it covers are gone. */
  | ({ readonly kind: 'cleared' } & Cover<K>)
  /** What changed in the keys that it covers is not known any more: read them again. What follows is complete. */
  | ({ readonly kind: 'missed' } & Cover<K>)
);

/** Which keys a change is about that is not about one: a question, and the same as a range of keys of the store. */
export interface Cover<K> {
  readonly covers: (key: K) => boolean;
  readonly bounds: Range;
}

interface Told {
  readonly piece: Piece;
  readonly answer: Result<ChangesAnswer, StoreError>;
}

/** What a watch is made of: the way to the store, and its codecs. */
export interface WatchParts<K, V> {
  readonly bridge: Bridge;
  readonly keys: KeyCodec<K>;
  readonly values: ValueCodec<V>;
  /** Whether reservations for writing are told as well. */
  readonly locks: boolean;
}

/**
 * The changes of a range, each once, those of one key in their order. They are fetched as they are read: whoever reads too slowly is
 * told that some were missed. It goes on over changes of leaders, and splits and merges of cells.
 */
export class Watch<K, V> implements AsyncIterable<Result<Change<K, V>, StoreError>> {
  readonly #parts: WatchParts<K, V>;
  readonly #pursuit: Pursuit;
  readonly #asking = new Map<Piece, Promise<Told>>();
  readonly #closed: Promise<undefined>;
  #close: () => void = () => undefined;
  #isClosed = false;

  private constructor(parts: WatchParts<K, V>, pursuit: Pursuit) {
    this.#parts = parts;
    this.#pursuit = pursuit;
    this.#closed = new Promise((resolve) => {
      this.#close = () => resolve(undefined);
    });
  }

  /** Watches from now on: what changes after this has returned will be told. */
  static async begin<K, V>(parts: WatchParts<K, V>, range: Range): Promise<Result<Watch<K, V>, StoreError>> {
    const known: Piece[] = [];
    for (let rest: Range | undefined = range; rest !== undefined; ) {
      const answer: Result<ChangesAnswer, StoreError> = await askChanges(parts, rest, undefined);
      if (!answer.ok) return answer;
      const { from, to, next } = answer.value;
      known.push({ from, to, since: next });
      rest = rangeBehind(rest, to);
    }
    return success(new Watch(parts, new Pursuit(known)));
  }

  /** Goes on where another watch was. */
  static resume<K, V>(parts: WatchParts<K, V>, token: string): Result<Watch<K, V>, StoreError> {
    const pursuit = Pursuit.resume(bytesOfHex(token));
    if (pursuit !== undefined) return success(new Watch(parts, pursuit));
    return failure(invalid('malformed', 'this is no place from which a watch can go on: give what `resume` said'));
  }

  /** From where another watch would go on. */
  get token(): string {
    return hexOfBytes(this.#pursuit.token);
  }

  /** Ends the iteration, also where it waits. */
  close(): void {
    this.#isClosed = true;
    this.#close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Result<Change<K, V>, StoreError>, void> {
    while (!this.#isClosed) {
      for (const one of this.#pursuit.pieces) if (!this.#asking.has(one)) this.#asking.set(one, this.#ask(one));
      const told = await Promise.race([this.#closed, ...this.#asking.values()]);
      if (told === undefined) return;
      this.#asking.delete(told.piece);
      if (told.answer.ok) yield* this.#take(told.piece, told.answer.value);
      else if (told.answer.error.kind === 'unavailable') await this.#parts.bridge.sleep(watchRetryMs);
      else return yield told.answer;
    }
  }

  async #ask(one: Piece): Promise<Told> {
    return { piece: one, answer: await askChanges(this.#parts, one, one.since) };
  }

  *#take(asked: Piece, answer: ChangesAnswer): Generator<Result<Change<K, V>, StoreError>> {
    for (const passed of this.#pursuit.take(asked, answer)) {
      yield success(this.#changeOf(passed));
      if (this.#isClosed) return;
    }
  }

  #changeOf({ change, range }: Passed): Change<K, V> {
    const resume = this.token;
    if (change === undefined) return { kind: 'missed', ...this.#coverOf(range), resume };
    const { kind, version, value } = change;
    if (kind === 'clear') return { kind: 'cleared', ...this.#coverOf(range), resume };
    const { keys, values } = this.#parts;
    const key = keys.decode(change.key);
    if (kind === 'put' && value !== undefined) return { kind, key, value: values.decode(value), version, resume };
    if (kind === 'lock') return { kind: 'locked', key, by: textOfBytes(value ?? emptyBytes), resume };
    if (kind === 'release') return { kind: 'released', key, resume };
    if (kind === 'edit') return { kind: 'edited', key, version, resume };
    return { kind: kind === 'expire' ? 'expired' : 'deleted', key, version, resume };
  }

  #coverOf(bounds: Range): Cover<K> {
    const { keys } = this.#parts;
    return { covers: (one) => contains(bounds, keys.encode(one)), bounds };
  }
}

async function askChanges(
  { bridge, locks }: Pick<WatchParts<unknown, unknown>, 'bridge' | 'locks'>,
  range: Range,
  since: HistoryPlace | undefined,
): Promise<Result<ChangesAnswer, StoreError>> {
  const answer = await ask(bridge, changesCommand(range, since, locks), watchPatienceMs);
  if (!answer.ok) return answer;
  if (answer.value.kind === 'changes') return success(answer.value);
  return failure(invalid('malformed', 'the answer is not one of changes'));
}

function hexOfBytes(bytes: Bytes): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** No bytes where the text is no such number. */
function bytesOfHex(text: string): Bytes {
  if (!/^([0-9a-f]{2})+$/.test(text)) return new Uint8Array(0);
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}
