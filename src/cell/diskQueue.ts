import type { JournalPosition } from '../world/index.ts';

interface Waiting {
  readonly upTo: number;
  readonly then: () => void;
}

/** What waits for the disk, in the order in which it was written: journal positions and commits both keep it. */
export class DiskQueue {
  #appends: Waiting[] = [];
  #commits: Waiting[] = [];

  whenDurable(position: JournalPosition, then: () => void): void {
    this.#appends.push({ upTo: position, then });
  }

  whenCommitted(ticket: number, then: () => void): void {
    this.#commits.push({ upTo: ticket, then });
  }

  durable(upTo: JournalPosition): void {
    this.#appends = release(this.#appends, upTo);
  }

  committed(ticket: number): void {
    this.#commits = release(this.#commits, ticket);
  }
}

/** Runs what has been waited for. What that adds stands behind, so it is kept with the rest. */
function release(waiting: Waiting[], upTo: number): Waiting[] {
  let count = 0;
  while (count < waiting.length && waiting[count]!.upTo <= upTo) waiting[count++]!.then();
  return count === 0 ? waiting : waiting.slice(count);
}
