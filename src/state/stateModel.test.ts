import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyCommand } from '../../test/anyCommand.ts';
import { mayMove, momentOf } from '../../test/expiryModel.ts';
import { LoggedState, startMs } from '../../test/loggedState.ts';
import { textOfBytes, unreachable } from '../base/index.ts';
import type { Answer, Command, Expiry, SimpleCommand } from '../command/index.ts';

type Only<K extends SimpleCommand['kind']> = SimpleCommand & { readonly kind: K };

interface Held {
  readonly text: string;
  readonly expiresAtMs: number;
}

/** The state as one would write it on a napkin: a map of texts. It answers as texts that are easy to compare. */
class Model {
  readonly held = new Map<string, Held>();
  nowMs = startMs;

  run(asked: SimpleCommand): string {
    for (const [key, { expiresAtMs }] of this.held) if (expiresAtMs <= this.nowMs) this.held.delete(key);
    const answer = this.#answer(asked);
    for (const [key, { expiresAtMs }] of this.held) if (expiresAtMs <= this.nowMs) this.held.delete(key);
    return answer;
  }

  #answer(asked: SimpleCommand): string {
    switch (asked.kind) {
      case 'get':
        return this.#text(asked.key);
      case 'getMany':
        return `many ${asked.keys.map((key) => this.#text(key)).join(',')}`;
      case 'range':
        return this.#range(asked);
      case 'put':
        return this.#put(asked);
      case 'delete':
        return `integer ${asked.keys.filter((key) => this.held.delete(key)).length}`;
      case 'take': {
        const text = this.#text(asked.key);
        this.held.delete(asked.key);
        return text;
      }
      case 'increment':
        return this.#increment(asked);
      case 'append':
        return this.#write(asked.key, this.held.get(asked.key)?.text.length ?? 0, textOfBytes(asked.value));
      case 'overwrite':
        if (asked.value.length === 0) return `integer ${this.held.get(asked.key)?.text.length ?? 0}`;
        return this.#write(asked.key, asked.offset, textOfBytes(asked.value));
      case 'setExpiry':
        return this.#setExpiry(asked);
      case 'getAndExpire': {
        const text = this.#text(asked.key);
        this.#expire(asked.key, this.#moment(asked.expiry, this.held.get(asked.key)));
        return text;
      }
      case 'persist': {
        const had = (this.held.get(asked.key)?.expiresAtMs ?? Infinity) !== Infinity;
        this.#expire(asked.key, Infinity);
        return `integer ${had ? 1 : 0}`;
      }
      case 'rename':
        return this.#rename(asked);
      case 'clear':
        this.held.clear();
        return 'ok';
      default:
        throw new Error(`the model does not know ${asked.kind}`);
    }
  }

  #text(key: string): string {
    const held = this.held.get(key);
    return held === undefined ? 'missing' : `value ${held.text}`;
  }

  #range(asked: Only<'range'>): string {
    const keys = [...this.held.keys()].sort((a, b) => (a < b ? -1 : 1));
    if (asked.isDown) keys.reverse();
    const shown = keys.slice(0, asked.rowsMax).map((key) => `${key}=${this.held.get(key)!.text}`);
    return `rows ${shown.join(',')}${keys.length > asked.rowsMax ? ' more' : ''}`;
  }

  #put(asked: Only<'put'>): string {
    const old = this.held.get(asked.key);
    const previous = this.#text(asked.key);
    const holds = asked.when.kind === 'always' || (asked.when.kind === 'present') === (old !== undefined);
    if (holds) {
      this.held.set(asked.key, { text: textOfBytes(asked.value), expiresAtMs: this.#moment(asked.expiry, old) });
    }
    if (asked.returnPrevious) return previous;
    return holds ? 'ok' : 'notDone';
  }

  #increment({ key, by }: Only<'increment'>): string {
    const before = this.held.get(key);
    if (before !== undefined && !/^(0|-?[1-9]\d*)$/.test(before.text)) return 'error notAnInteger';
    if (!fits(BigInt(before?.text ?? 0))) return 'error notAnInteger';
    const sum = BigInt(before?.text ?? 0) + BigInt(by);
    if (!fits(sum)) return 'error overflow';
    this.held.set(key, { text: String(sum), expiresAtMs: before?.expiresAtMs ?? Infinity });
    return `integer ${sum}`;
  }

  #write(key: string, offset: number, text: string): string {
    const before = this.held.get(key);
    const old = (before?.text ?? '').padEnd(offset, '\0');
    const whole = old.slice(0, offset) + text + old.slice(offset + text.length);
    this.held.set(key, { text: whole, expiresAtMs: before?.expiresAtMs ?? Infinity });
    return `integer ${whole.length}`;
  }

  #setExpiry({ key, expiry, when }: Only<'setExpiry'>): string {
    const held = this.held.get(key);
    if (held === undefined) return 'integer 0';
    const old = held.expiresAtMs;
    const next = this.#moment(expiry, held);
    const holds = mayMove(when, old, next);
    if (holds) this.#expire(key, next);
    return `integer ${holds ? 1 : 0}`;
  }

  #rename({ key, to, whenAbsent }: Only<'rename'>): string {
    const held = this.held.get(key);
    if (held === undefined) return 'missing';
    if (whenAbsent && this.held.has(to)) return 'notDone';
    this.held.delete(key);
    this.held.set(to, held);
    return 'ok';
  }

  #expire(key: string, expiresAtMs: number): void {
    const held = this.held.get(key);
    if (held !== undefined) this.held.set(key, { text: held.text, expiresAtMs });
  }

  #moment(expiry: Expiry, old: Held | undefined): number {
    return momentOf(expiry, this.nowMs, old?.expiresAtMs ?? Infinity);
  }
}

