/** Peers that one system may have while every peer knows every other (deeper routing comes behind the same door). */
export const peersMax = 1024;
/** Facts spread by gossip. */
export const hintsMax = 4096;
/** The longest fact. */
export const hintBytesMax = 64 * 1024;

// Who watches whom.
/** Observers of each peer, and subjects of each; in a smaller system everybody watches everybody. */
export const observersMax = 10;
/** Of so many observers or fewer all must agree that a peer is gone; of more, all but one. */
export const unanimousMax = 4;
/** One in so many observers is enough to hold a decision up until it is known what they doubt. */
export const doubtShare = 3;
/** How often a peer probes one of its subjects. */
export const probeEveryMs = 140;
/** A subject is probed no more often than this while it answers, and this often while it does not. */
export const edgeEveryMs = 250;
/** How long an answer may take before others are asked to try: twice this before any answer was measured. */
export const patienceMsMin = 100;
export const patienceMsMax = 1_000;
/** Deviations of the measured round trip that are waited for beyond its mean (Jacobson). */
export const patienceDeviations = 4;
/** How many others are asked, and after how long they say that they hear nothing either. */
export const indirectProbes = 3;
export const nackMs = 80;
/** What an asker waits for longer than that: the way to the helper and back. */
export const nackSlackMs = 40;
/** The highest local health multiplier (Lifeguard), and the one up to which a peer trusts what it measures of losses. */
export const healthMax = 8;
export const healthTrusted = 2;
/** How long a silent peer stays suspected: the longest, and the shortest once so many observers confirm it (Lifeguard). */
export const suspicionMsMax = 6_000;
export const suspicionMsMin = 3_000;
export const confirmations = 3;
/** A timer that is late by so many periods says that this peer itself stood still. */
export const lateTicks = 4;

/** Who watches whom is worked out anew no more often than this for each peer: in a large system it costs time. */
export const rearrangeMsPerPeer = 0.5;

// A subject that answers now and then: outcomes of direct probes and of helpers that are remembered.
export const outcomesKept = 12;
/** Failures among them that make an edge count as down, and those down to which it has to come to count as up again. */
export const failuresDown = 9;
export const failuresUp = 4;
/** Of so many helpers' outcomes at least this share failed too, or the link alone is to blame. */
export const helpersAsked = 4;
export const helpersFailed = 0.6;

// Agreement on who is cut out.
/** How long a cut must stay the same before it is voted for. */
export const cutStableMs = 100;
/** After so long in doubt a peer holds up no decision about others, and whoever measures losses on it says so. */
export const reinforceMs = 8_000;
/** How often the votes known are passed on, and to how many. */
export const voteEveryMs = 100;
export const voteFanOut = 2;
/** Different cuts voted for at once that are remembered. */
export const talliesMax = 32;
/** In a system up to this size everybody is told at once. */
export const tellAllMax = 9;
/** How long identical votes are waited for before a coordinator asks, and how long the next one waits for it. */
export const fastRoundMs = 2_000;
export const coordinatorEveryMs = 400;
/** How long a decision is waited for before a peer goes on by its own observers. */
export const agreementMs = 5_000;
/** Buried for so long while a quorum is there: the others agree on it too. */
export const buriedMs = 10_000;

// What is told.
/** How often the view is compared with one other peer, and with a dead one if there is any: this heals a partition. */
export const syncEveryMs = 2_000;
/** Parts of the view that are compared each by itself. */
export const sections = 64;
/** Sections that differ of which two peers tell each other what is in them, at a time. */
export const sectionsAtOnce = 16;
/** How often a peer that wants to join asks a contact, at first and at most. */
export const joinRetryMs = 200;
export const joinRetryMaxMs = 2_000;
/** After how many unanswered rounds the attempt is reported, while it goes on. */
export const joinRoundsUntilTrouble = 8;
/** Comparisons that are left out in a row while changes are on their way. */
export const comparisonsLeftOutMax = 3;
/** Decisions that are remembered for others. */
export const cutsKept = 8;
/** How many times a change is passed on: so many, and one more for each doubling of the number of peers. */
export const gossipRepeats = 4;
/** Changes that travel in one message. */
export const gossipPerMessage = 32;
/** The random bytes of a seat's place: neighbours differ early, so that ranges are even. */
export const seatBytes = 8;
/** How often the known peers are written down, if any changed: contacts for the next start. */
export const savePeersEveryMs = 1_000;
/** Peers that are told a new fact at once, and that a peer introduces itself to. */
export const announcedTo = 8;
