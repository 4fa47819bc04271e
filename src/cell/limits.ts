/** How often a leader looks for such, and how many it has finished at once. */
export const overdueLookMs = 500;
/** How long a leader lets somebody wait for the next change before it answers that there is none. */
export const changesHoldMs = 2_000;
/** Those who wait for a change at one replica. */
export const watchersMax = 16_384;
/** Who came to the wrong cell is told for so long of cells that begin to be led, and so many of them are. */
export const strayMs = 2_000;
export const straysMax = 1_024;
/** Cells led by one peer that such a caller is told of, those that changed last. */
export const signpostsMax = 16;
// The log of a cell.
/** How often a peer looks after its replicas. */
export const tickMs = 50;
/** How often two peers exchange heartbeats for the cells that they share. */
export const beatMs = 100;
/** How long a member counts as heard after it answered: five missed rounds. */
export const hearingMs = 550;
/** A round that ends this late was held up by this peer itself. */
export const roundLateMs = 300;
/** How long those who grant a lease promise nobody else. */
export const leaseMs = 500;
/** What clocks may drift apart while a lease lasts: a tenth, far more than clocks do. */
export const leaseDriftMs = 50;
/** How far log time may be ahead of the clock of a member that accepts it. */
export const skewMaxMs = 2_000;
/** Entries that a leader has proposed and that are not chosen yet, and what they take together. */
export const entriesInFlightMax = 16;
export const entriesInFlightBytesMax = 4 * 1024 * 1024;
/** A leader gathers operations up to this size into one entry. A larger group has an entry of its own. */
export const entryBytesMax = 1024 * 1024;
/** What an entry takes besides its batch, about. */
export const entryOverheadBytes = 32;
/** Groups that wait for their entry. Who comes beyond is sent away. */
export const waitingBytesMax = 64 * 1024 * 1024;
/** Reads that wait for a quorum or for log time. */
export const waitingReadsMax = 65_536;
/** How long groups and reads wait for a leader that is being elected, before they are sent away. */
export const waitingMs = 1_500;
/** The log of a ballot, as far as it is not known to be chosen, travels whole: it must fit a message between peers. */
export const syncBytesMax = 14 * 1024 * 1024;
/** Chosen entries, and rows of a snapshot, travel in chunks. */
export const chunkBytesMax = 1024 * 1024;
export const chunkRowsMax = 4096;
/** How often a candidate asks again for promises. */
export const prepareMs = 50;
/** For so long a member is asked again to take the lead that was left to it: by then an election finds another. */
export const takeOverMs = 500;
/** What was not answered is sent again after this. */
export const resendMs = 300;
/** Chunks of a snapshot that are being committed at once. */
export const chunksInFlightMax = 2;
/** A chunk is asked for so often before another source is turned to. */
export const pullsMax = 15;
/** The same where no other source is known: for longer than `snapshotIdleMs`, behind which it has none to give. */
export const lonePullsMax = 40;
/** Snapshots that a replica holds open for others, and how long one may lie unused. */
export const snapshotsMax = 4;
export const snapshotIdleMs = 10_000;
/** States of cells that a peer pins for backups at once, and how long one may lie unused. */
export const pinsMax = 64;
export const pinIdleMs = 60_000;
/** What is compared of the rows of members at once, and how long they rest in between. */
export const scrubRows = 1_024;
export const scrubBytes = 256 * 1024;
export const scrubPauseMs = 100;
/** How long a member may take to pin its rows, and how often it is asked for a sum, before the round is given up. */
export const scrubPinMs = 30_000;
export const scrubAsksMax = 20;
/** A round that was given up is tried again so soon. */
export const scrubAgainMs = 10_000;
/** A checkpoint is due when so much was written since the last. Replay reads at most four times as much. */
export const checkpointBytes = 16 * 1024 * 1024;
/** The least that a checkpoint may be set to wait for. */
export const checkpointBytesMin = 1024;
/** A member of a cell that is dead for longer is replaced, where nothing else is said. */
export const memberDeadMs = 60_000;
/** Members of a cell where no prefix asks for another number. */
export const usualReplicas = 3;
/** The shortest that it may be set to. */
export const memberDeadMsMin = 1_000;
/** How often a leader thinks about who should be a member. */
export const planMs = 500;
/** A learner may become a member when it was heard within this time and lacks at most so many entries. */
export const learnerHeardMs = 1_000;
export const learnerLagMax = 64;
/** Rounds of heartbeats that a leader vouched for, and what is chosen by them not applied yet: more of them are not remembered. */
export const vouchesMax = 64;
// Splits that a leader makes of its own accord, where the policy asks for it.
/** How often it looks whether its cell holds too much: also the least time between a split and the next. */
export const splitLookMs = 10_000;
/** How long a wish to merge a cell with the one below holds, and how often it must have been small in a row to be merged by itself. */
export const mergeWishMs = 5_000;
export const mergeLooksMin = 3;
/** How long a copy waits to be absorbed here before it asks whether it may go. */
export const orphanMs = 2_000;
/** Keys that it looks at in one turn, to find the middle of them, and that are counted in one turn behind a split. */
export const walkedKeysMax = 2_048;
/** Borders that it chooses from. */
export const middleMarks = 64;
/** A cell of fewer keys is not split because much is asked of it. */
export const splitKeysMin = 256;
/** What is asked counts from so many of them on, and each part of a split must have this share of it to be worth it. */
export const demandKeysMin = 64;
export const demandShareMin = 0.15;
/** How often a replica that has no part in the cell any more asks whether it may go. */
export const settleMs = 500;
/** Rounds of heartbeats whose beginning is remembered, for the leases that their answers grant. */
export const roundsKept = 16;
