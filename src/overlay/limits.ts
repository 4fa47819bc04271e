/** Peers that one system may have while every peer knows every other (deeper routing comes behind the same door). */
export const peersMax = 1024;
/** Facts spread by gossip. */
export const hintsMax = 4096;
/** The longest fact. */
export const hintBytesMax = 64 * 1024;
/** How often one peer probes one other. */
export const probeEveryMs = 250;
/** How long an answer to a probe may take before others are asked to try. */
export const probePatienceMs = 500;
/** How many others are asked. */
export const indirectProbes = 3;
/** How long a suspected peer has to object before it counts as dead. */
export const suspicionMs = 3_000;
/** How often the whole view is compared with one other peer, dead ones included: this is what heals a partition. */
export const syncEveryMs = 2_000;
/** How often a peer that wants to join asks a contact, at first and at most. */
export const joinRetryMs = 200;
export const joinRetryMaxMs = 2_000;
/** After how many unanswered rounds the attempt is reported, while it goes on. */
export const joinRoundsUntilTrouble = 8;
/** How many times a change is passed on, for each doubling of the number of peers. */
export const gossipRepeats = 3;
/** Changes that travel in one probe. */
export const gossipPerMessage = 32;
/** The random bytes of a seat's place: neighbours differ early, so that ranges are even. */
export const seatBytes = 8;
/** How often the known peers are written down, if any changed: contacts for the next start. */
export const savePeersEveryMs = 1_000;
/** Peers that are told a new fact at once. */
export const announcedTo = 8;
