import { Caller } from './caller.mjs';
import { pause } from './town.mjs';

const prefix = 'o:watched:';
const keys = 8;
const retryMs = 300;
const lastMs = 10_000;

/** What one watch was told, over all connections that it took. */
class Spectator {
  #town;
  #at;
  #resume;
  #isOver = false;
  /** By key: the values, in the order in which they were told; `missed` where it was told that it missed some. */
  told = new Map();
  missed = 0;
  connections = 0;
  running;

  constructor(town, at) {
    this.#town = town;
    this.#at = at;
    this.running = this.#live();
  }

  end() {
    this.#isOver = true;
    return this.running;
  }

  async #live() {
    while (!this.#isOver) {
      try {
        await this.#follow();
      } catch (error) {
        // Connections end with their peers: the next one goes on behind what was told last.
        if (!(error instanceof TypeError || error.name === 'TimeoutError' || error.name === 'AbortError')) throw error;
      }
      this.#at++;
      await pause(retryMs);
    }
  }

  async #follow() {
    const { peers } = this.#town;
    const url = `http://${peers[this.#at % peers.length].http}/watch?prefix=${prefix}`;
    const headers = this.#resume === undefined ? {} : { 'last-event-id': this.#resume };
    const silence = new AbortController();
    const response = await fetch(url, { headers, signal: silence.signal });
    if (!response.ok) return void (await response.text());
    this.connections++;
    let rest = '';
    let late = setTimeout(() => silence.abort(), lastMs);
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      clearTimeout(late);
      late = setTimeout(() => silence.abort(), lastMs);
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = parts.pop();
      for (const part of parts) this.#hear(part);
      if (this.#isOver) silence.abort();
    }
    clearTimeout(late);
  }

  #hear(part) {
    const fields = new Map(
      part.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    this.#resume = fields.get('id');
    if (fields.get('event') === 'begun') return;
    const change = JSON.parse(fields.get('data'));
    if (change.kind === 'put') this.#note(change.key, Number(change.value));
    else if (change.kind === 'missed') this.#miss(change);
    else throw new Error(`nobody did what a watch was told: ${fields.get('data')}`);
  }

  #note(key, value) {
    const list = this.told.get(key);
    if (list === undefined) this.told.set(key, [value]);
    else list.push(value);
  }

  #miss({ from, to }) {
    this.missed++;
    for (let n = 0; n < keys; n++) {
      const key = `${prefix}${n}`;
      if ((from ?? '') <= key && (to === undefined || key < to)) this.#note(key, 'missed');
    }
  }
}

/** Keys with one writer each, who writes rising numbers, and watches that must be told each once and in order. */
export class Watchers {
  name = 'watches';
  figures = { done: 0, refused: 0, unknown: 0, told: 0, missed: 0, connections: 0 };
  #town;
  #spectators;
  #hasEnded = false;
  /** By key: the numbers that were written, and whether each was acknowledged. */
  #written = new Map(Array.from({ length: keys }, (_, n) => [`${prefix}${n}`, []]));

  constructor(town) {
    this.#town = town;
    this.#spectators = [0, 2].map((at) => new Spectator(town, at));
  }

  /** Client `index` alone writes the keys whose numbers are its own. */
  client(index, clients) {
    const caller = new Caller(this.#town, index);
    const own = [...this.#written.keys()].filter((_key, n) => n % clients === index);
    let turn = 0;
    return {
      step: () => this.#write(caller, own[turn++ % own.length]),
      close: () => caller.close(),
    };
  }

  async #write(caller, key) {
    const written = this.#written.get(key);
    const one = { number: written.length + 1, state: 'unknown' };
    written.push(one);
    try {
      await caller.call('SET', key, String(one.number));
      one.state = 'acknowledged';
      this.figures.done++;
    } catch (failed) {
      if (failed.mayHaveHappened === undefined) throw failed;
      if (!failed.mayHaveHappened) one.state = 'refused';
      this.figures[failed.mayHaveHappened ? 'unknown' : 'refused']++;
      await caller.turn();
    }
  }

  /** A last word for every key, which every watch must be told. */
  async readAll() {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const caller = new Caller(this.#town, 0);
    for (const key of this.#written.keys()) await this.#write(caller, key);
    caller.close();
    await pause(lastMs / 2);
    await Promise.all(this.#spectators.map((one) => one.end()));
  }

  judge() {
    const violations = [];
    for (const spectator of this.#spectators) {
      for (const [key, written] of this.#written)
        violations.push(...judgeKey(key, written, spectator.told.get(key) ?? []));
      this.figures.missed += spectator.missed;
      this.figures.connections += spectator.connections;
      for (const told of spectator.told.values()) this.figures.told += told.filter((one) => one !== 'missed').length;
    }
    return violations;
  }
}

/**
 * Told from the first number on that a watch was told; numbers that it missed are passed over where it was told so. A write of which
 * nobody knows whether it happened may happen behind later ones too, but only once.
 */
export function judgeKey(key, written, told) {
  const isCertain = (number) => written[number - 1]?.state !== 'unknown';
  const numbers = told.filter((one) => one !== 'missed');
  const violations = numbers
    .filter((one) => written[one - 1]?.state === 'refused')
    .map((one) => `${key}: a watch was told ${one}, which was refused`);
  if (new Set(numbers).size < numbers.length)
    violations.push(`${key}: a watch was told something twice: ${told.join(' ')}`);
  const certain = told.filter((one) => one === 'missed' || isCertain(one));
  let next = typeof certain[0] === 'number' ? certain[0] : 1;
  let hasMissed = false;
  for (const one of [...certain, written.length + 1]) {
    if (one === 'missed') {
      hasMissed = true;
      continue;
    }
    if (one < next) violations.push(`${key}: a watch was told ${one} behind ${next - 1}`);
    const passed = written.slice(next - 1, one - 1).filter(({ state }) => state === 'acknowledged');
    if (passed.length > 0 && !hasMissed)
      violations.push(`${key}: a watch was never told ${passed.map(({ number }) => number).join(' ')}`);
    next = one + 1;
    hasMissed = false;
  }
  return violations;
}
