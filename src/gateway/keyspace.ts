import { type Key, keyAfter, prefixRange, type Range } from '../base/index.ts';
import type { Answer, Command } from '../command/index.ts';
import { rangeRowsMax } from '../state/index.ts';
import type { Client } from './client.ts';
import { Glob } from './glob.ts';
import { keysBytesMax, scanRowsMax } from './limits.ts';
import { numberAt } from './numbers.ts';
import { ask, type CommandEntry, fail, notAnInteger, type Plan, type Render, syntaxError } from './plan.ts';
import { renderAnswer, typeNames } from './render.ts';
import type { ReplyWriter } from './replyWriter.ts';
import type { Request } from './request.ts';
import type { Services } from './services.ts';

const none = [0, 0, 0] as const;
const scanCountDefault = 10;
const tooManyKeys = 'ERR too many keys to list at once; use SCAN';

/** All keys: to list, to count, to delete. */
export const keyspaceCommands: readonly CommandEntry[] = [
  {
    group: 'generic',
    order: 'free',
    name: 'keys',
    arity: 2,
    flags: ['readonly'],
    keys: none,
    since: '1.0.0',
    summary: 'Lists the keys that match a pattern, a page at a time.',
    plan: planKeys,
  },
  {
    group: 'generic',
    order: 'free',
    name: 'scan',
    arity: -2,
    flags: ['readonly'],
    keys: none,
    since: '2.8.0',
    summary: 'Lists keys step by step.',
    plan: planScan,
  },
  {
    group: 'server',
    order: 'free',
    name: 'dbsize',
    arity: 1,
    flags: ['readonly', 'fast'],
    keys: none,
    since: '1.0.0',
    summary: 'Counts all keys.',
    plan: () => ask({ kind: 'count' }, renderAnswer),
  },
  {
    group: 'server',
    order: 'free',
    name: 'flushdb',
    arity: -1,
    flags: ['write'],
    keys: none,
    since: '1.0.0',
    summary: 'Deletes all keys.',
    plan: planFlush,
  },
  {
    group: 'server',
    order: 'free',
    name: 'flushall',
    arity: -1,
    flags: ['write'],
    keys: none,
    since: '1.0.0',
    summary: 'Deletes all keys.',
    plan: planFlush,
  },
];

function planFlush(request: Request): Plan {
  if (request.count > 2) return syntaxError;
  if (request.count === 2 && request.word(1) !== 'async' && request.word(1) !== 'sync') return syntaxError;
  return ask({ kind: 'clear' }, renderAnswer);
}

function keysOf(range: Range, rowsMax: number): Command {
  return {
    kind: 'range',
    from: range.from,
    to: range.to,
    rowsMax,
    bytesMax: keysBytesMax,
    isDown: false,
    withValues: false,
  };
}

/** The keys that a pattern found so far. */
class Listing {
  readonly #glob: Glob;
  readonly #found: Key[] = [];
  #bytes = 0;

  constructor(glob: Glob) {
    this.#glob = glob;
  }

  get isTooLong(): boolean {
    return this.#bytes > keysBytesMax;
  }

