/** How long somebody who finishes a transaction waits for the cells that took part. */
export const finishPatienceMs = 4_000;
/** How soon a decision is logged again that could not be logged. */
export const decisionPauseMs = 200;
/** How long an outcome waits for others to be said with it, at most while some are on their way; one that may be forgotten; and how many are said together. */
export const settleWaitMs = 1;
export const settleWaitMsMax = 20;
export const forgetWaitMs = 50;
export const gatheredMax = 1_024;
/** Tries of a transaction, as long as others are in the way: from then on it goes through its cells in their order. */
export const unorderedTriesMax = 4;
/** A consistent read is tried so often before it locks what it reads. */
export const freeReadsMax = 3;
/** Pauses between tries double from the first to the last. */
export const tryPauseMs = 4;
export const tryPauseMsMax = 64;
/** The same for what comes again because a transaction was in its way. */
export const heldMs = 4;
export const heldMsMax = 128;
/** How long a write that others kept from its keys is waited for once it is given up. */
export const barPatienceMs = 1_000;
/** What one answer tells of changes. */
export const changesRowsMax = 1_024;
export const changesBytesMax = 4 * 1024 * 1024;
// Eventual writes that are answered and not done.
/** How many one peer owes its cells, and how many bytes: beyond that they are answered when they are done. */
export const owedMax = 1_024;
export const owedBytesMax = 16 * 1024 * 1024;
/** How long it tries to have one done before it gives it up. */
export const eventualPatienceMs = 60_000;
// Calls on their way to a cell.
/** Calls of one peer that wait for an answer. */
export const callsMax = 65_536;
export const callsBytesMax = 256 * 1024 * 1024;
export const groupOperationsMax = 4096;
/** How long a leader may say nothing before another member is asked. */
export const leaderSilenceMs = 400;
/** The same for a member that is asked for what need not be new: then the leader is asked. */
export const nearSilenceMs = 150;
/** How long it is remembered how fast a member answered. */
export const nearKnownMs = 60_000;
/** How often that time doubles at most, for a call that was sent again and again. */
export const silenceDoublingsMax = 2;
/** What a busy peer receives, writes and passes on at least. */
export const carriedBytesPerMs = 4096;
/** How often waiting calls are looked at. */
export const routerTickMs = 50;
/** Unknown outcomes that can be asked for, and for how long. */
export const unknownsMax = 10_000;
export const unknownKeepMs = 600_000;
/** A session idle for longer is not used again: the cell may have forgotten it. Half of `sessionIdleMsMin`. */
export const sessionRenewMs = 1_800_000;
