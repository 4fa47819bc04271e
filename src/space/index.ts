/** Space: points of two or more dimensions in the order of the ring's keys, and all that lie in a box. */
export { type Axis, boxCovers, Curve } from './curve.ts';
export type { Box, Entry } from './messages.ts';
export { Space, SpacePeer, type SpacePeerInit, type Within } from './space.ts';
