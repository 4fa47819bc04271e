import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyCollectionCommand } from '../../test/anyCollectionCommand.ts';
import { anyCommand } from '../../test/anyCommand.ts';
import { mayMove, momentOf } from '../../test/expiryModel.ts';
import { LoggedState, startMs } from '../../test/loggedState.ts';
import { textOfBytes } from '../base/index.ts';
import type { Answer, Command, Expiry, SimpleCommand } from '../command/index.ts';

type Only<K extends SimpleCommand['kind']> = SimpleCommand & { readonly kind: K };

interface Held {
  readonly kind: 'plain' | 'set' | 'hash';
  /** Names and values; of a plain one nothing. */
  readonly elements: Map<string, string>;
  readonly expiresAtMs: number;
}

const other = 'error wrongType';

/** Collections as one would write them on a napkin: maps. What is drawn by chance it does not know. */
class Model {
  readonly held = new Map<string, Held>();
  nowMs = startMs;

  run(asked: SimpleCommand): string | undefined {
    this.#expire();
    const answer = this.#answer(asked);
    this.#expire();
    return answer;
  }

  #expire(): void {
    for (const [key, { expiresAtMs, kind, elements }] of this.held) {
      if (expiresAtMs <= this.nowMs || (kind !== 'plain' && elements.size === 0)) this.held.delete(key);
    }
  }

  #answer(asked: SimpleCommand): string | undefined {
    switch (asked.kind) {
      case 'edit':
        return this.#edit(asked);
      case 'look':
        return this.#look(asked);
      case 'typeOf':
        return `type ${this.held.get(asked.key)?.kind}`;
      case 'combine': {
        const names = this.#combined(asked.keys, asked.how);
        return names === undefined ? other : `elements ${told(new Map(names.map((name) => [name, ''])))}`;
      }
      case 'combineInto': {
        const names = this.#combined(asked.keys, asked.how);
        if (names === undefined) return other;
        const elements = new Map(names.map((name) => [name, '']));
        this.held.set(asked.to, { kind: 'set', elements, expiresAtMs: Infinity });
        return `integer ${names.length}`;
      }
      case 'moveMember':
        return this.#move(asked);
      case 'copy': {
        const item = this.held.get(asked.key);
        if (item === undefined || asked.key === asked.to) return 'integer 0';
        if (!asked.replaces && this.held.has(asked.to)) return 'integer 0';
        this.held.set(asked.to, { ...item, elements: new Map(item.elements) });
        return 'integer 1';
      }
      case 'delete':
        return `integer ${asked.keys.filter((key) => this.held.delete(key)).length}`;
      case 'rename':
        return this.#rename(asked);
      case 'setExpiry':
        return this.#setExpiry(asked);
      default:
        throw new Error(`the model does not know ${asked.kind}`);
    }
  }

  #edit({ key, of, does }: Only<'edit'>): string | undefined {
    const item = this.held.get(key) ?? { kind: of, elements: new Map<string, string>(), expiresAtMs: Infinity };
    if (item.kind !== of) return other;
    this.held.set(key, item as Held);
    const { elements } = item;
    if (does.kind === 'add') {
      let added = 0;
      for (const { name, value } of does.elements) {
        if (!elements.has(name)) added++;
        if (!elements.has(name) || !does.whenAbsent) elements.set(name, textOfBytes(value));
      }
      return `integer ${added}`;
    }
    if (does.kind === 'remove') return `integer ${does.names.filter((name) => elements.delete(name)).length}`;
    if (does.kind === 'increment') {
      const before = elements.get(does.name) ?? '0';
      if (!/^-?\d+$/.test(before)) return 'error notAnInteger';
      elements.set(does.name, String(Number(before) + Number(does.by)));
      return `integer ${elements.get(does.name)}`;
    }
    return undefined;
  }

  #look({ key, of, at }: Only<'look'>): string | undefined {
    const item = this.held.get(key);
    if (item !== undefined && item.kind !== of) return other;
    const elements = item?.elements ?? new Map<string, string>();
    switch (at.kind) {
      case 'size':
        return `integer ${elements.size}`;
      case 'holds':
        return `flags ${at.names.map((name) => elements.has(name))}`;
      case 'values':
        return `many ${at.names.map((name) => elements.get(name) ?? 'missing')}`;
      case 'elements':
        return `elements ${told(elements)}`;
      default:
        return undefined;
    }
  }

  #combined(keys: readonly string[], how: Only<'combine'>['how']): string[] | undefined {
    const sets = keys.map((key) => this.held.get(key));
    if (sets.some((item) => item !== undefined && item.kind !== 'set')) return undefined;
    const [first, ...others] = sets.map((item) => new Set(item?.elements.keys()));
    if (how === 'union') return [...new Set([first!, ...others].flatMap((one) => [...one]))];
    return [...first!].filter((name) =>
      how === 'intersection' ? others.every((one) => one.has(name)) : !others.some((one) => one.has(name)),
    );
  }

  #move({ key, to, member }: Only<'moveMember'>): string {
    const [from, target] = [this.held.get(key), this.held.get(to)];
    if (from === undefined) return 'integer 0';
    if (from.kind !== 'set' || (target !== undefined && target.kind !== 'set')) return other;
    if (!from.elements.has(member)) return 'integer 0';
    if (key === to) return 'integer 1';
    from.elements.delete(member);
    if (target === undefined) {
      this.held.set(to, { kind: 'set', elements: new Map([[member, '']]), expiresAtMs: Infinity });
    } else target.elements.set(member, '');
    return 'integer 1';
  }

  #rename({ key, to, whenAbsent }: Only<'rename'>): string {
    const item = this.held.get(key);
    if (item === undefined) return 'missing';
    if (whenAbsent && this.held.has(to)) return 'notDone';
    this.held.delete(key);
    this.held.set(to, item);
    return 'ok';
  }

  #setExpiry({ key, expiry, when }: Only<'setExpiry'>): string {
    const item = this.held.get(key);
    if (item === undefined) return 'integer 0';
    const old = item.expiresAtMs;
    const next = this.#moment(expiry, old);
    const holds = mayMove(when, old, next);
    if (holds) this.held.set(key, { ...item, expiresAtMs: next });
    return `integer ${holds ? 1 : 0}`;
  }

  #moment(expiry: Expiry, old: number): number {
    return momentOf(expiry, this.nowMs, old);
  }

  /** What was drawn by chance is as good as any other, if it was there; what was taken is gone. */
  believe(asked: SimpleCommand, answer: Answer): void {
    if (answer.kind !== 'elements') return;
    const isTaken = asked.kind === 'edit' && asked.does.kind === 'takeRandom';
    if (!isTaken && !(asked.kind === 'look' && asked.at.kind === 'random')) return;
    const elements = this.held.get(asked.key)?.elements ?? new Map<string, string>();
    const names = answer.elements.map(({ name }) => name);
    for (const { name, value } of answer.elements) expect(elements.get(name)).toBe(textOfBytes(value));
    const repeats = asked.kind === 'look' && asked.at.kind === 'random' && asked.at.repeats;
    const wanted =
      asked.kind === 'look' ? (asked.at as { count: number }).count : (asked.does as { count: number }).count;
    if (repeats) expect(names.length).toBe(elements.size === 0 ? 0 : wanted);
    else expect([new Set(names).size, names.length]).toEqual(Array(2).fill(Math.min(wanted, elements.size)));
    if (isTaken) for (const name of names) elements.delete(name);
    this.#expire();
  }
}