function fits(value: bigint): boolean {
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}

/** An answer as the model would put it. */
function told(answer: Answer): string {
  switch (answer.kind) {
    case 'ok':
    case 'notDone':
    case 'missing':
    case 'conflict':
      return answer.kind;
    case 'value':
      return `value ${textOfBytes(answer.value)}`;
    case 'integer':
      return `integer ${answer.value}`;
    case 'many':
      return `many ${answer.answers.map(told).join(',')}`;
    case 'executed':
      return answer.answers.map(told).join(' | ');
    case 'rows': {
      const rows = answer.rows.map(({ key, value }) => `${key}=${textOfBytes(value)}`);
      return `rows ${rows.join(',')}${answer.more ? ' more' : ''}`;
    }
    case 'error':
      return `error ${answer.problem}`;
    case 'lifetime':
    case 'versions':
    case 'outcome':
    case 'voted':
    case 'changes':
    case 'flags':
    case 'elements':
    case 'type':
    case 'contents':
    case 'arranged':
    case 'declined':
    case 'score':
    case 'rank':
    case 'popped':
    case 'reserved':
      return JSON.stringify(answer);
    default:
      return unreachable(answer);
  }
}

const anyStep = fc.record({ passMs: fc.nat(20), isTransaction: fc.boolean(), commands: fc.array(anyCommand) });

test('every command does what a map of texts would do', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 20 }), (steps) => {
      const state = new LoggedState();
      const model = new Model();
      for (const { passMs, isTransaction, commands } of steps) {
        state.timeMs += passMs;
        model.nowMs += passMs;
        const expected = commands.map((asked) => model.run(asked as SimpleCommand));
        if (isTransaction) {
          const whole: Command = { kind: 'transaction', checks: [], ranges: [], commands: commands as SimpleCommand[] };
          expect(told(state.run(whole))).toBe(expected.join(' | '));
        } else {
          expect(commands.map((asked) => told(state.run(asked)))).toEqual(expected);
        }
        state.apply([]);
        model.run({ kind: 'getMany', keys: [] });
        expect(state.state.size.keys).toBe(model.held.size);
      }
    }),
    { numRuns: 500 },
  );
});
