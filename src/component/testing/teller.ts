import type { Fault } from '../index.ts';
import { isLike } from './likeness.ts';
import { Block, loopOf, mixtureOf, type Part, type Seen } from './plot.ts';
import type { Times } from './story.ts';
import { type AnyTested, type Side, Surroundings } from './surroundings.ts';
import { wordsOf } from './wording.ts';

type Fits = (seen: Seen) => boolean;
type ByEvent<F> = Readonly<Record<string, F>>;
type Say = (payload: unknown) => void;

/** What a story does to its component while it is told. */
export interface Stage {
  give(side: Side, port: string, event: string, choose: (say: Say) => Say, payload: unknown): void;
  watch(side: Side, port: string, event: string, type: object): void;
  wait(durationMs: number): void;
  quiet(durationMs: number, block: Block): void;
  inspect(isRight: (state: unknown) => boolean): void;
}

const asItIs = (say: Say): Say => say;

/** Writes down the parts of a story while the function that tells it runs. */
export class Teller {
  readonly #definition: AnyTested;
  readonly #stage: Stage;
  #block: Block;

  constructor(definition: AnyTested, stage: Stage, patienceMs: number) {
    this.#definition = definition;
    this.#stage = stage;
    this.#block = new Block(undefined, patienceMs);
  }

  get block(): Block {
    return this.#block;
  }

  get words(): object {
    const stage = this.#stage;
    return {
      provides: this.#ports('provides'),
      requires: this.#ports('requires'),
      fault: (isRight?: (fault: Fault) => boolean) => this.#fault(isRight),
      either: (...blocks: (() => void)[]) =>
        this.#add({ kind: 'either', branches: blocks.map((tell) => this.#told(tell)) }),
      unordered: (tell: () => void) => this.#add(mixtureOf(this.#told(tell).parts)),
      repeat: (times: Times, tell: () => void) => this.#repeat(times, tell),
      within: (patienceMs: number, tell: () => void) => this.#add(this.#told(tell, patienceMs)),
      wait: (durationMs: number) => this.#act(`${durationMs} ms to go by`, () => stage.wait(durationMs)),
      quiet: (durationMs: number) => {
        const block = this.#block;
        this.#act(`${durationMs} ms of quiet`, () => stage.quiet(durationMs, block));
      },
      inspect: (isRight: (state: unknown) => boolean) => this.#act('an inspection', () => stage.inspect(isRight)),
    };
  }

  #ports(side: Side): Readonly<Record<string, object>> {
    const ports = Object.entries(this.#definition[side]);
    return Object.fromEntries(
      ports.map(([name, { requests, indications }]) => {
        const [hears, says] = side === 'provides' ? [requests, indications] : [indications, requests];
        return [name, this.#port(side, name, Object.keys(hears), Object.keys(says))];
      }),
    );
  }

  #port(side: Side, port: string, hears: readonly string[], says: readonly string[]): object {
    const name = Surroundings.nameOf(this.#definition, side, port);
    const each = <F>(events: readonly string[], make: (event: string) => F): ByEvent<F> =>
      Object.fromEntries(events.map((event) => [event, make(event)]));
    const expected = (event: string, match: readonly unknown[]) => expectationOf(`${name}.${event}`, match);
    return {
      trigger: each(hears, (event) => this.#trigger(side, port, event)),
      expect: each(says, (event) => this.#expectation(side, port, event)),
      answer: each(says, (event) => (reply: string, make: (payload: unknown) => unknown, ...match: unknown[]) => {
        const answer = (seen: Seen): void => this.#stage.give(side, port, reply, asItIs, make(seen.payload));
        this.#expect(expected(event, match), answer);
      }),
      allow: each(
        says,
        (event) =>
          (...match: unknown[]) =>
            this.#block.allow(expected(event, match).fits),
      ),
      drop: each(
        says,
        (event) =>
          (...match: unknown[]) =>
            this.#block.drop(expected(event, match).fits),
      ),
    };
  }

  #expectation(side: Side, port: string, event: string): object {
    const name = `${Surroundings.nameOf(this.#definition, side, port)}.${event}`;
    const any = (...match: unknown[]): void => this.#expect(expectationOf(name, match), undefined);
    const of =
      (type: { readonly name: string }) =>
      (...match: unknown[]): void => {
        this.#stage.watch(side, port, event, type);
        const { words, fits } = expectationOf(name, match);
        const isOfType: Fits = (seen) => seen.types.includes(type) && fits(seen);
        this.#expect({ words: words.replace(name, `${name} of ${type.name}`), fits: isOfType }, undefined);
      };
    return Object.assign(any, { of });
  }

  #trigger(side: Side, port: string, event: string): object {
    const by =
      (choose: (say: Say) => Say) =>
      (payload?: unknown): void => {
        const words = `${port}.${event} to be given`;
        const made = (): unknown => (typeof payload === 'function' ? payload() : payload);
        this.#act(words, () => this.#stage.give(side, port, event, choose, made()));
      };
    const of = (type: unknown) => by((say) => (say as unknown as { of(type: unknown): Say }).of(type));
    return Object.assign(by(asItIs), { of });
  }

  #fault(isRight: ((fault: Fault) => boolean) | undefined): void {
    const fits: Fits = ({ direction, payload }) => direction === 'fault' && (isRight?.(payload as Fault) ?? true);
    this.#expect({ words: `a fault${isRight === undefined ? '' : ` ${wordsOf(isRight)}`}`, fits }, undefined);
  }

  #repeat(times: Times, tell: () => void): void {
    const { min = 0, max = Number.POSITIVE_INFINITY } = typeof times === 'number' ? { min: times, max: times } : times;
    this.#add(loopOf(this.#told(tell), min, max));
  }

  #told(tell: () => void, patienceMs = this.#block.patienceMs): Block {
    const outer = this.#block;
    const block = new Block(outer, patienceMs);
    this.#block = block;
    tell();
    this.#block = outer;
    return block;
  }

  #expect({ words, fits }: { words: string; fits: Fits }, reply: ((seen: Seen) => void) | undefined): void {
    this.#add({ kind: 'expect', block: this.#block, words, fits, reply });
  }

  #act(words: string, run: () => void): void {
    this.#add({ kind: 'act', block: this.#block, words, run });
  }

  #add(part: Part): void {
    this.#block.parts.push(part);
  }
}

function expectationOf(name: string, match: readonly unknown[]): { words: string; fits: Fits } {
  if (match.length === 0) return { words: name, fits: (seen) => isOut(seen, name) };
  const [expected] = match;
  const isRight = (payload: unknown): boolean =>
    typeof expected === 'function' ? expected(payload) === true : isLike(payload, expected);
  return { words: `${name} ${wordsOf(expected)}`, fits: (seen) => isOut(seen, name) && isRight(seen.payload) };
}

function isOut({ direction, name }: Seen, wanted: string): boolean {
  return direction === 'out' && name === wanted;
}
