/** So many nodes of the graph of components are shown at once. */
export const nodesShownMax = 1_000;
/** The longest name of a peer. */
export const namesLengthMax = 64;
/** How long a peer that leaves may take to hand over what it holds. */
export const leaveMsMax = 60_000;
/** Cells are not split for holding less than this may be. */
export const splitBytesMin = 1024 * 1024;
/** The members of a cell need not be compared more often: a few seconds, for those who want to see it. */
export const scrubHoursMin = 0.001;
/** How long the leader of a cell may take to split it. */
export const splitMsMax = 10_000;
/** How long two cells may take to become one before who asked is told to ask again. */
export const mergeMsMax = 30_000;
/** How long all cells with keys of a prefix may take to begin and end with them, and to take note of how many copies are wanted. */
export const arrangeMsMax = 15_000;
/** How long the leader of a cell may take to pin what it holds, and the rows in one page of a backup. */
export const pinMsMax = 15_000;
export const backupRowsMax = 4_096;
/** Elements of a collection in one piece of a backup. */
export const backupElementsMax = 1_000;
/** How long a peer may take to say how it is. */
export const reportMsMax = 2_000;
/** HTTP connections at once: everybody who watches has one. How long a request may take to say what it wants. */
export const httpConnectionsMax = 4_096;
export const httpHeadersMs = 10_000;
/** How long answers that are under way may take when the HTTP server closes. */
export const httpLastWordsMs = 1_000;
/** Seats of one program at most: with the usual ports those of its peers, clients and pages keep clear of each other. */
export const seatsMax = 8;
/** The ports of a seat lie so far above those of the one before: so many programs with ports in a row fit on a machine. */
export const seatPortStep = 100;
/** How long a seat may take to stop before its thread is ended. */
export const seatStopMsMax = 10_000;
/** How long a peer that stops hands on what it owes its cells, and how often it looks whether that is done. */
export const handOnMsMax = 2_000;
export const handOnLookMs = 5;
