import { assert, type Range } from '../base/index.ts';
import {
  type Answer,
  type OperationId,
  type SimpleAnswer,
  type TransactionName,
  twoPhaseId,
  type Work,
} from '../command/index.ts';
import type { Reply } from './access.ts';
import { divide, extentOf, join, type Part, type PlacedAnswer, participantsOf, wholePart } from './division.ts';
import type { Outcomes } from './outcomes.ts';
import { isMoved, type TransactionsHost } from './round.ts';
import type { TwoPhase } from './twoPhase.ts';

type Voted = Answer & { readonly kind: 'voted' };

/** What one try came to. Of `busy` and `refused` nothing happened, nor will it. */
export type CommitVerdict =
  | { readonly kind: 'committed'; readonly answers: readonly SimpleAnswer[]; readonly version: number }
  | { readonly kind: 'conflict' | 'busy' }
  | { readonly kind: 'refused'; readonly reason: string; readonly because?: 'locked' | 'reserved' }
  | { readonly kind: 'unknown'; readonly operation: OperationId };

export interface CommitOptions {
  readonly work: Work;
  readonly deadlineMs: number;
  /** One participant after the other, in the order of keys, each waiting for what is in the way: nobody waits in a circle. */
  readonly isOrdered: boolean;
  /** There where this peer alone decides. */
  readonly twoPhase: TwoPhase | undefined;
}

/**
 * One try to have several cells do their parts of a transaction: each is asked to prepare, at once, and logs its vote. It
 * is committed when all votes are yes and chosen: no log says so but theirs, and anybody can find it out from them.
 */
export class Commit {
  readonly #host: TransactionsHost;
  readonly #outcomes: Outcomes;
  readonly #options: CommitOptions;
  readonly #then: (verdict: CommitVerdict) => void;
  #name: TransactionName = { id: '', beganMs: 0, participants: [] };
  readonly #votes: { readonly part: Part; readonly vote: Voted }[] = [];
  readonly #failures: CommitVerdict[] = [];
  /** Parts that are asked one after the other. */
  #later: Part[] = [];
  #open = 0;

  constructor(
    host: TransactionsHost,
    outcomes: Outcomes,
    options: CommitOptions,
    then: (verdict: CommitVerdict) => void,
  ) {
    this.#host = host;
    this.#outcomes = outcomes;
    this.#options = options;
    this.#then = then;
  }

  begin(): void {
    const { work, isOrdered } = this.#options;
    const extent = extentOf(work);
    const spans = extent === undefined ? [] : this.#host.spans(extent);
    const participants = spans === undefined ? [] : participantsOf(work, spans);
    const parts = spans === undefined ? undefined : divide(wholePart(work, participants), spans);
    if (parts === undefined) return this.#then({ kind: 'busy' });
    const id = this.#host.newId();
    const { twoPhase } = this.#options;
    const name = { beganMs: this.#host.wallMs, participants };
    this.#name = { ...name, id: twoPhase === undefined ? id : twoPhaseId(this.#host.address, id) };
    twoPhase?.begin(this.#name);
    this.#open++;
    if (isOrdered) this.#later = parts;
    else for (const part of parts) this.#prepare(part);
    this.#host.reach('commit/1 begun');
    this.#close();
  }

  #prepare(part: Part): void {
    const { pieces, checks, ranges, commands } = part;
    this.#open++;
    const work = { checks, ranges, commands: commands.map(({ command }) => command) };
    const command = { kind: 'prepare', name: this.#name, pieces, ...work, waits: this.#options.isOrdered } as const;
    this.#host.ask(command, this.#options.deadlineMs, (reply) => {
      this.#take(part, reply);
      this.#close();
    });
  }

