import { bytesOfKey, failure, type Key, type Range, type Result, success } from '../base/index.ts';
import type { Answer, Command, Expiry, Integer, OperationId } from '../command/index.ts';
import { ask } from './ask.ts';
import { runTransaction, type TransactOptions } from './attempts.ts';
import type { Bridge } from './bridge.ts';
import type { KeyCodec } from './keyCodec.ts';
import { pageBytesMax, pageRowsMax, patienceMs } from './limits.ts';
import { additionOf, membershipOf, nameOf, pageOf, removalOf } from './members.ts';
import { behind, boundsOf, type RangeQuery } from './rangeQuery.ts';
import { type SnapshotQuery, snapshotOf } from './snapshot.ts';
import { invalid, type StoreError } from './storeError.ts';
import type { Transaction } from './transaction.ts';
import type { ValueCodec } from './valueCodec.ts';
import { Watch } from './watch.ts';

/** A value with its version: versions grow with every change, over all keys of a cell. */
export interface Entry<K, V> {
  readonly key: K;
  readonly value: V;
  readonly version: number;
}

/** Under which condition a value is written, and how long it lives. */
export interface PutOptions {
  /** Only where there is no value yet, or only where there is one. The result tells whether it was done. */
  readonly when?: 'absent' | 'present';
  /** How long the value lives, counted from when it is written. */
  readonly expiresAfterMs?: number;
  readonly eventual?: false;
}

/**
 * A write that is answered as soon as this peer has taken it, before anybody else knows of it. It is lost if this peer ends before it
 * has handed it on, or if the cell does not take it within a minute; `status` counts those. Nothing that is asked through this peer later
 * passes it. What is there before is not looked at, so it has no conditions.
 */
export interface EventualOptions {
  readonly eventual: true;
}

/** An eventual put: without a condition. */
export interface EventualPutOptions extends EventualOptions, Pick<PutOptions, 'expiresAfterMs'> {
  readonly when?: never;
}

/** How a value is read. */
export interface ReadOptions {
  /**
   * What was written in the last so many milliseconds need not be seen: then the member answers that is nearest, if it can show that
   * it knows all that is older, and else the leader. Infinity: whatever the nearest has.
   */
  readonly staleMs?: number;
}

/** Which keys are watched: those of a range, from now on; or what a watch was about that is to go on. */
export interface WatchQuery<K> extends Pick<RangeQuery<K>, 'from' | 'to' | 'prefix'> {
  readonly resume?: string;
  /** Who reserves keys for writing is told as well, and that they are let go: `locked` and `released`. */
  readonly locks?: boolean;
}

/** A store in whatever codecs: what is made for its own sees it through those. */
export type StoreView = Pick<Store<unknown, unknown>, 'as'>;

/** A part of a range, in the order of the keys. */
export interface Page<K, V> {
  readonly entries: readonly Entry<K, V>[];
  /** True where there are more behind the last entry. */
  readonly more: boolean;
}

/**
 * The replicated, ordered, transactional store as one peer gives access to it. Reads and writes are linearizable; a
 * write that is answered is on the disks of a majority. Failures are values: nothing here throws but codecs.
 */
export class Store<K, V> {
  readonly #bridge: Bridge;
  readonly #keys: KeyCodec<K>;
  readonly #values: ValueCodec<V>;

  constructor(bridge: Bridge, keys: KeyCodec<K>, values: ValueCodec<V>) {
    this.#bridge = bridge;
    this.#keys = keys;
    this.#values = values;
  }

