import type { Bytes } from '../base/index.ts';
import type { AccessMessage } from '../command/index.ts';
import type { CellState } from '../state/index.ts';
import type { Address } from '../world/index.ts';
import type { Copy } from './copy.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** What near reads need of the replica. */
export interface NearReadsHost {
  readonly copy: Pick<Copy, 'mayLead'>;
  readonly heartbeat: Pick<Heartbeat, 'freshness'>;
  /** Whether it may answer as the leader now, without asking anybody. */
  isLeading(): boolean;
  /** A row is damaged: this replica can answer nothing any more. */
  damaged(): void;
}

/**
 * Reads that need not be new, answered by any member: from what it has applied, which is a state that the cell had, if it can
 * show that this is not older than was asked for. Else the caller goes on to the leader.
 */
export class NearReads {
  readonly #context: ReplicaContext;
  readonly #state: CellState;
  readonly #host: NearReadsHost;
  answered = 0;

  constructor(context: ReplicaContext, state: CellState, host: NearReadsHost) {
    this.#context = context;
    this.#state = state;
    this.#host = host;
  }

  read(message: AccessMessage & { readonly kind: 'readNear' }, from: Address): void {
    const { cell, reader, reads, ageMaxMs } = message;
    const nowMs = this.#context.world.clock.wallMs();
    const answers: { id: number; result: Bytes | undefined }[] = [];
    const mayAnswer = this.#mayAnswer(ageMaxMs);
    for (const { id, command } of reads) {
      const result = mayAnswer ? this.#state.read(command, nowMs) : undefined;
      if (result === 'damaged') return this.#host.damaged();
      // What waits for something waits at the leader.
      answers.push({ id, result: typeof result === 'string' ? undefined : result });
    }
    if (mayAnswer) this.answered += reads.length;
    this.#context.answer(from, { kind: 'nearAnswers', cell, reader, answers });
  }

  #mayAnswer(ageMaxMs: number | undefined): boolean {
    const { copy, heartbeat, isLeading } = this.#host;
    if (!copy.mayLead) return false;
    if (ageMaxMs === undefined || isLeading()) return true;
    return heartbeat.freshness.isWithin(ageMaxMs, this.#state.applied.index);
  }
}
