/** How long an operation waits for its cell, unless the caller says otherwise. */
export const patienceMs = 5_000;
/** Tries of a transaction that meets conflicts. */
export const attemptsMax = 30;
/** The mean pause before the second try; it doubles with each, up to the most. */
export const backOffMs = 2;
export const backOffMaxMs = 500;
/** How long a reservation outlives its last renewal: at least, at most, and where nobody says it. How often it is renewed in that time. */
export const leaseMsMin = 500;
export const leaseMsMax = 600_000;
export const leaseMsDefault = 10_000;
export const renewalsPerLease = 3;
/** How long a transaction waits for what others have reserved, over all of its tries. Pauses between looks double up to the most. */
export const lockPatienceMs = 10_000;
export const lockPauseMs = 8;
export const lockPauseMaxMs = 250;
/** Rows and bytes that one range question fetches at once. */
export const pageRowsMax = 1_000;
export const pageBytesMax = 4 * 1024 * 1024;
/** What a snapshot reads in one command: more is read page by page. */
export const snapshotRowsMax = 10_000;
export const snapshotBytesMax = 8 * 1024 * 1024;
/** How long a watch waits for a cell to say what has changed, or that nothing has. */
export const watchPatienceMs = 10_000;
/** How long a watch rests when a cell does not answer. */
export const watchRetryMs = 200;
