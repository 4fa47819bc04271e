import { bytesEqual, encode } from '../base/index.ts';
import { type Answer, answer, type SimpleAnswer, type Work } from '../command/index.ts';
import type { Reply } from './access.ts';
import { divide, extentOf, join, type Part, type PlacedAnswer, participantsOf, wholePart } from './division.ts';
import { isMoved, type TransactionsHost } from './round.ts';

type Executed = Answer & { readonly kind: 'executed' };
/** The answers to the commands; or that a check did not hold; or that it is to be tried in another way. */
export type ReadVerdict = readonly SimpleAnswer[] | 'conflict' | 'changed' | { readonly reason: string };

/**
 * What several cells hold at one moment, without a word in any log: each is read, and when all have answered each is read
 * again. What is the same in both rounds was so between them (TX-14).
 */
export class ConsistentRead {
  readonly #host: TransactionsHost;
  readonly #work: Work;
  readonly #deadlineMs: number;
  readonly #then: (verdict: ReadVerdict) => void;

  constructor(host: TransactionsHost, work: Work, deadlineMs: number, then: (verdict: ReadVerdict) => void) {
    this.#host = host;
    this.#work = work;
    this.#deadlineMs = deadlineMs;
    this.#then = then;
  }

  begin(): void {
    const extent = extentOf(this.#work);
    const spans = extent === undefined ? [] : this.#host.spans(extent);
    if (spans === undefined) return this.#then('changed');
    const parts = divide(wholePart(this.#work, participantsOf(this.#work, spans)), spans);
    if (parts === undefined) return this.#then('changed');
    this.#readAll(parts, (first) => {
      this.#readAll(parts, (second) => {
        const isStill = second.every((one, i) => isUnchanged(parts[i]!, first[i]!, one));
        this.#then(isStill ? this.#joined(parts, first) : 'changed');
      });
    });
  }

  /** Reads every part once; `then` is told only if all could be read. */
  #readAll(parts: readonly Part[], then: (answers: readonly Executed[]) => void): void {
    const answers: Executed[] = [];
    const failures: Reply[] = [];
    let open = parts.length;
    if (open === 0) return then(answers);
    parts.forEach(({ checks, ranges, commands }, i) => {
      const command = { kind: 'transaction', checks, ranges, commands: commands.map((one) => one.command) } as const;
      this.#host.ask(command, this.#deadlineMs, (reply) => {
        if (reply.kind === 'done' && reply.answer.kind === 'executed') answers[i] = reply.answer;
        else failures.push(reply);
        open--;
        if (open > 0) return;
        if (failures.length > 0) this.#then(verdictOf(failures));
        else then(answers);
      });
    });
  }

  #joined(parts: readonly Part[], answers: readonly Executed[]): SimpleAnswer[] {
    const placed: PlacedAnswer[][] = this.#work.commands.map(() => []);
    parts.forEach(({ commands }, i) => {
      commands.forEach((one, at) => void placed[one.place]!.push({ ...one, answer: answers[i]!.answers[at]! }));
    });
    return this.#work.commands.map((command, place) => join(command, placed[place]!));
  }
}

function verdictOf(failures: readonly Reply[]): ReadVerdict {
  const refused = failures.find(({ kind }) => kind === 'refused');
  if (refused?.kind === 'refused') return { reason: refused.reason };
  const hasConflict = failures.some((reply) => reply.kind === 'done' && reply.answer.kind === 'conflict');
  return hasConflict && !failures.some(isMoved) ? 'conflict' : 'changed';
}

/**
 * Where nothing was written in the cell since, only time can have changed an answer. Where something was, values say by
 * their versions that they are those of before; what is not there says nothing of the kind.
 */
function isUnchanged({ checks, ranges }: Part, first: Executed, second: Executed): boolean {
  const before = encode(answer, { ...first, version: 0 });
  if (!bytesEqual(before, encode(answer, { ...second, version: 0 }))) return false;
  if (first.version === second.version) return true;
  return ranges.length === 0 && checks.every(({ version }) => version > 0) && first.answers.every(isVersioned);
}

function isVersioned(one: SimpleAnswer): boolean {
  return one.kind === 'many' ? one.answers.every(isVersioned) : one.kind === 'value' && one.version > 0;
}
