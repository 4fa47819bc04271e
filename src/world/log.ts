/** The topic of notes that announce a step at which an end of the peer must leave nothing half done. */
export const milestoneTopic = 'milestone';

/** How much a note matters. */
export type Level = 'debug' | 'info' | 'warn' | 'error';

/** Notes for people: a log in the real world, the trace in the simulated one. Text is built only if somebody reads it. */
export interface Log {
  note(level: Level, topic: string, text: () => string): void;
}
