/** What a backup begins with. The number is the version of its format: it goes up when older programs could not read it. */
export const archiveMagic = 'selfman backup 2\n';
/** What this version reads: the first format had no collections. Both are of one length. */
export const archiveMagics = ['selfman backup 1\n', archiveMagic] as const;
/** A piece holds about so much, or one value that is larger. */
export const pieceBytesGoal = 256 * 1024;
/** No piece is longer: the largest key and value, and what stands around them. */
export const pieceBytesMax = 16 * 1024 * 1024;
