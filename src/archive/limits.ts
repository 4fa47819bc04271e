/** What a backup begins with. The number is the version of its format: it goes up when older programs could not read it. */
export const archiveMagic = 'selfman backup 1\n';
/** A piece holds about so much, or one value that is larger. */
export const pieceBytesGoal = 256 * 1024;
/** No piece is longer: the largest key and value, and what stands around them. */
export const pieceBytesMax = 16 * 1024 * 1024;
