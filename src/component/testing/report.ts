import type { Fault } from '../index.ts';
import type { Seen } from './plot.ts';
import { wordsOf } from './wording.ts';

/** A component did not do what its story tells. The message has what happened so far, and what should have come. */
export class StoryError extends Error {
  override readonly name = 'StoryError';
}

/** What happened in a story, one line an event. */
export class Account {
  readonly #component: string;
  readonly #lines: string[] = [];

  constructor(component: string) {
    this.#component = component;
  }

  add(seen: Seen, note = ''): void {
    this.#lines.push(`${lineOf(seen)}${note}`);
  }

  /** The reason, what was seen up to it, and the ways on which it could have gone on. */
  failure(reason: string, wanted: readonly string[]): StoryError {
    const lines = this.#lines.length === 0 ? ['  nothing'] : this.#lines.map((line) => `  ${line}`);
    const ways = [...new Set(wanted)].map((words) => `  ${words}`);
    const expected = ways.length === 0 ? [] : ['', ways.length === 1 ? 'Expected:' : 'Expected one of:', ...ways];
    return new StoryError([`${this.#component}: ${reason}`, '', 'So far:', ...lines, ...expected].join('\n'));
  }
}

export function nameOf(seen: Seen): string {
  return seen.direction === 'fault' ? faultWords(seen.payload as Fault) : `${seen.name}${payloadOf(seen)}`;
}

function lineOf(seen: Seen): string {
  return `${String(seen.atMs).padStart(6)} ms  ${seen.direction.padEnd(5)} ${nameOf(seen)}`;
}

function payloadOf({ payload }: Seen): string {
  return payload === undefined ? '' : ` ${wordsOf(payload)}`;
}

function faultWords({ event, error }: Fault): string {
  return `at ${event}: ${error instanceof Error ? error.message : wordsOf(error)}`;
}
