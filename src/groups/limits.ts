/** How long whoever asks a group waits for all answers before it asks again for those that are missing. */
export const askMs = 4_000;
/** Each peer waits for those it passed the message to for this part of what it was given itself: so it can still answer. */
export const patiencePart = 0.85;
/** How often the keys that nobody answered for are asked again, and how long the ring has in between to close its gaps. */
export const askTriesMax = 4;
export const askAgainMs = 3_000;
/**
 * A message goes over so many peers in a row at most: far more than any ring that is whole needs. One for keys that nobody holds goes round
 * the ring, and a network that doubles frames doubles it again and again on its way.
 */
export const depthMax = 64;
/** Messages that a peer remembers, so that it delivers none of them twice. */
export const rememberedMax = 1_024;
/** Messages that a peer waits for answers to. */
export const gatheringsMax = 1_024;
