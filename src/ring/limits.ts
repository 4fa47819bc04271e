/** Peers behind it that a peer knows by name: so many may crash at once before it must be found again. */
export const successorsMax = 8;
/** Peers that hang on one branch root and are remembered; the farthest are forgotten, and find their place by asking. */
export const branchMax = 64;
/** How often a peer asks its successor who stands before it. */
export const stabiliseEveryMs = 1_000;
/** So many of these questions may stay without an answer: then the successor counts as gone. */
export const answerMissesMax = 2;
/** A predecessor that is not heard of for so many of these times does not keep its place against others. */
export const silentPeriods = 3.5;
/** How long a pointer that is asked may take to answer: then it is passed over. */
export const answerMs = 750;
/** How often all pointers are asked for anew, one after the other. */
export const pointersEveryMs = 5_000;
/** Distances of pointers go by fours, as in DKS, unless the attribute is set. */
export const arityAtFirst = 4;
/** Pointers that one peer keeps: enough for 2^24 peers at the highest arity. */
export const pointersMax = 96;
/** Hops after which a lookup is lost: far more than any ring that is whole needs. */
export const hopsMax = 128;
/** How long whoever looks for something waits before it tries again, and how often. */
export const lookupMs = 1_500;
export const lookupTriesMax = 8;
/** Lookups of one peer that are under way. */
export const lookupsMax = 1_024;
/** How long a peer that wants to join waits before it tries again. */
export const joinRetryMs = 1_000;
/** Peers that did not answer, remembered so that nobody is sent to them, and for how long. */
export const suspectsMax = 256;
export const suspectMs = 5_000;
/** Peers that a peer names when it is asked for the way to a key, besides the holder. */
export const namedMax = 4;
/** Peers that one walk asks at most, and ways that lookups of one peer are under at once. */
export const walkAsksMax = 32;
export const walksMax = 1_024;
/** Up to so many peers, as somebody estimates, everybody knows everybody; a peer gives that up when there are this many more. */
export const fullViewPeersMax = 10_000;
export const fullViewPeersSlack = 2_500;
/** How long a peer that gives up its full view asks for pointers first. */
export const pointersFirstMs = 30_000;
/**
 * How often who came and who left is passed on. 4 f S / (16 + 3 log2 n) of D1HT: 2.5 s for lives S of an hour, 10,000 peers, and
 * one lookup in a hundred (f) that goes by a view that is not up to date. Sooner, when so many events wait.
 */
export const newsEveryMs = 2_500;
export const newsMax = 64;
/**
 * How often a peer compares its view with another one, by so many numbers; and how long a part must have been the same for that.
 * Parts are small, so that most of them are quiet while some peer comes or goes every moment.
 */
export const compareEveryMs = 300_000;
export const digestBuckets = 1_024;
export const quietMs = 30_000;
/** Peers that left, remembered so that nobody brings them back. */
export const leftMax = 1_024;
/** Peers in one message when a view is fetched, and how long for an answer is waited. */
export const pageMax = 500;
export const viewRetryMs = 1_000;
