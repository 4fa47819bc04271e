import { emptyBytes, type Key, keyOfBytes } from '../base/index.ts';
import type { SimpleCommand } from '../command/index.ts';
import type { ValueCodec } from './valueCodec.ts';

/** The members of a set are known by the bytes that a codec makes of them. */
export function nameOf<V>(values: ValueCodec<V>, member: V): Key {
  return keyOfBytes(values.encode(member));
}

export function additionOf(key: Key, names: readonly Key[]): SimpleCommand {
  const elements = names.map((name) => ({ name, value: emptyBytes }));
  return { kind: 'edit', key, of: 'set', does: { kind: 'add', elements, whenAbsent: true } };
}

export function removalOf(key: Key, names: readonly Key[]): SimpleCommand {
  return { kind: 'edit', key, of: 'set', does: { kind: 'remove', names } };
}

export function membershipOf(key: Key, name: Key): SimpleCommand {
  return { kind: 'look', key, of: 'set', at: { kind: 'holds', names: [name] } };
}

export function membersOf(key: Key): SimpleCommand {
  return { kind: 'look', key, of: 'set', at: { kind: 'elements' } };
}

export function pageOf(key: Key, from: number, rowsMax: number): SimpleCommand {
  return { kind: 'look', key, of: 'set', at: { kind: 'page', from, rowsMax } };
}

/** What a transaction is to do to the members of sets: true adds, false removes. */
export class MemberChanges {
  readonly #changes = new Map<Key, Map<Key, boolean>>();

  note(key: Key, name: Key, isThere: boolean): void {
    const known = this.#changes.get(key) ?? new Map<Key, boolean>();
    this.#changes.set(key, known.set(name, isThere));
  }

  /** What is said of a member; undefined where nothing is. */
  of(key: Key, name: Key): boolean | undefined {
    return this.#changes.get(key)?.get(name);
  }

  /** The set as the changes leave it. */
  applied(key: Key, names: ReadonlySet<Key>): ReadonlySet<Key> {
    const after = new Set(names);
    for (const [name, isThere] of this.#changes.get(key) ?? []) {
      if (isThere) after.add(name);
      else after.delete(name);
    }
    return after;
  }

  /** The key is written as a whole: what was said of its members before counts no more. */
  forget(key: Key): void {
    this.#changes.delete(key);
  }

  /** Commands that add and remove. They read nothing, so nobody who does the same is in their way. */
  commands(): SimpleCommand[] {
    return [...this.#changes].flatMap(([key, names]) => {
      const said = (isThere: boolean): Key[] => [...names].filter(([, one]) => one === isThere).map(([name]) => name);
      const [added, removed] = [said(true), said(false)];
      return [
        ...(added.length > 0 ? [additionOf(key, added)] : []),
        ...(removed.length > 0 ? [removalOf(key, removed)] : []),
      ];
    });
  }
}
