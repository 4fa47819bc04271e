/** Events that may be on the way to another peer without its word that they came. Where there are as many, the component waits. */
export const windowItems = 1024;
/** An event that goes to another peer may have so many bytes. */
export const itemBytesMax = 1_048_576;
/** A message holds no more than this, unless one event alone is larger. */
export const messageBytesGoal = 262_144;
/** How often a ferry looks at its passages. */
export const lookMs = 100;
/** How long it waits for word of what it sent before it sends it again. */
export const resendMs = 200;
/** How often it gives word of itself where there is nothing to send. */
export const beatMs = 1000;
/** Who is silent for so long is taken to be gone. */
export const silenceMs = 10_000;
/** Components of other peers that may be guests here. */
export const guestsMax = 4096;
/** References that one peer may have given the other over one passage. */
export const referencesMax = 16_384;