function told(elements: ReadonlyMap<string, string>): string {
  return [...elements]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join();
}

/** An answer as the model would put it. */
function toldOf(answer: Answer): string {
  switch (answer.kind) {
    case 'ok':
    case 'notDone':
    case 'missing':
      return answer.kind;
    case 'integer':
      return `integer ${answer.value}`;
    case 'flags':
      return `flags ${answer.flags}`;
    case 'many':
      return `many ${answer.answers.map((one) => (one.kind === 'value' ? textOfBytes(one.value) : one.kind))}`;
    case 'elements':
      return `elements ${told(new Map(answer.elements.map(({ name, value }) => [name, textOfBytes(value)])))}`;
    case 'type':
      return `type ${answer.type}`;
    case 'error':
      return `error ${answer.problem}`;
    default:
      throw new Error(`nobody asked for ${answer.kind}`);
  }
}

const known = ['delete', 'rename', 'setExpiry'];
const anyStep = fc.record({
  passMs: fc.nat(20),
  asked: fc.oneof(
    { weight: 4, arbitrary: anyCollectionCommand },
    anyCommand.filter(({ kind }) => known.includes(kind)),
  ),
  isSaved: fc.boolean(),
});

test('every command about collections does what maps would do, whatever is in memory or on the disk', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      const state = new LoggedState();
      const model = new Model();
      for (const { passMs, asked, isSaved } of steps) {
        state.timeMs += passMs;
        model.nowMs += passMs;
        const expected = model.run(asked as SimpleCommand);
        const answer = state.run(asked as Command);
        if (expected === undefined) model.believe(asked as SimpleCommand, answer);
        else expect(toldOf(answer)).toBe(expected);
        state.apply([]);
        if (isSaved) state.checkpoint();
        model.run({ kind: 'delete', keys: [] });
        expect(state.state.size.keys).toBe(model.held.size);
      }
      state.run({ kind: 'delete', keys: [...model.held.keys()] });
      expect(state.state.size).toEqual({ keys: 0, bytes: 0 });
      state.checkpoint();
      const left = [...state.storage.rows.entries('p', 'q')].map(([row]) => row);
      expect(left).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
