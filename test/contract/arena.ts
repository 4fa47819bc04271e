import type { Bytes } from '../../src/base/index.ts';
import type { System } from '../../src/component/index.ts';
import type { Platform } from '../../src/world/index.ts';

/** One run of a peer, as both worlds give it. */
export interface Run {
  readonly system: System;
  readonly platform: Platform;
}

/** The client's end of a stream. */
export interface StreamEnd {
  send(bytes: Bytes): void;
  close(): void;
  stopReading(): void;
  startReading(): void;
}

export interface StreamEars {
  data(bytes: Bytes): void;
  closed(): void;
}

/** A peer in an arena: it can end and be run again over its disk. */
export interface ArenaPeer {
  readonly platform: Platform;
  connect(ears: StreamEars): StreamEnd;
  /** Ends the run as a process ends, and runs it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A world under test: peers that are set up by the suite, and time that passes, virtual or real. */
export interface Arena {
  peer(name: string, boot: (run: Run) => void): Promise<ArenaPeer>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** What the suite drove into a fault: assertions of the components under test. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** Lets time pass until the condition holds; fails after five seconds. */
export async function until(arena: Arena, holds: () => boolean): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += 2) {
    if (waitedMs > 5000) throw new Error('it did not happen within five seconds');
    await arena.pass(2);
  }
}

/** Makes an arena for one test and closes it behind it. */
export function within(make: () => Promise<Arena>, story: (arena: Arena) => Promise<void>): () => Promise<void> {
  return async () => {
    const arena = await make();
    try {
      await story(arena);
    } finally {
      await arena.close();
    }
  };
}
