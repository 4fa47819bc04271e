/** Peers behind it that a peer knows by name: so many may crash at once before it must be found again. */
export const successorsMax = 8;
/** Peers that hang on one branch root and are remembered; the farthest are forgotten, and find their place by asking. */
export const branchMax = 64;
/** After so many times the silence that costs a predecessor its place whoever hung on a peer is forgotten. */
export const branchStaleSilences = 3;
/** How often a peer asks its successor who stands before it. */
export const stabiliseEveryMs = 1_000;
/** So many of these questions may stay without an answer: then the successor counts as gone. */
export const answerMissesMax = 2;
/** A predecessor that is not heard of for so many of these times does not keep its place against others. */
export const silentPeriods = 3.5;
/** For so many of these times a predecessor keeps its place that was never heard, and that nobody vouches for any more. */
export const unheardPeriods = 20;
/** Peers that are asked each round whether they hear a predecessor that is silent. */
export const vouchersMax = 3;
/** Over how many peers of a branch it is passed on that somebody was heard: two may each take the other for the next. */
export const vouchedHopsMax = 32;
/** Peers behind it that a peer names when it is asked whether it is there. */
export const besideMax = 3;
/** Peers that this one pings for others at a time. */
export const vouchesMax = 64;
/** How old an answer to such a ping may be to speak for the one that gave it. */
export const vouchMs = 4_000;
/** Of so many rounds in one a peer that is not between two others that hear it has its place looked for. */
export const adriftCheckRounds = 4;
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
/** Hops after somebody took the next one for the holder: so many peers pass a lookup on along branches, and then it is lost. */
export const lastHopsMax = 32;
/** How long whoever looks for something waits before it tries again, and how often. */
export const lookupMs = 1_500;
export const lookupTriesMax = 8;
/** Lookups of one peer that are under way. */
export const lookupsMax = 1_024;
/** How long a peer that wants to join waits before it tries again. */
export const joinRetryMs = 1_000;
/** Tries after which it should look for another place: who holds this one cannot be reached. */
export const joinTriesMax = 3;
/** Peers that did not answer, remembered so that nobody is sent to them, and for how long unless they are heard again. */
export const suspectsMax = 256;
export const suspectMs = 120_000;
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
/** Peers that were heard once and are remembered, and as many that were lost. */
export const knownMax = 64;
/** Lookups that a stranger starts in either ring: more of them merge rings sooner, and say more (Shafaat 2009). */
export const mergeFanOut = 2;
/** How often one of the strangers that wait is looked for. */
export const mergeEveryMs = 100;
export const strangersMax = 64;
/** How long a peer does not say the same to the same peer again while rings merge. */
export const toldMs = 2_000;
export const toldMax = 1_024;
/** After what time whoever came back is checked to be in the same ring; each time doubles it, up to about the last. */
export const returnedFirstMs = 1_500;
export const returnedLastMs = 30_000;
/** Of so many rounds in one a peer that is known is checked to be in the same ring. */
export const checkEveryRounds = 20;
/** Rounds without a successor in which nobody answers, or none is left to ask: then a peer is a ring by itself. */
export const recoveryRoundsMax = 12;
export const lonelyRoundsMax = 3;
/** Rounds in which a phase must be better before it is told. */
export const phaseRounds = 2;
/** How often two seats of a peer make sure that they are in one ring. */
export const seatsMeetEveryMs = 5_000;
/** Seats that one peer may hold, digits of the name of each, and how long one that was given up has to say goodbye. */
export const seatsMax = 64;
export const seatNameDigits = 8;
export const goodbyeMs = 50;
/** Peers whose seats are remembered, so that a broken link can be told of all of them. */
export const seatHostsMax = 1_024;