  /** The same store, seen through other codecs. */
  as<K2, V2>(keys: KeyCodec<K2>, values: ValueCodec<V2>): Store<K2, V2> {
    return new Store(this.#bridge, keys, values);
  }

  /** The value and its version; undefined where there is none. */
  async get(key: K, { staleMs }: ReadOptions = {}): Promise<Result<Entry<K, V> | undefined, StoreError>> {
    const answer = await ask(this.#bridge, { kind: 'get', key: this.#keys.encode(key) }, patienceMs, { staleMs });
    if (!answer.ok) return answer;
    if (answer.value.kind !== 'value') return success(undefined);
    const { value, version } = answer.value;
    return success({ key, value: this.#values.decode(value), version });
  }

  /** Writes a value. False where `when` did not hold, and nothing was written. Always true of an eventual one. */
  async put(key: K, value: V, options: PutOptions | EventualPutOptions = {}): Promise<Result<boolean, StoreError>> {
    const expiry: Expiry =
      options.expiresAfterMs === undefined ? { kind: 'never' } : { kind: 'after', afterMs: options.expiresAfterMs };
    const when = { kind: options.when ?? 'always' } as const;
    const written = { key: this.#keys.encode(key), value: this.#values.encode(value) };
    const command = { kind: 'put', ...written, when, expiry, returnPrevious: false } as const;
    const answer = await ask(this.#bridge, command, patienceMs, { isEventual: options.eventual });
    return answer.ok ? success(answer.value.kind === 'ok') : answer;
  }

  /** Deletes a key. False where there was nothing. Of an eventual deletion nobody knows: true. */
  async delete(key: K, options?: EventualOptions): Promise<Result<boolean, StoreError>> {
    const command = { kind: 'delete', keys: [this.#keys.encode(key)] } as const;
    const answer = await ask(this.#bridge, command, patienceMs, { isEventual: options?.eventual });
    return answer.ok ? success(answer.value.kind === 'integer' && answer.value.value !== 0) : answer;
  }

  /** Adds to the integer of a key, which is 0 where there is none, and gives the sum. Adding never conflicts. */
  async increment(key: K, by: Integer = 1): Promise<Result<Integer, StoreError>> {
    const answer = await ask(this.#bridge, { kind: 'increment', key: this.#keys.encode(key), by });
    if (!answer.ok) return answer;
    return success(answer.value.kind === 'integer' ? answer.value.value : 0);
  }

  /** Adds a member to the set of a key. False where it was there. Who adds and removes others is not in its way. */
  async add(key: K, member: V): Promise<Result<boolean, StoreError>> {
    return this.#counted(additionOf(this.#keys.encode(key), [nameOf(this.#values, member)]));
  }

  /** Removes a member from the set of a key. False where it was not there. A set without members does not exist. */
  async remove(key: K, member: V): Promise<Result<boolean, StoreError>> {
    return this.#counted(removalOf(this.#keys.encode(key), [nameOf(this.#values, member)]));
  }

  /** Whether the set of a key has a member. */
  async has(key: K, member: V): Promise<Result<boolean, StoreError>> {
    const answer = await ask(this.#bridge, membershipOf(this.#keys.encode(key), nameOf(this.#values, member)));
    return answer.ok ? success(answer.value.kind === 'flags' && answer.value.flags[0] === true) : answer;
  }

  /** The members of a set, page by page. What is a member all the while is told once; of what comes and goes nothing is promised. */
  async *members(key: K): AsyncGenerator<Result<V, StoreError>> {
    for (let from: number | undefined = 0; from !== undefined; ) {
      const answer: Result<Answer, StoreError> = await ask(
        this.#bridge,
        pageOf(this.#keys.encode(key), from, pageRowsMax),
      );
      if (!answer.ok) {
        yield answer;
        return;
      }
      if (answer.value.kind !== 'elements') return;
      for (const { name } of answer.value.elements) yield success(this.#values.decode(bytesOfKey(name)));
      from = answer.value.next;
    }
  }

  /** One page of a range, in order. For the next, ask for what is `after` the last key of this one. */
  async range(query: RangeQuery<K> & ReadOptions = {}): Promise<Result<Page<K, V>, StoreError>> {
    const command = rangeCommand(boundsOf(this.#keys, query), query);
    const answer = await ask(this.#bridge, command, patienceMs, { staleMs: query.staleMs });
    if (!answer.ok) return answer;
    if (answer.value.kind !== 'rows') return success({ entries: [], more: false });
    return success({ entries: answer.value.rows.map((row) => this.#entry(row)), more: answer.value.more });
  }

  /** All entries of a range, page by page as they are asked for. Each page is read at a moment of its own. */
  async *scan(query: Omit<RangeQuery<K>, 'limit'> & ReadOptions = {}): AsyncGenerator<Result<Entry<K, V>, StoreError>> {
    let bounds: Range | undefined = boundsOf(this.#keys, query);
    while (bounds !== undefined) {
      const answer: Result<Answer, StoreError> = await ask(this.#bridge, rangeCommand(bounds, query), patienceMs, {
        staleMs: query.staleMs,
      });
      if (!answer.ok) {
        yield answer;
        return;
      }
      if (answer.value.kind !== 'rows') return;
      for (const row of answer.value.rows) yield success(this.#entry(row));
      bounds = answer.value.more ? behind(bounds, answer.value.rows.at(-1)!.key, query.isDown ?? false) : undefined;
    }
  }

  /**
   * All entries of a range as they were at one moment between the first step and the first entry, over any cells: all that was
   * acknowledged before is in it, and of every transaction all or nothing. They are held in memory. What takes more than 10,000
   * entries or 8 MiB is tried again while others write in the range, and may end as a conflict: a backup has no such bound.
   */
  async *snapshot(query: SnapshotQuery<K> = {}): AsyncGenerator<Result<Entry<K, V>, StoreError>> {
    const entries = await snapshotOf({ bridge: this.#bridge, keys: this.#keys, values: this.#values }, query);
    if (!entries.ok) yield entries;
    else for (const entry of entries.value) yield success(entry);
  }

  /**
   * Runs `body`, whose writes happen all at once if nothing that it read has changed meanwhile, and runs it again if
   * something has: it must have no other effects. The result is what `body` returned.
   */
  transact<T>(
    body: (tx: Transaction<K, V>) => Promise<T>,
    options: TransactOptions<K> = {},
  ): Promise<Result<T, StoreError>> {
    return runTransaction({ bridge: this.#bridge, keys: this.#keys, values: this.#values }, body, options);
  }

  /**
   * Watches the keys of a query: all that changes in them from now on, or from where another watch was. The query goes
   * without `limit`, `after` and `isDown`.
   */
  async watch(query: WatchQuery<K> = {}): Promise<Result<Watch<K, V>, StoreError>> {
    const locks = query.locks ?? false;
    const parts = { bridge: this.#bridge, keys: this.#keys, values: this.#values, locks };
    return query.resume === undefined
      ? Watch.begin(parts, boundsOf(this.#keys, query))
      : Watch.resume(parts, query.resume);
  }

  /** What became of an operation whose outcome was unknown. 'never': it was not executed and will not be. */
  async outcome(operation: OperationId): Promise<Result<'executed' | 'never' | 'forgotten', StoreError>> {
    const { session, sequence } = operation;
    const answer = await ask(this.#bridge, { kind: 'resolve', session, sequence });
    if (!answer.ok) return answer;
    if (answer.value.kind !== 'outcome') return failure(invalid('malformed', 'the answer is not an outcome'));
    const { state } = answer.value;
    return success(state === 'unknownSession' ? 'forgotten' : state);
  }

  async #counted(command: Command): Promise<Result<boolean, StoreError>> {
    const answer = await ask(this.#bridge, command);
    return answer.ok ? success(answer.value.kind === 'integer' && answer.value.value !== 0) : answer;
  }

  #entry(row: { readonly key: Key; readonly value: Uint8Array; readonly version: number }): Entry<K, V> {
    return { key: this.#keys.decode(row.key), value: this.#values.decode(row.value), version: row.version };
  }
}

function rangeCommand({ from, to }: Range, query: { readonly limit?: number; readonly isDown?: boolean }): Command {
  const rowsMax = Math.min(query.limit ?? pageRowsMax, pageRowsMax);
  return { kind: 'range', from, to, rowsMax, bytesMax: pageBytesMax, isDown: query.isDown ?? false, withValues: true };
}
