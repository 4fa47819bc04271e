/** States that the search of one key's history may remember before it gives up. */
export const checkedStatesMax = 2_000_000;
/** How often a client asks what became of an operation, and after how many tries it gives up. */
export const resolveEveryMs = 1_000;
export const resolveAttemptsMax = 100;
/** How long values last that expire. */
export const expiresMsMin = 500;
export const expiresMsMax = 8_000;
/** How far clocks are from true time where they drift but never jump. */
export const clockErrorMs = 50;
/** How likely a kind of fault exists in a run that may have it. */
export const faultKeptProbability = 0.75;
/** How long a fault lasts before it is taken back. */
export const faultLastsMsMin = 200;
export const faultLastsMsMax = 6_000;
/** Some last until the members of one side count as dead on the other. */
export const longFaultProbability = 0.1;
export const longFaultMsMax = 20_000;
/** How long a leader is cut off from those who vote: until it takes them for dead and would replace them. */
export const outvotedMs = 15_000;
/** How often the peers are asked how they are. */
export const lookEveryMs = 250;
/** A member that is dead for longer is replaced: sooner than in production, so that a run sees it. */
export const memberDeadMs = 6_000;
/** Checkpoints come often, so that a run sees many of them, and snapshots of states that hold something. */
export const checkpointBytes = 24 * 1024;
/** Peers that one run may have, those that left included. */
export const peersMost = 9;
/** Splits that one run is asked for at most, and how long each is waited for. */
export const splitsMost = 6;
/** Splits between keys that transactions need together, in one run. */
export const dividingMost = 5;
export const splitPatienceMs = 20_000;
/** What else one run asks of leaders: that members move, one of them leads, other numbers of copies are wanted. */
export const arrangementsMost = 5;
export const arrangePatienceMs = 8_000;
/** Merges of one run. */
export const mergesMost = 6;
export const mergePatienceMs = 20_000;
/** How long a system is left alone after its start and after the last fault, before anything is asked of it. */
export const settleMs = 3_000;
/** How long faults go on. */
export const chaosMs = 60_000;
/** How long after the last fault everything must be answered. */
export const quietMsMax = 60_000;
/** The same for rings: a joiner that reaches few moves on from place to place, and each may be kept for it for 20 s. */
export const ringQuietMsMax = 120_000;
/** Lines of a bad history that are shown. */
export const historyLinesMax = 400;
/** Lines of a trace that a diagram shows: the latest. More make a picture that no program opens. */
export const diagramRowsMax = 3_000;
/** Operations after which the clients of a run that is watched rest: what they saw must be judged in a moment. */
export const watchedOperationsMax = 50_000;
/** Violations after which a run of rings that is watched is not looked at any more. */
export const watchedViolationsMax = 100;
/** Runs that shrinking takes at most. */
export const shrinkRunsMax = 400;
/** Seeds that a whole script is tried with before it counts as one that does not fail, and a smaller one. */
export const triesToReproduce = 10;
export const triesPerCandidate = 2;
/** The last so many milliseconds of a script are tried alone, the shortest time first. */
export const shrinkWindowsMs = [3_000, 8_000, 20_000] as const;
/** Peers that a run of somebody's own program may have, those that left included. */
export const trialPeersMax = 1_000;
/** How long such a run may go on, where its course has no earlier end. */
export const trialMsMax = 3_600_000;
/** Peers that a run of rings may have, those that left included, and how many of them a joiner is told of. */
export const ringPeersMost = 64;
export const ringContactsMax = 3;
/** How long its first peers take to join, how long faults go on, and how often somebody looks for a key. */
export const ringJoinMs = 3_000;
export const ringChaosMs = 25_000;
export const ringLookupEveryMs = 1_000;
/** How long lookups may take when nothing fails. */
export const ringLookupMs = 12_000;
/** How long a peer may have nobody alive behind it though it could reach others: until all whom it knew are given up. */
export const strandedMsMax = 25_000;
/** How long a peer may count as solid whose neighbour ended, or does not know it: as long as it may take to notice. */
export const solidMsMax = 8_000;
/** How often peers of rings average and shuffle samples: an epoch of averages must fit into a run. */
export const ringAverageEveryMs = 400;
export const ringShuffleEveryMs = 2_000;
/** How far from the truth an estimate of the number of peers may be, as a part of it. */
export const estimateErrorMax = 0.02;
/** How often somebody says something to all peers of a ring, and how long that may take when nothing fails. */
export const ringTalkEveryMs = 2_000;
export const ringTalkMs = 30_000;
/** Seats that a peer of a ring holds at most, and how often one is taken or given up. */
export const ringSeatsMax = 3;
export const ringSeatsEveryMs = 1_500;
/** How long after a goodbye those beside a peer may still take it for a neighbour. */
export const goodbyeHeardMsMax = 1_000;
/** How long a client waits for an answer before it asks something else. */
export const clientPatienceMs = 2_000;
/** Seeds of an exploration of which one is run twice. */
export const repeatEverySeeds = 50;
/** Runs of a trial that shrinking takes at most, and seeds for each candidate: small programs run quickly. */
export const trialShrinkRunsMax = 2_000;
export const triesPerTrialCandidate = 8;