  #take(part: Part, reply: Reply): void {
    if (isMoved(reply)) return this.#divideAgain(part);
    if (reply.kind === 'unknown') return void this.#failures.push({ kind: 'unknown', operation: reply.operation });
    if (reply.kind === 'refused') return void this.#failures.push(reply);
    const { answer } = reply;
    if (answer.kind === 'voted' && answer.vote === 'yes') {
      assert(answer.answers.length === part.commands.length, 'TX-9: a vote of yes was cast under another name');
      this.#votes.push({ part, vote: answer });
    } else if (answer.kind === 'voted') this.#failures.push({ kind: answer.vote === 'no' ? 'conflict' : 'busy' });
    else this.#failures.push({ kind: 'refused', reason: 'a cell did not vote' });
  }

  /** The cell has been split, and did not vote: its parts do. */
  #divideAgain(part: Part): void {
    const [first] = part.pieces;
    const last = part.pieces.at(-1);
    const spans = first && last ? this.#host.spans({ from: first.from, to: last.to }) : undefined;
    const parts = spans === undefined ? undefined : divide(part, spans);
    if (parts === undefined || parts.length < 2) return void this.#failures.push({ kind: 'busy' });
    if (this.#options.isOrdered) this.#later.unshift(...parts);
    else for (const one of parts) this.#prepare(one);
  }

  #close(): void {
    this.#open--;
    if (this.#open > 0) return;
    const next = this.#failures.length === 0 ? this.#later.shift() : undefined;
    if (next !== undefined) return this.#prepare(next);
    const [failure] = [...this.#failures].sort((a, b) => rankOf(a) - rankOf(b));
    if (failure === undefined) this.#commit();
    else this.#abort(failure);
  }

  #commit(): void {
    const { participants } = this.#name;
    const yes = this.#votes.flatMap(({ part }) => part.pieces);
    assert(covers(yes, participants), 'TX-9: a transaction is committed although a participant did not vote yes');
    const version = this.#votes.reduce((highest, { vote }) => Math.max(highest, vote.version), 0);
    const { twoPhase } = this.#options;
    if (twoPhase === undefined) this.#committed(version);
    else twoPhase.decide(this.#name, version, () => this.#committed(version));
  }

  #committed(version: number): void {
    this.#host.reach('commit/3 decided');
    this.#then({ kind: 'committed', answers: this.#joined(version), version });
    this.#host.reach('commit/4 answered');
    this.#outcomes.committed(this.#name, version);
  }

  #abort(failure: CommitVerdict): void {
    this.#then(failure);
    // A vote that is not known may be yes, now or later: then somebody must bar it.
    const { twoPhase } = this.#options;
    twoPhase?.end(this.#name);
    if (this.#failures.some(({ kind }) => kind === 'unknown')) return (twoPhase ?? this.#outcomes).finish(this.#name);
    const locked = this.#votes.flatMap(({ part }) => part.pieces);
    if (locked.length > 0) this.#outcomes.aborted(this.#name, locked.sort(byBeginning));
  }

  #joined(version: number): SimpleAnswer[] {
    const placed: PlacedAnswer[][] = this.#options.work.commands.map(() => []);
    for (const { part, vote } of this.#votes) {
      part.commands.forEach((one, at) => {
        const answer = asOf(vote.answers[at]!, vote.version, version);
        placed[one.place]!.push({ ...one, answer });
      });
    }
    return this.#options.work.commands.map((command, place) => join(command, placed[place]!));
  }
}

/** Any refusal decides more than what is not known, and a check that does not hold more than both. */
function rankOf({ kind }: CommitVerdict): number {
  return ['conflict', 'busy', 'refused', 'unknown'].indexOf(kind);
}

/** What was written has the version of the transaction, and not of the vote. */
function asOf(answer: SimpleAnswer, vote: number, version: number): SimpleAnswer {
  return 'version' in answer && answer.version === vote ? { ...answer, version } : answer;
}

function covers(pieces: readonly Range[], whole: readonly Range[]): boolean {
  const inOrder = [...pieces].sort(byBeginning);
  return whole.every(({ from, to }) => {
    let at = from;
    for (const piece of inOrder) {
      if (piece.from > at) continue;
      if (piece.to === undefined) return true;
      if (piece.to > at) at = piece.to;
    }
    return to !== undefined && at >= to;
  });
}

function byBeginning(a: Range, b: Range): number {
  return a.from < b.from ? -1 : 1;
}
