// What may be stored.
/** The longest key. */
export const keyBytesMax = 1024;
/** The longest value. */
export const valueBytesMax = 8 * 1024 * 1024;
/** The largest command, encoded: it must fit a message between peers. */
export const commandBytesMax = 12 * 1024 * 1024;
/** The values in the answer to one command: it must fit a message between peers. */
export const answerBytesMax = 12 * 1024 * 1024;
/** Rows that one range command looks at. */
export const rangeRowsMax = 10_000;

// Sessions: what is remembered so that nothing is executed twice.
export const sessionsMax = 1024;
/** A session is kept at least this long after its last operation. */
export const sessionIdleMsMin = 3_600_000;
/** How far the clock of an opener may be from log time. Far below the shortest life of a session. */
export const sessionOpenSkewMsMax = 60_000;
/** Results kept for one session, beyond the newest. The oldest go first. */
export const sessionResultsMax = 65_536;
export const sessionResultBytesMax = 2 * 1024 * 1024;

// The state of a cell in memory.
/** Expired keys that one batch removes. */
export const purgedPerBatchMax = 128;
/** Rows of the engine kept in memory because they were read. */
export const rowCacheBytesMax = 32 * 1024 * 1024;
/** What a row in memory takes besides its key and value, about. */
export const rowOverheadBytes = 96;
/** What a table reads from the engine at once. */
export const tablePageRowsMax = 256;
export const tablePageBytesMax = 1024 * 1024;

// Calls on their way to a cell.
/** Calls of one peer that wait for an answer. */
export const callsMax = 65_536;
export const callsBytesMax = 256 * 1024 * 1024;
/** The largest group of operations that travels as one. */
export const groupBytesMax = 4 * 1024 * 1024;
export const groupOperationsMax = 4096;
/** How long a leader may say nothing before another member is asked. */
export const leaderSilenceMs = 400;
/** How often waiting calls are looked at. */
export const routerTickMs = 50;
/** Unknown outcomes that can be asked for, and for how long. */
export const unknownsMax = 10_000;
export const unknownKeepMs = 600_000;
/** A session idle for longer is not used again: the cell may have forgotten it. Half of `sessionIdleMsMin`. */
export const sessionRenewMs = 1_800_000;
