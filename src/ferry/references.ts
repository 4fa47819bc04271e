import {
  encode,
  MalformedError,
  must,
  parse,
  type Reader,
  type Result,
  type Schema,
  type Writer,
} from '../base/index.ts';
import { type Border, encodeAcross, type Hearer, parseAcross } from '../component/index.ts';
import type { Address } from '../world/index.ts';
import { DistantRef, type Lost, type Told } from './distantRef.ts';
import { referencesMax } from './limits.ts';
import { crossings, forgotten, type Item, told } from './messages.ts';

/** A reference of this peer that the other one holds. */
interface Given {
  readonly hearer: Hearer<never>;
  readonly schema: Schema<unknown>;
  /** Where it is of a third peer: ends the watch of its loss. */
  readonly unwatch: () => void;
}

/** What references need of their passage. */
export interface Passing {
  readonly home: string;
  readonly peer: Address;
  readonly send: (item: Item) => void;
  /** How many events for a reference of the other peer are on their way. */
  readonly countUnconfirmed: (number: number) => number;
  /** Takes what somebody here tells a reference of the other peer. */
  readonly post: Hearer<Told>;
}

/**
 * The references that crossed one passage, both ways. They last as long as it does; of those that were given away, the one that
 * was used longest ago is forgotten where there are too many, and who holds it is told.
 */
export class References implements Border {
  readonly #passing: Passing;
  /** What used last comes last. */
  readonly #given = new Map<number, Given>();
  readonly #numbers = new Map<Hearer<never>, number>();
  readonly #held = new Map<number, DistantRef>();
  #lastNumber = 0;
  #isOver = false;

  constructor(passing: Passing) {
    this.#passing = passing;
  }

  get home(): string {
    return this.#passing.home;
  }

  /** Its number, twice, and one more where it is of the peer that reads it; 0 where it leads nowhere. */
  writeReference(writer: Writer, hearer: Hearer<never>, schema: Schema<unknown>): void {
    const distant = hearer instanceof DistantRef ? hearer : undefined;
    if (distant?.isLost === true) writer.varint(0);
    else if (distant !== undefined && this.#held.get(distant.number) === distant) writer.varint(distant.number * 2 + 1);
    else writer.varint(this.#give(hearer, schema) * 2);
  }

  readReference(reader: Reader, schema: Schema<unknown>): Hearer<unknown> {
    const code = reader.varint();
    const number = Math.floor(code / 2);
    if (code === 0) return this.#lostOne(schema);
    if (code % 2 === 0) return this.#hold(number, schema);
    return (this.#given.get(number)?.hearer as Hearer<unknown> | undefined) ?? this.#lostOne(schema);
  }

  /** What is to be sent of that which somebody here told a reference of the other peer. */
  itemOf({ to, event }: Told): Item & { readonly reference: number } {
    to.waiting--;
    const payload = encode(told, { number: to.number, event: encodeAcross(this, to.schema, event) });
    return { crossing: crossings.tell, payload, reference: to.number };
  }

  /** An event came for a reference that was given, or word that one which is held was forgotten. */
  hear({ crossing, payload }: Item): void {
    if (crossing === crossings.tell) this.#tell(read(parse(told, payload)));
    else this.#forgotten(read(parse(forgotten, payload)));
  }

  /** The passage is over. */
  end(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const { unwatch } of this.#given.values()) unwatch();
    this.#given.clear();
    this.#numbers.clear();
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const one of held) one.lose(this.#lossOf(one, reason));
  }

  #give(hearer: Hearer<never>, schema: Schema<unknown>): number {
    const known = this.#numbers.get(hearer);
    if (known !== undefined && this.#given.get(known)?.schema === schema) {
      this.#used(known);
      return known;
    }
    if (this.#given.size >= referencesMax)
      this.#forget(
        must(first(this.#given), () => 'none was given'),
        'so many came after it',
      );
    const number = ++this.#lastNumber;
    const unwatch =
      hearer instanceof DistantRef ? hearer.watch({ tell: ({ reason }) => this.#forget(number, reason) }) : () => {};
    this.#numbers.set(hearer, number);
    this.#given.set(number, { hearer, schema, unwatch });
    return number;
  }

  #used(number: number): void {
    const given = this.#given.get(number)!;
    this.#given.delete(number);
    this.#given.set(number, given);
  }

  #forget(number: number, reason: string): void {
    const given = this.#given.get(number);
    if (given === undefined) return;
    given.unwatch();
    this.#given.delete(number);
    if (this.#numbers.get(given.hearer) === number) this.#numbers.delete(given.hearer);
    this.#passing.send({ crossing: crossings.forget, payload: encode(forgotten, { number, reason }) });
  }

  #hold(number: number, schema: Schema<unknown>): DistantRef {
    const known = this.#held.get(number);
    if (known !== undefined) return known;
    if (this.#held.size >= referencesMax) throw new MalformedError(`${referencesMax} references are held already`);
    const made = new DistantRef(number, schema, this.#passing.post);
    this.#held.set(number, made);
    return made;
  }

  #lostOne(schema: Schema<unknown>): DistantRef {
    const made = new DistantRef(0, schema, this.#passing.post);
    made.lose(this.#lossOf(made, 'it was lost before it came here'));
    return made;
  }

  #tell({ number, event }: { readonly number: number; readonly event: Item['payload'] }): void {
    const given = this.#given.get(number);
    if (given === undefined) return;
    this.#used(number);
    // A copy is read, since events may outlive the turn in which their message came.
    const known = read(parseAcross(this, given.schema, event.slice()));
    (given.hearer as Hearer<unknown>).tell(known);
  }

  #forgotten({ number, reason }: { readonly number: number; readonly reason: string }): void {
    const held = this.#held.get(number);
    if (held === undefined) return;
    this.#held.delete(number);
    held.lose(this.#lossOf(held, reason));
  }

  #lossOf(one: DistantRef, reason: string): Lost {
    const unconfirmed = one.waiting + this.#passing.countUnconfirmed(one.number);
    return { kind: 'lost', peer: this.#passing.peer, reason, unconfirmed };
  }
}

function first<K>(map: ReadonlyMap<K, unknown>): K | undefined {
  for (const key of map.keys()) return key;
  return undefined;
}

function read<T>(outcome: Result<T, string>): T {
  if (!outcome.ok) throw new TypeError(`what came for a reference cannot be read: ${outcome.error}`);
  return outcome.value;
}
