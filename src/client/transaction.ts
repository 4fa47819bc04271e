import { bytesOfKey, type Key, keyAfter, type Range } from '../base/index.ts';
import type { Command, Integer, SimpleCommand } from '../command/index.ts';
import { ask } from './ask.ts';
import type { Bridge } from './bridge.ts';
import type { EagerLocks } from './eagerLocks.ts';
import { Interruption } from './interruption.ts';
import type { KeyCodec } from './keyCodec.ts';
import { pageBytesMax, pageRowsMax } from './limits.ts';
import { MemberChanges, membersOf, nameOf } from './members.ts';
import { boundsOf, type RangeQuery } from './rangeQuery.ts';
import type { Entry } from './store.ts';
import { invalid } from './storeError.ts';
import type { ValueCodec } from './valueCodec.ts';

/** A store, and how its keys and values are written. */
export interface Codecs<K, V> {
  readonly bridge: Bridge;
  readonly keys: KeyCodec<K>;
  readonly values: ValueCodec<V>;
}

interface RangeCheck extends Range {
  readonly count: number;
  readonly newestVersion: number;
}

/** How a value is read in a transaction. */
export interface TransactionReadOptions {
  /** It is to be written as well. With eager locks it is reserved for that at once, so that two who mean to write it do not share it first. */
  readonly forUpdate?: boolean;
}

/** One try of a transaction: reads are remembered with their versions, writes wait for the end. */
export class Transaction<K, V> {
  readonly #codecs: Codecs<K, V>;
  /** There where keys are reserved as they are touched. */
  readonly #locks: EagerLocks | undefined;
  readonly #reads = new Map<Key, { version: number; value: V | undefined }>();
  /** Versions of sets that were read. */
  readonly #checks = new Map<Key, number>();
  readonly #ranges: RangeCheck[] = [];
  readonly #writes = new Map<Key, V | undefined>();
  readonly #sums: SimpleCommand[] = [];
  readonly #changes = new MemberChanges();
  /** The members of sets that were read. */
  readonly #members = new Map<Key, ReadonlySet<Key>>();

  constructor(codecs: Codecs<K, V>, locks?: EagerLocks) {
    this.#codecs = codecs;
    this.#locks = locks;
  }

  /** The value, as this transaction sees it: its own writes included. */
  async get(key: K, { forUpdate = false }: TransactionReadOptions = {}): Promise<V | undefined> {
    const encoded = this.#codecs.keys.encode(key);
    await this.#locks?.touch(encoded, forUpdate);
    if (this.#writes.has(encoded)) return this.#writes.get(encoded);
    const known = this.#reads.get(encoded);
    if (known !== undefined) return known.value;
    const answer = await ask(this.#codecs.bridge, { kind: 'get', key: encoded });
    if (!answer.ok) throw new Interruption(answer.error);
    const found = answer.value.kind === 'value' ? answer.value : undefined;
    const value = found && this.#codecs.values.decode(found.value);
    this.#reads.set(encoded, { version: found?.version ?? 0, value });
    return value;
  }

  put(key: K, value: V): void {
    this.#write(key, value);
  }

  delete(key: K): void {
    this.#write(key, undefined);
  }

  #write(key: K, value: V | undefined): void {
    const encoded = this.#codecs.keys.encode(key);
    this.#reserve(encoded);
    this.#writes.set(encoded, value);
    this.#changes.forget(encoded);
  }

  /** Who writes does not wait: the end of the transaction does. */
  #reserve(key: Key): Key {
    void this.#locks?.touch(key, true);
    return key;
  }

  /**
   * Adds to the integer of a key, without reading it: others who add at the same time are no conflict. What this transaction
   * reads of the key does not know of it.
   */
  increment(key: K, by: Integer = 1): void {
    this.#sums.push({ kind: 'increment', key: this.#reserve(this.#codecs.keys.encode(key)), by });
  }

  /**
   * Adds a member to a set, without reading it: others who add and remove at the same time are no conflict. Where the key
   * holds something else the result of the transaction is the error `wrongType`, and all the rest of it has happened.
   */
  add(key: K, member: V): void {
    this.#changes.note(this.#reserve(this.#codecs.keys.encode(key)), nameOf(this.#codecs.values, member), true);
  }

