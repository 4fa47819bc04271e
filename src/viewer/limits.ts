/** How far a run is computed ahead of what is shown, so that messages can be seen on their way. */
export const aheadMs = 1;
/** Lines of the trace and moments that can be gone back to: the latest. */
export const linesMax = 60_000;
export const scenesMax = 20_000;
/** Lines of the trace that are on the page at once. */
export const linesShownMax = 40;
/** Messages that are drawn at once: the latest. */
export const messagesShownMax = 120;
/** Events that one step may take until a line comes of them. */
export const stepEventsMax = 100_000;
/** What a frame may catch up with at most, in real time, so that a page that was hidden does not freeze. */
export const frameMsMax = 100;
/** How long a stalled peer stands still. */
export const stallMs = 2_000;