  /** Takes the keys of a page, and answers the last one where more follow. */
  add(answer: Answer): Key | undefined {
    if (answer.kind !== 'rows') return undefined;
    for (const { key } of answer.rows) {
      if (!this.#glob.matches(key)) continue;
      this.#found.push(key);
      this.#bytes += key.length;
    }
    return answer.more ? answer.rows.at(-1)?.key : undefined;
  }

  say(reply: ReplyWriter): void {
    reply.array(this.#found.length);
    for (const key of this.#found) reply.bulkKey(key);
  }
}

/** Pages are gathered until all are there; inside MULTI there is one page, because EXEC is one moment. */
function planKeys(request: Request, client: Client): Plan {
  const glob = new Glob(request.key(1));
  const range = prefixRange(glob.prefix);
  const listing = new Listing(glob);
  const first = keysOf(range, rangeRowsMax);
  if (client.transaction !== undefined) {
    return ask(first, (reply, answer) => {
      if (answer.kind !== 'rows') renderAnswer(reply, answer);
      else if (listing.add(answer) !== undefined) reply.error(tooManyKeys);
      else listing.say(reply);
    });
  }
  const next = (answer: Answer): Command | undefined => {
    const last = listing.add(answer);
    if (last === undefined || listing.isTooLong) return undefined;
    return keysOf({ from: keyAfter(last), to: range.to }, rangeRowsMax);
  };
  const render: Render = (reply, answer) => {
    if (answer.kind !== 'rows') renderAnswer(reply, answer);
    else if (listing.isTooLong) reply.error(tooManyKeys);
    else listing.say(reply);
  };
  return { kind: 'ask', command: first, render, next };
}

interface ScanOptions {
  readonly glob: Glob | undefined;
  readonly count: number;
  /** What the keys are to hold, in the words of Redis. */
  readonly type: string | undefined;
}

type Rows = Answer & { readonly kind: 'rows' };

function planScan(request: Request, client: Client, services: Services): Plan {
  const cursor = numberAt(request, 1);
  if (cursor === undefined || cursor < 0) return fail('ERR invalid cursor');
  const options = parseScanOptions(request);
  if ('kind' in options) return options;
  const whole = prefixRange(options.glob?.prefix ?? '');
  const from = cursor === 0 ? whole.from : services.cursors.get(cursor);
  if (from === undefined) return fail('ERR this peer does not know the cursor (any more): start again with 0');
  const command = keysOf({ from, to: whole.to }, Math.min(options.count, scanRowsMax));
  const say = (reply: ReplyWriter, page: Rows, isFound: (key: Key, place: number) => boolean): void => {
    const last = page.more ? page.rows.at(-1) : undefined;
    const found = page.rows.filter(({ key }, i) => (options.glob?.matches(key) ?? true) && isFound(key, i));
    reply.array(2);
    reply.bulkKey(last === undefined ? '0' : String(services.cursors.keep(keyAfter(last.key))));
    reply.array(found.length);
    for (const { key } of found) reply.bulkKey(key);
  };
  if (options.type !== undefined) return planScanOfType(command, options.type, client, say);
  return ask(command, (reply, answer) => {
    if (answer.kind === 'rows') say(reply, answer, () => true);
    else renderAnswer(reply, answer);
  });
}

/** The keys of a page first, and then what each of them holds. */
function planScanOfType(
  command: Command,
  type: string,
  client: Client,
  say: (reply: ReplyWriter, page: Rows, isFound: (key: Key, place: number) => boolean) => void,
): Plan {
  if (client.transaction !== undefined) return fail('ERR SCAN with TYPE asks twice, which a transaction cannot');
  let page: Rows | undefined;
  const next = (answer: Answer): Command | undefined => {
    if (answer.kind !== 'rows' || answer.rows.length === 0) return undefined;
    page = answer;
    const commands = answer.rows.map(({ key }) => ({ kind: 'typeOf', key }) as const);
    return { kind: 'transaction', checks: [], ranges: [], commands };
  };
  const render: Render = (reply, answer) => {
    if (answer.kind === 'rows') return say(reply, answer, () => true);
    if (answer.kind !== 'executed' || page === undefined) return renderAnswer(reply, answer);
    say(reply, page, (_key, place) => {
      const one = answer.answers[place];
      return one?.kind === 'type' && typeNames[one.type ?? 'none'] === type;
    });
  };
  return { kind: 'ask', command, render, next };
}

function parseScanOptions(request: Request): ScanOptions | Plan {
  let glob: Glob | undefined;
  let count = scanCountDefault;
  let type: string | undefined;
  for (let i = 2; i < request.count; i += 2) {
    if (i + 1 >= request.count) return syntaxError;
    const option = request.word(i);
    if (option === 'match') {
      glob = new Glob(request.key(i + 1));
    } else if (option === 'count') {
      const given = numberAt(request, i + 1);
      if (given === undefined) return notAnInteger;
      if (given < 1) return syntaxError;
      count = given;
    } else if (option === 'type') {
      type = request.word(i + 1);
    } else {
      return syntaxError;
    }
  }
  return { glob, count, type };
}
