import type { Answer, Command } from '../command/index.ts';
import type { Client } from './client.ts';
import type { ReplyWriter } from './replyWriter.ts';
import type { Request } from './request.ts';
import type { Services } from './services.ts';

/** Says an answer of the store in the words of Redis. */
export type Render = (reply: ReplyWriter, answer: Answer) => void;

/** What a request comes to. Whatever it needs of the request is copied: it outlives the bytes. */
export type Plan =
  /** Said from what this peer knows, when all before it has been said. */
  { readonly kind: 'say'; readonly say: (reply: ReplyWriter) => void } | Failure | Ask;

/** The client made a mistake. */
export interface Failure {
  readonly kind: 'fail';
  readonly error: string;
  /** It is no command at all: it cannot even be queued for EXEC, and EXEC will refuse. */
  readonly isNoCommand?: boolean;
}

/** Asked of the store. */
export interface Ask {
  readonly kind: 'ask';
  readonly command: Command;
  readonly render: Render;
  /** The command that goes on where this answer ended, or undefined where it is the last: for what comes in pages. */
  readonly next?: (answer: Answer) => Command | undefined;
  /** It is asked again whenever there may be something, for so long, where the answer is `missing`. In a transaction it is not. */
  readonly waitMs?: number;
}

/** A command of Redis: what people can ask about it, and how it is done. */
export interface CommandEntry {
  /** In small letters. */
  readonly name: string;
  /** How many words it has, its name included; negative: at least as many. */
  readonly arity: number;
  readonly flags: readonly string[];
  /** First key, last key (-1: the last word), distance of keys; 0, 0, 0 where it names none. */
  readonly keys: readonly [number, number, number];
  readonly group: string;
  readonly since: string;
  readonly summary: string;
  /**
   * How it stands to others of its connection: `free` ones follow the order of the connection; one that is `alone`
   * waits for all before it and lets none behind it pass; one that is `through` acts at once although MULTI is open.
   */
  readonly order: 'free' | 'alone' | 'through' | 'throughAlone';
  readonly plan: (request: Request, client: Client, services: Services) => Plan;
}

export function fail(error: string): Failure {
  return { kind: 'fail', error };
}

export function say(what: (reply: ReplyWriter) => void): Plan {
  return { kind: 'say', say: what };
}

export function ask(command: Command, render: Render): Plan {
  return { kind: 'ask', command, render };
}

export const sayOk: Plan = say((reply) => reply.ok());

export const syntaxError = fail('ERR syntax error');
export const tooLongValue = fail('ERR string exceeds maximum allowed size (proto-max-bulk-len)');
export const notAnInteger = fail('ERR value is not an integer or out of range');

export function noCommand(error: string): Failure {
  return { kind: 'fail', error, isNoCommand: true };
}

export function invalidExpiry(name: string): Failure {
  return fail(`ERR invalid expire time in '${name}' command`);
}

export function wrongArity(name: string): Failure {
  return fail(`ERR wrong number of arguments for '${name}' command`);
}
