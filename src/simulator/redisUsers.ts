import { bytesOfText, type Random } from '../base/index.ts';
import type { SimulatedClient, SimulatedHost, Universe } from '../world/simulated/index.ts';
import type { Act, History, Operation, Seen } from './history.ts';
import { type Ledger, type LedgerCommand, Ledgers } from './ledgers.ts';
import { RespReader, type RespReply } from './respReader.ts';

const clients = 4;
const keys = 6;
const pipelineMax = 8;
/** A pipeline is sent in parts, with pauses of up to so long between them. */
const partsPauseMs = 300;
const pauseMs = 200;

interface Home {
  readonly universe: Universe;
  readonly hosts: readonly SimulatedHost[];
}

/** What is to be made of the next reply on a connection. */
type Expectation = (reply: RespReply | 'lost') => void;

/** A client's connection to one peer, until it breaks. */
interface Line {
  readonly client: number;
  readonly connection: SimulatedClient;
  readonly expected: Expectation[];
  readonly ledger: Ledger;
}

/** Clients that speak the protocol of Redis to any peer: pipelines, MULTI, and increments by WATCH and EXEC. */
export class RedisUsers {
  readonly #home: Home;
  readonly #random: Random;
  readonly #history: History;
  readonly #ledgers = new Ledgers();
  readonly #odd: string[] = [];
  #isRunning = false;
  #values = 0;

  constructor(home: Home, random: Random, history: History) {
    this.#home = home;
    this.#random = random;
    this.#history = history;
  }

  get violations(): readonly string[] {
    return [...this.#odd, ...this.#ledgers.violations];
  }

  start(): void {
    this.#isRunning = true;
    for (let client = 1; client <= clients; client++) this.#connect(100 + client);
  }

  stop(): void {
    this.#isRunning = false;
  }

  #connect(client: number): void {
    const { universe, hosts } = this.#home;
    if (!this.#isRunning) return;
    const reader = new RespReader();
    const expected: Expectation[] = [];
    const ledger = this.#ledgers.open();
    const connection = universe.connect(this.#random.pick(hosts), {
      opened: () => this.#next({ client, connection, expected, ledger }),
      data: (bytes) => {
        reader.add(bytes);
        for (let reply = reader.take(); reply !== undefined; reply = reader.take()) this.#meet(expected, reply);
      },
      closed: () => {
        for (const expectation of expected.splice(0)) expectation('lost');
        universe.after(pauseMs, () => this.#connect(client));
      },
    });
  }

  #meet(expected: Expectation[], reply: RespReply): void {
    const expectation = expected.shift();
    if (expectation === undefined) this.#odd.push(`a reply came that nobody waits for: ${JSON.stringify(reply)}`);
    else expectation(reply);
  }