  /** Removes a member from a set, without reading it. */
  remove(key: K, member: V): void {
    this.#changes.note(this.#reserve(this.#codecs.keys.encode(key)), nameOf(this.#codecs.values, member), false);
  }

  /** Whether a set has a member, as this transaction sees it. Any change of the set by others is a conflict from then on. */
  async has(key: K, member: V): Promise<boolean> {
    const encoded = this.#codecs.keys.encode(key);
    const name = nameOf(this.#codecs.values, member);
    const said = this.#changes.of(encoded, name);
    if (said !== undefined) return said;
    return (await this.#membersOf(encoded)).has(name);
  }

  /** All members of a set, as this transaction sees it. */
  async members(key: K): Promise<readonly V[]> {
    const encoded = this.#codecs.keys.encode(key);
    const names = this.#changes.applied(encoded, await this.#membersOf(encoded));
    return [...names].map((name) => this.#codecs.values.decode(bytesOfKey(name)));
  }

  /** The members without this transaction's changes, read at the moment of the version that is remembered. */
  async #membersOf(key: Key): Promise<ReadonlySet<Key>> {
    if (this.#writes.has(key)) return new Set();
    const known = this.#members.get(key);
    if (known !== undefined) return known;
    await this.#locks?.touch(key, false);
    const commands: SimpleCommand[] = [{ kind: 'versions', keys: [key] }, membersOf(key)];
    const answer = await ask(this.#codecs.bridge, { kind: 'transaction', checks: [], ranges: [], commands });
    if (!answer.ok) throw new Interruption(answer.error);
    const [versions, members] = answer.value.kind === 'executed' ? answer.value.answers : [];
    if (members?.kind === 'error') throw new Interruption(invalid(members.problem, members.text));
    const names = new Set(members?.kind === 'elements' ? members.elements.map(({ name }) => name) : []);
    if (versions?.kind === 'versions') this.#checks.set(key, versions.versions[0]!);
    this.#members.set(key, names);
    return names;
  }

  /**
   * Entries of a range as the store holds them, without this transaction's own writes; at most one page. Nothing of it is reserved:
   * with eager locks too, the transaction is tried again where it has changed.
   */
  async range(query: RangeQuery<K>): Promise<readonly Entry<K, V>[]> {
    const { keys, values, bridge } = this.#codecs;
    const bounds = boundsOf(keys, query);
    const rowsMax = Math.min(query.limit ?? pageRowsMax, pageRowsMax);
    const isDown = query.isDown ?? false;
    const answer = await ask(bridge, {
      kind: 'range',
      ...bounds,
      rowsMax,
      bytesMax: pageBytesMax,
      isDown,
      withValues: true,
    });
    if (!answer.ok) throw new Interruption(answer.error);
    if (answer.value.kind !== 'rows') return [];
    const { rows, more } = answer.value;
    const last = rows.at(-1)?.key;
    const seen =
      !more || last === undefined ? bounds : isDown ? { ...bounds, from: last } : { ...bounds, to: keyAfter(last) };
    const newestVersion = rows.reduce((newest, { version }) => Math.max(newest, version), 0);
    this.#ranges.push({ ...seen, count: rows.length, newestVersion });
    return rows.map(({ key, version, ...row }) => {
      const value = values.decode(row.value);
      // Rows may come from several cells, whose versions cannot be compared: so each is checked by itself as well.
      if (!this.#reads.has(key)) this.#reads.set(key, { version, value });
      return { key: keys.decode(key), value, version };
    });
  }

  /** The one command that checks all reads and does all writes. */
  command(): Command {
    const versions: (readonly [Key, number])[] = [...this.#reads].map(([key, { version }]) => [key, version]);
    const checks = [...versions, ...this.#checks].map(([key, version]) => ({ key, version }));
    const writes: SimpleCommand[] = [...this.#writes].map(([key, value]) =>
      value === undefined
        ? { kind: 'delete', keys: [key] }
        : {
            kind: 'put',
            key,
            value: this.#codecs.values.encode(value),
            when: { kind: 'always' },
            expiry: { kind: 'never' },
            returnPrevious: false,
          },
    );
    return {
      kind: 'transaction',
      checks,
      ranges: this.#ranges,
      commands: [...(this.#locks?.checks ?? []), ...writes, ...this.#sums, ...this.#changes.commands()],
    };
  }
}
