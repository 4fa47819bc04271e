/** A segment of the journal: space is taken and given back in pieces of this size. */
export const segmentBytes = 8 * 1024 * 1024;
/** How often a full disk is tried again. */
export const diskRetryMs = 250;
/** Changes of one batch that reach the engine at once: more are applied in slices, so that no turn waits for them. */
export const commitSliceRows = 1000;
/** How long a connection to a peer may take to come about. */
export const connectTimeoutMs = 3000;
/** The wait before a peer is dialled again: it doubles from the first to the last, with jitter. */
export const redialFirstMs = 50;
export const redialMaxMs = 2000;
/** What one peer has sent and this one has not handled yet, before it is read no further. */
export const inboundBytesMax = 8 * 1024 * 1024;
/** The same for a client. */
export const clientInboundBytesMax = 1024 * 1024;
/** Streams of other peers that are heard at once. */
export const inboundLinksMax = 4096;
/** The longest delay that the platform's timers take. */
export const platformDelayMaxMs = 2_147_000_000;

/** Looks at the sockets before what was gathered for a peer is written. */
export const looksBeforeFlush = 3;
