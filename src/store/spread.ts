import type { Range } from '../base/index.ts';
import { type Answer, addIntegers, type Command, type Integer, type RowAnswer } from '../command/index.ts';
import type { Call, Reply } from './access.ts';

/** A command that may be asked of one cell after the other. */
export type SpreadCommand = Extract<Command, { kind: 'range' | 'count' | 'countCell' | 'clear' | 'clearCell' }>;

/** What a spread needs of the router. */
export interface SpreadHost {
  /** The first part of the range that one cell holds, as far as is known; its last part where `isDown`. */
  firstPart(range: Range, isDown: boolean): Range;
  /** Asks one part; `then` is told what came of it. */
  ask(command: Command, then: (reply: Reply) => void): void;
}

export function isSpread(command: Command): command is SpreadCommand {
  const { kind } = command;
  return kind === 'range' || kind === 'count' || kind === 'countCell' || kind === 'clear' || kind === 'clearCell';
}

/**
 * A command over many cells, asked of one after the other: each answers as it is at its own moment. So it is no
 * snapshot, as a transaction would be; what was there all the while is seen, and what was not is not.
 */
export class Spread {
  readonly #call: Call;
  readonly #command: SpreadCommand;
  readonly #host: SpreadHost;
  readonly #done: (reply: Reply) => void;
  #rest: Range | undefined;
  #rows: RowAnswer[] = [];
  #bytes = 0;
  #count: Integer = 0;
  #isBegun = false;

  constructor(call: Call, command: SpreadCommand, whole: Range, host: SpreadHost, done: (reply: Reply) => void) {
    this.#call = call;
    this.#command = command;
    this.#rest = whole;
    this.#host = host;
    this.#done = done;
  }

  /** Asks the next cell, or answers. */
  proceed(): void {
    const rest = this.#rest;
    if (rest === undefined) return this.#answer(this.#whole(false));
    const isDown = this.#command.kind === 'range' && this.#command.isDown;
    const part = this.#host.firstPart(rest, isDown);
    this.#rest = restOf(rest, part, isDown);
    this.#host.ask(this.#partOf(part), (reply) => this.#take(reply));
  }

  #partOf({ from, to }: Range): Command {
    const { kind } = this.#command;
    switch (kind) {
      case 'range': {
        const { rowsMax, bytesMax } = this.#command;
        const left = { rowsMax: rowsMax - this.#rows.length, bytesMax: Math.max(0, bytesMax - this.#bytes) };
        return { ...this.#command, from, to, ...left };
      }
      case 'count':
      case 'countCell':
        return { kind: 'countCell', from, to };
      case 'clear':
      case 'clearCell':
        return { kind: 'clearCell', from, to };
    }
  }

  #take(reply: Reply): void {
    const { answer } = reply.kind === 'done' ? reply : { answer: undefined };
    switch (answer?.kind) {
      case 'rows':
        this.#rows.push(...answer.rows);
        for (const { key, value } of answer.rows) this.#bytes += key.length + value.length;
        if (answer.more || this.#isFull()) return this.#answer(this.#whole(answer.more || this.#rest !== undefined));
        break;
      case 'integer':
        this.#count = addIntegers(this.#count, answer.value) ?? this.#count;
        break;
      case 'ok':
        break;
      default:
        return this.#fail(reply);
    }
    this.#isBegun = true;
    this.proceed();
  }

  #isFull(): boolean {
    if (this.#command.kind !== 'range') return false;
    return this.#rows.length >= this.#command.rowsMax || this.#bytes >= this.#command.bytesMax;
  }

  /** Some cells may have been cleared: who hears that it was refused must not believe that nothing happened. */
  #fail(reply: Reply): void {
    const isWrite = this.#command.kind === 'clear' || this.#command.kind === 'clearCell';
    if (!isWrite || !this.#isBegun) return this.#done(reply);
    this.#answer({ kind: 'error', problem: 'partly', text: 'some cells were cleared and others were not: try again' });
  }

  #whole(more: boolean): Answer {
    if (this.#command.kind === 'range') return { kind: 'rows', rows: this.#rows, more };
    if (this.#command.kind === 'clear' || this.#command.kind === 'clearCell') return { kind: 'ok', version: 0 };
    return { kind: 'integer', value: this.#count };
  }

  #answer(answer: Answer): void {
    this.#done({ kind: 'done', tag: this.#call.tag, answer });
  }
}

function restOf(range: Range, part: Range, isDown: boolean): Range | undefined {
  if (isDown) return part.from > range.from ? { from: range.from, to: part.from } : undefined;
  if (part.to === undefined || part.to === range.to) return undefined;
  return { from: part.to, to: range.to };
}
