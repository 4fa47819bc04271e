/** Peers that one peer keeps as its sample of the system, and how many of them it shows another at once (Cyclon's c and l). */
export const samplePeersMax = 20;
export const shuffledPeersMax = 8;
/** How often it exchanges some of them. */
export const shuffleEveryMs = 5_000;

/** How often a peer averages what it knows with another. */
export const averageEveryMs = 1_000;
/** Exchanges of one epoch: behind so many all peers hold the same to the last digits that matter. */
export const epochCycles = 30;
/** How often a partner that did not answer is asked again, before it counts as gone. */
export const answerTriesMax = 3;
/** Partners that did not answer and are remembered, so that they are not asked again at once. */
export const silentMax = 64;
/** Partners whose last answer is remembered, so that it can be given again and not twice. */
export const rememberedAnswersMax = 64;
/**
 * An estimate counts as settled behind so many cycles, when so many exchanges, one after the other, changed it by less than this
 * part of it: early in an epoch those who know nothing agree, too.
 */
export const settlingCycles = 15;
export const settledExchanges = 3;
export const settledChange = 0.005;
/** Classes of the histogram: each is four times as wide as the one before. */
export const histogramClasses = 16;

/** How often a peer measures how far another is. */
export const measureEveryMs = 1_000;
/** A round trip that took longer says more of a queue than of the distance. */
export const roundTripMsMax = 3_000;
/** Measurements of which the lowest counts: a queue only ever adds. */
export const pingsPerMeasure = 3;
/** How fast a coordinate and its error follow what was measured (the c's of Vivaldi). */
export const coordinateGain = 0.25;
/** How little a coordinate follows at least, however sure it is. */
export const coordinateGainLeast = 0.05;
/** No coordinate is drawn farther than this at once: whoever lies does not move everybody. */
export const pullMsMax = 100;
/** How far from the middle a peer begins, in either direction. */
export const firstMsMax = 50;
/** The least height of a coordinate: what it takes to reach the network at all. */
export const heightMsLeast = 0.01;

/** How often a peer looks for those who stand nearest to it, while it does not know them. */
export const approachEveryMs = 500;
/** Peers on each side that it keeps in mind, and tells others. */
export const nearestPeersMax = 8;
/** A peer that nobody heard of for so many rounds is dropped: who died would be passed on for ever. */
export const nearestAgeMax = 12;
/** Rounds that changed nothing, behind which it has found its place. */
export const approachQuietRounds = 5;
