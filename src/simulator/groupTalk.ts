import { type Bytes, bytesOfText, contains, everything, type Random, textOfBytes } from '../base/index.ts';
import type { Delivered, Gathered } from '../groups/index.ts';
import type { SimulatedHost } from '../world/simulated/index.ts';
import { ringTalkEveryMs, ringTalkMs } from './limits.ts';
import type { RingResident, RingSubject } from './ringSubject.ts';

const topic = 'town';
/** How long a message to everybody may take that nobody answers. */
const spreadMs = 500;

/** Something that was said to everybody. */
interface Word {
  readonly isAsked: boolean;
  /** Who had a place when it was said. */
  readonly placed: readonly RingResident[];
  /** How often it came to each life of a peer. */
  readonly heardBy: Map<RingResident, number>;
  /** Messages that it took. */
  spreads: number;
  gathered: Gathered | undefined;
}

/** Peers of a ring say something to all of them now and then. Checks that none of it is heard twice, nor missed where nothing fails. */
export class GroupTalk {
  readonly violations: string[] = [];
  readonly #subject: RingSubject;
  readonly #random: Random;
  readonly #isClean: () => boolean;
  readonly #words: Word[] = [];
  #isTalking = false;

  /** `random` says who speaks; `isClean` whether each key has one holder, since nothing but peers failed so far. */
  constructor(subject: RingSubject, random: Random, isClean: () => boolean) {
    this.#isClean = isClean;
    this.#subject = subject;
    this.#random = random;
    subject.ears.delivered = (to, delivered) => this.#delivered(to, delivered);
    subject.ears.spreads = (payload) => this.#spreads(payload);
  }

  /** Somebody speaks every now and then, whatever fails. */
  start(): void {
    this.#isTalking = true;
    const speak = (): void => {
      const one = this.#anybody();
      if (!this.#isTalking) return;
      if (one !== undefined) this.#say(one, this.#random.chance(0.5));
      this.#subject.universe.after(ringTalkEveryMs, speak);
    };
    speak();
  }

  stop(): void {
    this.#isTalking = false;
  }

  /**
   * In a ring that is whole, while nothing fails. `isExact`: where everybody can talk to everybody what is told or asked now comes to each peer
   * exactly once (GROUP-2), and the answers of all come back; in one message each while nobody was ever lost, of whom somebody may still think. Where not
   * all can talk whoever asks is told of the keys of those that were not reached (GROUP-3).
   */
  rehearse({ isExact, isFirst }: { readonly isExact: boolean; readonly isFirst: boolean }): void {
    const { universe, residents } = this.#subject;
    const one = this.#anybody();
    if (one === undefined) return;
    const words = [this.#say(one, false), this.#say(this.#random.pick(residents), true)];
    universe.runFor(spreadMs);
    universe.runFor(ringTalkMs, () => words.every(({ isAsked, gathered }) => !isAsked || gathered !== undefined));
    if (universe.isStopped) return;
    for (const word of words) {
      if (isExact) this.#judgeHearing(word, residents);
      if (isExact && isFirst && word.spreads !== residents.length - 1) {
        this.#violate(`GROUP-2: what ${residents.length} were told took ${word.spreads} messages`);
      }
      if (word.isAsked) this.#judgeAnswers(word, residents, isExact);
    }
  }

  #delivered(to: SimulatedHost, { payload }: Delivered): void {
    const word = this.#wordOf(payload);
    const [resident] = this.#subject.seatsOf(to);
    if (word === undefined || resident === undefined) return;
    const times = (word.heardBy.get(resident) ?? 0) + 1;
    word.heardBy.set(resident, times);
    if (times > 1) this.#violate(`GROUP-1: ${to.name} heard what was said to all ${times} times`);
  }

  #spreads(payload: Bytes): void {
    const word = this.#wordOf(payload);
    if (word !== undefined) word.spreads++;
  }

  #judgeHearing(word: Word, residents: readonly RingResident[]): void {
    const kind = word.isAsked ? 'asked' : 'told';
    for (const one of residents) {
      const times = word.heardBy.get(one) ?? 0;
      if (times !== 1) this.#violate(`GROUP-2: ${one.host.name} heard what all were ${kind} ${times} times`);
    }
  }

  #judgeAnswers({ gathered }: Word, residents: readonly RingResident[], isExact: boolean): void {
    if (gathered === undefined) return this.#violate('GROUP-3: whoever asked all was told nothing');
    const { missing } = gathered;
    const answered = new Set(gathered.answers.map(({ value }) => textOfBytes(value)));
    for (const { host, self } of residents) {
      if (answered.has(host.name) || (!isExact && missing.some((range) => contains(range, self.id)))) continue;
      this.#violate(`GROUP-3: ${host.name} did not answer, and whoever asked was not told so`);
    }
  }

  /** While things fail: who is said to have answered heard it, and so did all whose keys are not said to be missing. */
  #judgeInPassing({ gathered, heardBy, placed }: Word): void {
    // Where each key has one holder nobody else can have answered for the place of one that has it all the time.
    for (const one of this.#isClean() && gathered !== undefined ? placed : []) {
      if (heardBy.has(one) || !this.#subject.isLiving(one) || one.view.predecessor === undefined) continue;
      if (gathered!.missing.some((range) => contains(range, one.self.id))) continue;
      this.#violate(`GROUP-3: ${one.host.name} heard nothing, and its keys are said to be seen to`);
    }
    const heard = new Set([...heardBy.keys()].map(({ host }) => host.name));
    for (const { value } of gathered?.answers ?? []) {
      const name = textOfBytes(value);
      if (!heard.has(name)) this.#violate(`GROUP-3: ${name} is said to have answered, and never heard`);
    }
  }

  #say({ host, self }: RingResident, isAsked: boolean): Word {
    const placed = this.#placed;
    const word: Word = { isAsked, placed, heardBy: new Map(), spreads: 0, gathered: undefined };
    const payload = bytesOfText(String(this.#words.push(word) - 1));
    this.#subject.universe.note(self.address, 'says', () => `to all, as number ${textOfBytes(payload)}`);
    const ways = this.#subject.waysOf(host)?.group;
    const message = { topic, keys: [everything], payload };
    const done = (gathered: Gathered): void => {
      word.gathered = gathered;
      this.#judgeInPassing(word);
    };
    if (isAsked) ways?.ask.tell({ ...message, done });
    else ways?.tell.tell(message);
    return word;
  }

  get #placed(): readonly RingResident[] {
    return this.#subject.residents.filter(({ view }) => view.predecessor !== undefined);
  }

  #anybody(): RingResident | undefined {
    const placed = this.#placed;
    return placed.length === 0 ? undefined : this.#random.pick(placed);
  }

  #wordOf(payload: Bytes): Word | undefined {
    return this.#words[Number(textOfBytes(payload))];
  }

  #violate(text: string): void {
    this.violations.push(`at ${this.#subject.universe.nowMs.toFixed(1)} ${text}`);
  }
}
