/** The largest command, encoded: it must fit a message between peers. */
export const commandBytesMax = 12 * 1024 * 1024;
/** The largest group of operations that travels as one. */
export const groupBytesMax = 4 * 1024 * 1024;
