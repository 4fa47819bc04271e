import { assert } from '../../base/index.ts';
import type { Definition, Ports, Supervision } from '../index.ts';
import { patienceMs } from './limits.ts';
import type { Act, Block, Seen } from './plot.ts';
import { Reader } from './reader.ts';
import { Account, nameOf, type StoryError } from './report.ts';
import type { Story } from './story.ts';
import { type AnyTested, type Side, Surroundings } from './surroundings.ts';
import { type Stage, Teller } from './teller.ts';
import { VirtualTime } from './virtualTime.ts';
import { wordsOf } from './wording.ts';

interface Setting {
  /** The clock of the story, where the component is to be given it too. */
  readonly time?: VirtualTime;
  /** How long an expected event may take, in milliseconds of virtual time; by default 1000. */
  readonly patienceMs?: number;
  /** What becomes of the component at a fault; by default it goes on. */
  readonly supervise?: Supervision;
}

/** Where a component is tested: its init, if it takes one, and what surrounds it. */
export type CheckOptions<I> = Setting & (I extends void ? { readonly init?: undefined } : { readonly init: I });

/**
 * Runs one component alone and holds what it does against a story of its event stream. The story is told first, and then
 * followed: what is to be done is done as soon as it is next, and all that comes must be expected, allowed or dropped. Where
 * nothing comes, time goes on. Throws a StoryError with what was seen and what was expected.
 */
export function check<Pv extends Ports, Rq extends Ports, I, S>(
  definition: Definition<Pv, Rq, I, S>,
  options: CheckOptions<I>,
  tell: (story: Story<Pv, Rq, S>) => void,
): void {
  const run = new Run(definition as unknown as AnyTested, options, options.init);
  run.tell(tell as (story: object) => void);
  run.follow();
}

class Run implements Stage {
  readonly #time: VirtualTime;
  readonly #surroundings: Surroundings;
  readonly #account: Account;
  readonly #definition: AnyTested;
  readonly #teller: Teller;
  #reader: Reader;
  #lastMs: number;

  constructor(definition: AnyTested, setting: Setting, init: unknown) {
    const { time = new VirtualTime(), supervise = { on: 'resume' } } = setting;
    this.#time = time;
    this.#definition = definition;
    this.#account = new Account(definition.name);
    this.#surroundings = new Surroundings(definition, init, supervise, time);
    this.#teller = new Teller(definition, this, setting.patienceMs ?? patienceMs);
    this.#reader = new Reader(this.#teller.block);
    this.#lastMs = time.nowMs();
  }

  tell(tell: (story: object) => void): void {
    tell(this.#teller.words);
  }

  follow(): void {
    this.#reader = new Reader(this.#teller.block);
    this.#surroundings.start();
    while (this.#goOn());
  }

  /** One event, one act or one wait further; false at the end. */
  #goOn(): boolean {
    const { acts, ways } = this.#reader;
    if (acts.length === 1 && ways.size === 1) {
      this.#do(acts[0]!);
      return true;
    }
    const seen = this.#next();
    if (seen !== undefined) this.#take(seen);
    else if (acts.length > 0) this.#do(this.#theOne(acts));
    else if (this.#reader.mayEnd) return false;
    else this.#letTimePass();
    return true;
  }

  #next(): Seen | undefined {
    const { seen } = this.#surroundings;
    if (seen.length === 0) this.#time.settle();
    return seen.shift();
  }

  #take(seen: Seen): void {
    if (this.#reader.drops(seen)) {
      this.#account.add(seen, '   (dropped)');
      return;
    }
    const expected = this.#reader.take(seen);
    if (expected === undefined) {
      this.#refuse(seen);
      return;
    }
    this.#account.add(seen);
    this.#lastMs = seen.atMs;
    const replies = expected.filter(({ reply }) => reply !== undefined);
    if (replies.length > 1) throw this.#failure('the story answers one event twice', this.#wanted());
    replies[0]?.reply?.(seen);
  }

  /** What fits nowhere may follow upon what the story has still to do. */
  #refuse(seen: Seen): void {
    const { acts } = this.#reader;
    if (acts.length === 1) {
      this.#do(acts[0]!);
      this.#surroundings.seen.unshift(seen);
      return;
    }
    const wanted = this.#wanted();
    this.#account.add(seen, '   <- this');
    const reason = seen.direction === 'fault' ? `it failed ${nameOf(seen)}` : `nobody expected ${nameOf(seen)}`;
    const failure = this.#failure(reason, wanted);
    if (seen.direction === 'fault') failure.cause = (seen.payload as { error: unknown }).error;
    throw failure;
  }

  #theOne(acts: readonly Act[]): Act {
    if (acts.length === 1) return acts[0]!;
    throw this.#failure('the story does not say what is to be done', this.#wanted());
  }

  #do(act: Act): void {
    this.#reader.done(act);
    act.run();
    this.#lastMs = this.#time.nowMs();
  }

  #letTimePass(): void {
    const nextMs = this.#time.nextMs ?? Number.POSITIVE_INFINITY;
    const wanted = this.#wanted();
    const waitedMs = Math.max(...this.#reader.expectations.map(({ block }) => block.patienceMs));
    this.#reader.impatient(nextMs - this.#lastMs);
    if (this.#reader.ways.size === 0) throw this.#failure(`nothing came for ${waitedMs} ms`, wanted);
    this.#time.advanceTo(nextMs);
  }

  /** What came and nobody has looked at yet belongs to the account too. */
  #failure(reason: string, wanted: readonly string[]): StoryError {
    for (const seen of this.#surroundings.seen) this.#account.add(seen, '   (not looked at)');
    return this.#account.failure(reason, wanted);
  }

  #wanted(): readonly string[] {
    const { acts, expectations, mayEnd } = this.#reader;
    return [...[...expectations, ...acts].map(({ words }) => words), ...(mayEnd ? ['the end'] : [])];
  }

  give(side: Side, port: string, event: string, choose: Parameters<Stage['give']>[3], payload: unknown): void {
    const name = `${Surroundings.nameOf(this.#definition, side, port)}.${event}`;
    this.#account.add({ atMs: this.#time.nowMs(), direction: 'in', name, payload, types: [] });
    this.#surroundings.give(side, port, event, choose, payload);
  }

  watch(side: Side, port: string, event: string, type: object): void {
    this.#surroundings.watch(side, port, event, type);
  }

  wait(durationMs: number): void {
    this.#time.advanceTo(this.#time.nowMs() + durationMs);
  }

  quiet(durationMs: number, block: Block): void {
    this.#time.settle();
    this.wait(durationMs);
    for (const seen of this.#surroundings.seen.splice(0)) {
      if (block.drops(seen) || block.allows(seen)) {
        this.#account.add(seen);
        continue;
      }
      this.#account.add(seen, '   <- this');
      throw this.#failure(`${nameOf(seen)} broke the quiet`, [`${durationMs} ms of quiet`]);
    }
  }

  inspect(isRight: (state: unknown) => boolean): void {
    this.#time.settle();
    const { state } = this.#surroundings;
    assert(state !== undefined, () => `${this.#definition.name} gives out no state that could be inspected`);
    const known = state.dump();
    if (!isRight(known)) throw this.#failure(`it knows ${wordsOf(known)}`, [`a state ${wordsOf(isRight)}`]);
  }
}
