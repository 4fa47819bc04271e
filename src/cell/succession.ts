import type { PeerId } from '../overlay/index.ts';
import type { Acceptor } from './acceptor.ts';
import { othersOf } from './cellConfig.ts';
import type { Copy } from './copy.ts';
import { takeOverMs } from './limits.ts';
import { reach } from './milestones.ts';
import type { ReplicaContext } from './replicaContext.ts';

/**
 * Who leads the next epoch: its predecessor's leader as long as it is a member, else another member, or one that was named. The lead is
 * left behind a stop-sign: all that the new leader needs is chosen then, and no lease of the epoch before binds anybody in the new one.
 */
export class Succession {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #copy: Copy;
  /** Who is to lead which epoch. */
  #named: { readonly peer: PeerId; readonly epoch: number } | undefined;
  /** Whether the epoch that is being left was led here. */
  #isLeaving = false;
  /** Who was asked to lead, in which epoch, and until when it is asked again. */
  #asked: { readonly peer: PeerId; readonly epoch: number; readonly untilMs: number } | undefined;

  constructor(context: ReplicaContext, acceptor: Acceptor, copy: Copy) {
    this.#context = context;
    this.#acceptor = acceptor;
    this.#copy = copy;
  }

  /** That member is to lead behind the stop-sign that is about to be proposed here. */
  name(peer: PeerId): void {
    this.#named = { peer, epoch: this.#acceptor.epoch + 1 };
  }

  /** The stop-sign is chosen, and this replica leads. */
  leaves(): void {
    this.#isLeaving = true;
  }

  /** In the new epoch: who is to lead it by the word of this replica; empty where that has nothing to say. */
  get heir(): PeerId {
    if (!this.#isLeaving) return '';
    const { config, epoch } = this.#acceptor;
    const isMember = (id: PeerId): boolean => config.members.some((member) => member.id === id);
    if (this.#named?.epoch === epoch && isMember(this.#named.peer)) return this.#named.peer;
    return isMember(this.#context.self) ? this.#context.self : (config.members[0]?.id ?? '');
  }

  /** In the new epoch: the others are told that it has begun, and the heir that it is to lead. True where that is here. */
  begin(): boolean {
    const { heir } = this;
    if (heir === '') return false;
    this.#isLeaving = false;
    const { config } = this.#acceptor;
    const header = { cell: config.cell, epoch: config.epoch, from: this.#context.self };
    for (const member of othersOf(config, this.#context.self)) {
      this.#context.send(member, { ...header, kind: 'ahead', chosen: this.#copy.chosen });
    }
    if (heir === this.#context.self) return true;
    reach(this.#context.world.log, 'lead/1 left');
    this.#asked = { peer: heir, epoch: config.epoch, untilMs: this.#now() + takeOverMs };
    this.#ask(heir);
    return false;
  }

  /** Asks again, as long as nobody has a ballot. */
  tick(): void {
    if (this.#asked === undefined) return;
    const { peer, epoch, untilMs } = this.#asked;
    const isOpen = this.#acceptor.epoch === epoch && this.#acceptor.promise.n === 0 && this.#now() < untilMs;
    if (isOpen) this.#ask(peer);
    else this.#asked = undefined;
  }

  #ask(peer: PeerId): void {
    const { config } = this.#acceptor;
    const heir = config.members.find(({ id }) => id === peer);
    if (heir === undefined) return;
    this.#context.send(heir, { kind: 'takeOver', cell: config.cell, epoch: config.epoch, from: this.#context.self });
  }

  #now(): number {
    return this.#context.world.clock.monotonicMs();
  }
}
