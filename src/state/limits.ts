// What may be stored.
/** The longest key. */
export const keyBytesMax = 1024;
/** The longest value. */
export const valueBytesMax = 8 * 1024 * 1024;
/** The values in the answer to one command: it must fit a message between peers. */
export const answerBytesMax = 12 * 1024 * 1024;
/** What the row of an element takes: its key, and its name or what stands for it. Below what the engine takes. */
export const elementKeyBytesMax = 1_780;
/** Sorted sets of which it is remembered where their order begins, and of how many where it ends. */
export const rememberedEndsMax = 1_024;
/** Elements of one page of a collection. */
export const pagedElementsMax = 10_000;
/** A collection of up to so many is walked through where some are wanted by chance; else rows so near to each other are. */
export const shuffledMax = 256;
export const windowRows = 64;
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
// Transactions over several cells.
/** Those that a cell remembers, and what they are to write in it: beyond, it votes for no more. */
export const transactionsMax = 65_536;
export const transactionBytesMax = 256 * 1024 * 1024;
/** So long after its beginning a transaction may be voted for, and what became of it may be asked. */
export const transactionKeepMs = 600_000;
/** How long a transaction may be undecided in a cell before the leader has it finished. */
export const overdueMs = 1_000;
export const overdueMax = 64;
// Reservations.
/** Keys of a cell that are reserved at once, and how many share one. */
export const reservationsMax = 16_384;
export const sharersMax = 64;
/** The longest lease, and how long the names of holders may be, in characters. */
export const leaseMsMax = 600_000;
export const reservationLabelMax = 128;
// The state of a cell in memory.
/** Expired keys that one batch removes. */
export const purgedPerBatchMax = 128;
/** Rows of the engine kept in memory because they were read. */
export const rowCacheBytesMax = 32 * 1024 * 1024;
/** What a row in memory takes besides its key and value, about. */
export const rowOverheadBytes = 96;
/** What a table reads from the engine at once. */
export const tableFirstPageRows = 8;
export const tablePageRowsMax = 256;
export const tablePageBytesMax = 1024 * 1024;
// What those who watch are told.
/** The last changes that a cell remembers, and what they take: who was away for more has missed some. */
export const historyChangesMax = 16_384;
export const historyBytesMax = 4 * 1024 * 1024;
/** Histories of cells that were merged, kept together for those who were away meanwhile. */
export const historyPastsMax = 8;
/** One command in so many is remembered with its key, and how many of them. */
export const demandEvery = 16;
export const demandKeysMax = 512;