  #next(line: Line): void {
    const { connection } = line;
    const again = (): void =>
      void this.#home.universe.after(this.#random.fraction() * pauseMs * 2, () => {
        if (!connection.isOpen) return;
        if (this.#isRunning) this.#next(line);
        else connection.close();
      });
    const draw = this.#random.fraction();
    if (draw < 0.6) this.#pipeline(line, again);
    else if (draw < 0.8) this.#multi(line, again);
    else this.#watch(line, again);
  }

  #pipeline(line: Line, then: () => void): void {
    const count = this.#random.between(1, pipelineMax);
    let open = count;
    const commands = Array.from({ length: count }, () => this.#command(line));
    for (const { meet } of commands) {
      line.expected.push((reply) => {
        meet(reply);
        open--;
        if (open === 0) then();
      });
    }
    this.#sendInParts(
      line.connection,
      commands.map(({ words }) => words),
    );
  }

  /** What is sent later must not be done earlier. */
  #sendInParts(connection: SimulatedClient, commands: readonly (readonly string[])[]): void {
    if (!connection.isOpen) return;
    const part = this.#random.between(1, commands.length);
    connection.send(encodeAll(commands.slice(0, part)));
    if (part === commands.length) return;
    const pause = this.#random.fraction() * partsPauseMs;
    this.#home.universe.after(pause, () => this.#sendInParts(connection, commands.slice(part)));
  }

  #command({ client, ledger }: Line): LedgerCommand {
    if (this.#random.chance(0.4)) return ledger.command(this.#random);
    const { key, act } = this.#choose();
    const operation = this.#history.begin(client, key, act, this.#home.universe.nowMs);
    return { words: wordsFor(key, act), meet: (reply) => this.#settle(operation, reply) };
  }

  /** Two increments as one: either both happen, or none. */
  #multi({ client, connection, expected }: Line, then: () => void): void {
    const { nowMs } = this.#home.universe;
    const act: Act = { kind: 'increment', by: 1 };
    const operations = ['n0', 'n1'].map((key) => this.#history.begin(client, key, act, nowMs));
    const ignore = (): void => {};
    expected.push(ignore, ignore, ignore, (reply) => {
      const isList = reply !== 'lost' && reply.kind === 'list';
      // A key that an earlier try left watched has changed: nothing happened.
      if (reply !== 'lost' && reply.kind === 'nil') {
        for (const operation of operations) this.#history.forget(operation);
        return then();
      }
      for (const [i, operation] of operations.entries()) {
        this.#settle(operation, isList ? (reply.items[i] ?? 'lost') : reply);
      }
      then();
    });
    connection.send(encodeAll([['MULTI'], ['INCR', 'n0'], ['INCR', 'n1'], ['EXEC']]));
  }

  /** An increment made of a read and a conditional write: the classic use of WATCH. */
  #watch({ client, connection, expected }: Line, then: () => void): void {
    const key = 'n2';
    const operation = this.#history.begin(client, key, { kind: 'increment', by: 1 }, this.#home.universe.nowMs);
    const giveUp = (): void => {
      this.#history.forget(operation);
      then();
    };
    const ignore = (): void => {};
    let isWatched = false;
    const watched: Expectation = (reply) => {
      isWatched = reply !== 'lost' && reply.kind === 'text';
    };
    expected.push(watched, (read) => {
      const isRead = read !== 'lost' && (read.kind === 'text' || read.kind === 'nil');
      if (!isWatched || !isRead || !connection.isOpen) return giveUp();
      const next = Number(read.kind === 'nil' ? '0' : read.text) + 1;
      expected.push(ignore, ignore, (reply) => {
        if (reply === 'lost') this.#settle(operation, reply);
        else if (reply.kind === 'list') this.#settle(operation, { kind: 'integer', value: next });
        else if (reply.kind === 'error' && reply.text.startsWith('UNKNOWN')) this.#settle(operation, reply);
        else this.#history.forget(operation);
        then();
      });
      connection.send(encodeAll([['MULTI'], ['SET', key, String(next)], ['EXEC']]));
    });
    connection.send(
      encodeAll([
        ['WATCH', key],
        ['GET', key],
      ]),
    );
  }

  #choose(): { key: string; act: Act } {
    const key = `r${this.#random.below(keys)}`;
    const value = `w${++this.#values}`;
    const draw = this.#random.fraction();
    if (draw < 0.4) return { key, act: { kind: 'get' } };
    if (draw < 0.75) return { key, act: { kind: 'put', value } };
    if (draw < 0.9) return { key, act: { kind: 'append', value } };
    return { key, act: { kind: 'delete' } };
  }

  #settle(operation: Operation, reply: RespReply | 'lost'): void {
    if (reply === 'lost' || (reply.kind === 'error' && reply.text.startsWith('UNKNOWN'))) {
      if (operation.act.kind === 'get') this.#history.forget(operation);
      return;
    }
    if (reply.kind === 'error') {
      this.#history.forget(operation);
      if (!/^(BUSY|CLUSTERDOWN|EXECABORT)/.test(reply.text))
        this.#odd.push(`${operation.act.kind} was answered ${reply.text}`);
      return;
    }
    operation.seen = seenIn(operation.act, reply);
    operation.returnedMs = this.#home.universe.nowMs;
    if (operation.seen === undefined) this.#odd.push(`${operation.act.kind} was answered ${JSON.stringify(reply)}`);
  }
}

function seenIn(act: Act, reply: RespReply): Seen | undefined {
  if (reply.kind === 'integer') return { kind: 'number', value: reply.value };
  if (act.kind === 'put' || act.kind === 'putExpiring') return { kind: 'done', isDone: reply.kind === 'text' };
  if (reply.kind === 'nil') return { kind: 'value', value: undefined };
  return reply.kind === 'text' ? { kind: 'value', value: reply.text } : undefined;
}

function wordsFor(key: string, act: Act): string[] {
  switch (act.kind) {
    case 'get':
      return ['GET', key];
    case 'put':
      return ['SET', key, act.value];
    case 'putExpiring':
      return ['SET', key, act.value, 'PX', String(act.afterMs)];
    case 'putIfAbsent':
      return ['SET', key, act.value, 'NX'];
    case 'append':
      return ['APPEND', key, act.value];
    case 'delete':
      return ['DEL', key];
    case 'increment':
      return ['INCRBY', key, String(act.by)];
  }
}

function encodeAll(commands: readonly (readonly string[])[]): Uint8Array {
  const text = commands.map(
    (words) => `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`,
  );
  return bytesOfText(text.join(''));
}
