import type { Address } from '../world/index.ts';
import { meanOf } from './figures.ts';
import {
  answerTriesMax,
  epochCycles,
  rememberedAnswersMax,
  settledChange,
  settledExchanges,
  settlingCycles,
  silentMax,
} from './limits.ts';
import type { AverageMessage, Mass } from './messages.ts';

type Ask = Extract<AverageMessage, { kind: 'average' }>;
type Answer = Extract<AverageMessage, { kind: 'averaged' }>;
type Refusal = Extract<AverageMessage, { kind: 'refused' }>;

/** A question that waits for its answer: until it comes this peer averages with nobody else, or mass would be lost (GOS-1). */
interface Question {
  readonly with: Address;
  readonly message: Ask;
  tries: number;
}

/** What one peer holds of the averages, to be read at any time. */
export interface AverageView {
  readonly epoch: number;
  readonly mass: Mass | undefined;
  /** What it put into the epoch when that began for it. */
  readonly input: Mass | undefined;
  readonly question: Readonly<Question> | undefined;
  /** What it said last, by whom it said it to. */
  readonly answers: ReadonlyMap<Address, Answer | Refusal>;
}

/**
 * One peer's part in the averages of an epoch. Two peers that meet both hold the mean of theirs behind it, so that the sum over
 * all stays what it was (GOS-1): whoever waits for an answer refuses others, and an answer that may have been lost is asked for
 * again and given again, the same as before.
 */
export class Average implements AverageView {
  readonly #begin: () => Mass;
  readonly #tell: (epoch: number, mass: Mass, isSettled: boolean) => void;
  #epoch = 0;
  /** Undefined in an epoch that had begun before this peer heard of it. */
  #mass: Mass | undefined;
  #input: Mass | undefined;
  #cycle = 0;
  #lastNonce = 0;
  #question: Question | undefined;
  /** What was said to whom last. Whoever asks again, or is heard twice, is told the same: also that it was refused. */
  readonly #answers = new Map<Address, Answer | Refusal>();
  /** Partners that did not answer, the longest silent first. */
  readonly #silent = new Set<Address>();
  #quietExchanges = 0;

  /** `begin` gives what this peer puts into an epoch; `tell` hears what it holds behind each exchange. */
  constructor(begin: () => Mass, tell: (epoch: number, mass: Mass, isSettled: boolean) => void) {
    this.#begin = begin;
    this.#tell = tell;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get input(): Mass | undefined {
    return this.#input;
  }

  get question(): Readonly<Question> | undefined {
    return this.#question;
  }

  get answers(): ReadonlyMap<Address, Answer | Refusal> {
    return this.#answers;
  }

  /** What it holds now; undefined where it takes no part. */
  get mass(): Mass | undefined {
    return this.#mass;
  }

  /** Begins an epoch, with what this peer puts in now. What is on the way of the one before counts no more. */
  begin(epoch: number): void {
    this.#epoch = epoch;
    this.#input = this.#begin();
    this.#mass = this.#input;
    this.#cycle = 0;
    this.#question = undefined;
    this.#answers.clear();
    this.#quietExchanges = 0;
    // One of those that were silent is tried again in each epoch: so parts that were cut off from each other mix again.
    const [longest] = this.#silent;
    if (longest !== undefined) this.#silent.delete(longest);
  }

  /** Whether a partner did not answer lately: whoever waits for it averages with nobody meanwhile. */
  isSilent(partner: Address): boolean {
    return this.#silent.has(partner);
  }

  /** One cycle passed: the next epoch may begin with it. What is to be asked once more, if anything is. */
  nextCycle(): { readonly with: Address; readonly message: Ask } | undefined {
    this.#cycle++;
    if (this.#epoch > 0 && this.#cycle >= epochCycles) this.begin(this.#epoch + 1);
    const question = this.#question;
    if (question === undefined) return undefined;
    if (++question.tries <= answerTriesMax) return question;
    // It is gone, and took along what it held.
    this.#question = undefined;
    this.#silent.add(question.with);
    if (this.#silent.size > silentMax) this.#silent.delete(this.#silent.values().next().value!);
    return undefined;
  }

  /** A question to a partner. Who takes no part yet asks too: the answer says which epoch it is. */
  ask(partner: Address): Ask {
    this.#lastNonce = (this.#lastNonce + 1) >>> 0;
    const mass = this.#mass ?? { means: [], least: 0, most: 0 };
    const message: Ask = {
      kind: 'average',
      epoch: this.#mass === undefined ? 0 : this.#epoch,
      nonce: this.#lastNonce,
      mass,
    };
    if (this.#mass !== undefined) this.#question = { with: partner, message, tries: 1 };
    return message;
  }

  answer(from: Address, { epoch, nonce, mass }: Ask): Answer | Refusal {
    this.#silent.delete(from);
    this.#hearOf(epoch);
    const refusal: Refusal = { kind: 'refused', epoch: this.#epoch, nonce };
    if (epoch < this.#epoch || this.#mass === undefined) return refusal;
    const last = this.#answers.get(from);
    if (last?.nonce === nonce) return last;
    // What was asked before that is long answered, and was heard again.
    if (last !== undefined && last.nonce > nonce) return refusal;
    const said = this.#question !== undefined ? refusal : { kind: 'averaged' as const, epoch, nonce, mass: this.#mass };
    this.#remember(from, said);
    if (said.kind === 'averaged') this.#hold(meanOf(this.#mass, mass));
    return said;
  }

  answered({ epoch, nonce, mass }: Answer): void {
    if (epoch !== this.#epoch || this.#question?.message.nonce !== nonce || this.#mass === undefined) return;
    this.#question = undefined;
    this.#hold(meanOf(this.#mass, mass));
  }

  /** The partner waits itself, takes no part yet, or is in another epoch. */
  refused({ epoch, nonce }: Refusal): void {
    if (this.#question?.message.nonce === nonce) this.#question = undefined;
    this.#hearOf(epoch);
  }

  /** Whoever took part before begins a newer epoch at once; a newcomer lets the one that goes on pass by. */
  #hearOf(epoch: number): void {
    if (epoch <= this.#epoch) return;
    if (this.#epoch > 0) return this.begin(epoch);
    this.#epoch = epoch;
    this.#cycle = 0;
  }

  #remember(partner: Address, answer: Answer | Refusal): void {
    this.#answers.delete(partner);
    this.#answers.set(partner, answer);
    if (this.#answers.size > rememberedAnswersMax) this.#answers.delete(this.#answers.keys().next().value!);
  }

  #hold(next: Mass): void {
    const before = this.#mass!.means;
    this.#mass = next;
    const isQuiet = next.means.every((mean, i) => Math.abs(mean - before[i]!) <= settledChange * mean);
    this.#quietExchanges = isQuiet ? this.#quietExchanges + 1 : 0;
    this.#tell(this.#epoch, next, this.#cycle >= settlingCycles && this.#quietExchanges >= settledExchanges);
  }
}
