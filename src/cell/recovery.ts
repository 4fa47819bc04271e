import type { PeerId } from '../overlay/index.ts';
import type { Address } from '../world/index.ts';
import type { Acceptor } from './acceptor.ts';
import type { Ballot } from './ballot.ts';
import { othersOf } from './cellConfig.ts';
import type { MessageOf } from './cellMessages.ts';
import { Recall } from './recall.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** How a replica that lost synced records finds out what it may have promised, and how others help it. */
export class Recovery {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  #recall: Recall | undefined;

  constructor(context: ReplicaContext, acceptor: Acceptor) {
    this.#context = context;
    this.#acceptor = acceptor;
  }

  /** Whether all others have answered. */
  get isDone(): boolean {
    return this.#recall?.promise !== undefined;
  }

  forget(): void {
    this.#recall = undefined;
  }

  /** Somebody forgot what it promised, and asks. */
  answer(to: Address, { nonce }: MessageOf<'recover'>): void {
    if (!this.#acceptor.isPromiseDurable) return;
    this.#context.reply(to, { ...this.#header(), kind: 'recovered', nonce, promise: this.#acceptor.promise });
  }

  /** The highest promise, where this answer is the last that was missing. */
  take({ from, nonce, promise }: MessageOf<'recovered'>): Ballot | undefined {
    const recall = this.#recall;
    if (recall === undefined || recall.promise !== undefined) return undefined;
    recall.onRecovered(from, nonce, promise);
    if (recall.promise !== undefined) this.#acceptor.restorePromise(recall.promise);
    return recall.promise;
  }

  /** Asks those who have not answered. */
  ask(): void {
    const others = othersOf(this.#acceptor.config, this.#context.self);
    this.#recall ??= new Recall(
      this.#context,
      others.map(({ id }) => id),
    );
    const { missing, nonce } = this.#recall;
    for (const member of others) {
      if (missing.has(member.id)) this.#context.send(member, { ...this.#header(), kind: 'recover', nonce });
    }
  }

  #header(): { cell: string; epoch: number; from: PeerId } {
    const { cell, epoch } = this.#acceptor.config;
    return { cell, epoch, from: this.#context.self };
  }
}
