/** Bytes that are on the way to a worker, and as many back, unless a placement says otherwise. A power of two. */
export const ringBytes = 1_048_576;
/** Events are handed over when they are so many bytes, or when the turn is over. */
export const chunkBytes = 16_384;
/** Chunks that are taken from a ring before the thread lets other things happen. */
export const chunksPerTurn = 64;
