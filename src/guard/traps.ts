import childProcess from 'node:child_process';
import nodeCrypto from 'node:crypto';
import dgram from 'node:dgram';
import fs from 'node:fs';
import net from 'node:net';

/** Told what was reached for, and the function of the trap, whose callers are of interest. */
export type Report = (what: string, trap: (...words: never[]) => unknown) => void;

/** Something that can be put in the place of something else, and the other way round. */
export interface Trap {
  set(): void;
  putBack(): void;
}

/** A name to be trapped: what it is called in reports, and where it is found. */
type Place = readonly [label: string, holder: object, name: string];

/** Classes of which only objects made of nothing are a way out: a date of numbers is arithmetic. */
const harmlessWithWords = new Set<unknown>([Date]);

/** Traps for all ways out that can be closed from inside the language, not set yet. */
export function trapsOf(report: Report): Trap[] {
  return [...globals(), ...moduleFunctions()].map((place) => trapFor(place, report));
}

function globals(): Place[] {
  const of = (label: string, holder: object, names: readonly string[]): Place[] =>
    names.map((name) => [label === '' ? name : `${label}.${name}`, holder, name]);
  return [
    ...of('Date', Date, ['now']),
    ...of('Math', Math, ['random']),
    ...of('performance', performance, ['now']),
    ...of('crypto', globalThis.crypto, ['randomUUID', 'getRandomValues']),
    ...of('process.hrtime', process.hrtime, ['bigint']),
    ...of('process', process, ['hrtime', 'nextTick', 'uptime', 'cpuUsage', 'memoryUsage']),
    ...of('', globalThis, ['Date', 'WeakRef', 'FinalizationRegistry', 'fetch']),
    ...of('', globalThis, ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']),
  ];
}

/** Of modules that are all ways out every function, of the others those that are. */
function moduleFunctions(): Place[] {
  const whole = { 'node:fs': fs, 'node:net': net, 'node:dgram': dgram, 'node:child_process': childProcess };
  const places = Object.entries(whole).flatMap(([label, holder]) =>
    Object.keys(holder)
      .filter((name) => /^[a-z]/.test(name) && isFunction(holder, name))
      .map((name): Place => [`${label}.${name}`, holder, name]),
  );
  const random = ['randomUUID', 'randomBytes', 'randomInt', 'randomFillSync'];
  return [...places, ...random.map((name): Place => [`node:crypto.${name}`, nodeCrypto, name])];
}

function isFunction(holder: object, name: string): boolean {
  return typeof Object.getOwnPropertyDescriptor(holder, name)?.value === 'function';
}

/** What stands in the way tells of each call, and then does what it stands for. */
function trapFor([what, holder, name]: Place, report: Report): Trap {
  const original: unknown = Reflect.get(holder, name);
  const value: unknown = new Proxy(original as new (...words: unknown[]) => object, {
    apply: function apply(target, self, words): unknown {
      report(what, apply);
      return Reflect.apply(target, self, words);
    },
    construct: function construct(target, words, newTarget): object {
      if (words.length === 0 || !harmlessWithWords.has(original)) report(`new ${what}`, construct);
      return Reflect.construct(target, words, newTarget) as object;
    },
  });
  const before = Object.getOwnPropertyDescriptor(holder, name);
  return {
    set: () => void Object.defineProperty(holder, name, { ...before, value, configurable: true }),
    // What was inherited is uncovered again.
    putBack: () => {
      if (before === undefined) Reflect.deleteProperty(holder, name);
      else Object.defineProperty(holder, name, before);
    },
  };
}
