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
/** How large the circle of a ring is drawn at most. */
export const ringRadiusMax = 235;
/** How far those who hang on a branch stand outside their circle, for each pointer to its root up to so many. */
export const orbitPxMin = 13;
export const orbitPxMax = 30;
export const orbitsMax = 3;
/** The height of the shelf for rings of one or two beside larger ones, and for peers in no ring. */
export const shelfPx = 64;
/** How large a peer is drawn, and from what size on the letter of its phase can be read in it. */
export const markRadiusMin = 4;
export const markRadiusMax = 10;
export const letteredRadiusMin = 6.5;
/** How long an arrow must be for a head. */
export const headedPx = 12;
/** How long a peer takes for most of its way, in real time, when its place in the picture changes. */
export const easingMs = 110;
/** How near the pointer must come to a peer. */
export const pointerPx = 18;
/** Sentences of the verdict that are shown. */
export const sentencesMax = 4;
