// What a client may send.
/** How old at most the answers to reads are behind READONLY; and what SELFMAN STALE takes. */
export const readonlyStaleMs = 1_000;
export const staleMsMax = 86_400_000;
/** The longest line: an inline request, or the announcement of a length. */
export const lineBytesMax = 64 * 1024;
/** Arguments of one request. */
export const argumentsMax = 1_048_576;
/** The longest argument. Above the longest value, so that a value which is only too long is told so. */
export const argumentBytesMax = 16 * 1024 * 1024;
/** Bytes of one connection that wait to be understood: a request that is not whole yet, and what came behind it. */
export const queryBytesMax = 32 * 1024 * 1024;
/** The same of all connections together. */
export const queryBytesTotalMax = 512 * 1024 * 1024;

// What a connection may have under way.
export const clientsMax = 9_000;
/** Requests that wait for their reply. */
export const requestsMax = 1024;
/** Bytes of requests that wait for their reply. */
export const requestBytesMax = 16 * 1024 * 1024;
/** Commands that a new connection may have with the store at once, before the size of its replies is known. */
export const windowInitial = 8;
/** Bytes that the replies under way to one connection should not exceed. */
export const repliesBytesMax = 16 * 1024 * 1024;
/** Bytes that wait to be understood, above which no more are taken from the client. */
export const pauseBytes = 256 * 1024;
/** Bytes of replies that wait for a client that reads too slowly: more, and it is cut off. */
export const outputBytesMax = 64 * 1024 * 1024;
/** Above this the writer of replies is not kept. */
export const writerBytesMax = 1024 * 1024;
/** Commands of one transaction. */
export const transactionCommandsMax = 65_536;
/** Keys that one connection watches. */
export const watchesMax = 10_000;
/** How long a command waits for the store. */
export const patienceMs = 5_000;

// Waiting for something to take.
/** Clients of a peer that wait, and the keys that they wait for. */
export const waitersMax = 4_096;
export const awaitedKeysMax = 8_192;
/** Changes of such a key that are told at once. */
export const awaitedRowsMax = 1_024;
export const awaitedBytesMax = 64 * 1024;
/** Where nobody tells of changes, they are asked for no more often. */
export const lookAgainMs = 250;

// More than the store can do.
/**
 * See `AdmissionPolicy`. Answers that take longer than `leaderSilenceMs` of the store are asked for twice, so the target is below. The
 * least is what one connection may have under way, so that no client alone is ever refused anything.
 */
export const admissionPolicy = {
  callsInitial: 2_048,
  callsMin: 1_024,
  callsMax: 32_768,
  targetMs: 350,
  windowMs: 100,
  standingMs: 500,
  burstWaitMs: 2_000,
  standingWaitMs: 400,
} as const;
/** How often those who wait look whether it has been too long. */
export const reviewMs = 50;

// Listing keys.
/** Positions of scans that are remembered. */
export const cursorsMax = 16_384;
/** Keys looked at by one step of a scan. */
export const scanRowsMax = 10_000;
/** Bytes of keys that KEYS gathers. */
export const keysBytesMax = 32 * 1024 * 1024;
/** Elements that are drawn by chance at once, where one may be drawn more than once. */
export const randomCountMax = 1_000_000;
/** Characters of a name that a client gives itself. */
export const nameLengthMax = 512;
