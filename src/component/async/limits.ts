/** Promises of one interleaved handler that may be under way. Where there are as many, events wait. */
export const underWayMax = 1024;
