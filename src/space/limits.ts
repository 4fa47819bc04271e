/** Bits of a key for each axis: steps of 2 m on the way around the Earth. */
export const bitsPerAxis = 24;
/** Axes of one space. */
export const axesMax = 4;
/** Ranges of keys that stand for a box: more of them fit it closer, and make its messages longer. */
export const rangesMax = 48;
/** Entries in one message. */
export const entriesMax = 64;
