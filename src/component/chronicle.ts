import { chronicleEntriesMax } from './limits.ts';

/** What became of one reconfiguration. */
export interface ChronicleEntry {
  /** Counts the reconfigurations of a system from 1. */
  readonly number: number;
  /** Who asked for it, in the words of whoever did. */
  readonly by: string;
  /** When it ended, by the clock of the system. */
  readonly atMs: number;
  readonly outcome: 'done' | 'dry run' | 'refused';
  /** Why it was refused; undefined where it was not. */
  readonly reason: string | undefined;
  /** What was done, or done and undone, in words. */
  readonly steps: readonly string[];
  /** How long no event was handled because of it. */
  readonly pauseMs: number;
  /** How long components were drained before. */
  readonly drainedMs: number;
  /** Events that channels kept while they were. */
  readonly heldEvents: number;
  /** Events that waited for components which were replaced, and went to their successors. */
  readonly carriedEvents: number;
}

/** The reconfigurations of a system, the last so many of them. */
export class Chronicle {
  readonly #entries: ChronicleEntry[] = [];
  #number = 0;

  get entries(): readonly ChronicleEntry[] {
    return [...this.#entries];
  }

  add(entry: Omit<ChronicleEntry, 'number'>): void {
    this.#entries.push({ number: ++this.#number, ...entry });
    if (this.#entries.length > chronicleEntriesMax) this.#entries.shift();
  }
}
