/** What one part of a large value takes. */
export const partBytes = 256 * 1024;
/** Parts that one transaction writes. */
export const partsPerTransaction = 16;
/** Keys that one transaction of a range's deletion takes away. */
export const deletedPerTransaction = 500;
/** Tries to read a large value that is written anew meanwhile. */
export const readTriesMax = 10;
