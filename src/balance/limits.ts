/** How often a peer compares its load with others. */
export const compareEveryMs = 10_000;
/** Others by chance that it compares itself with each time, beside the one behind it. */
export const comparedPeers = 3;
/** How long they may take to answer. */
export const compareMs = 500;
/** A move that is not over by then counts as failed, and both are free for others. */
export const moveMsMax = 60_000;
/** A load may be other than it was said to be by this part, or the move is not worth what it was: it is declined. */
export const loadChangeMax = 0.25;
/** The lighter of two moves only if it carries no more than this part of the heavier (Karger and Ruhl: below a quarter). */
export const lightPartMax = 0.22;
/** The gain of a move, as the drop of the sum of squares, must be this part of the mean for each unit that is moved. */
export const gainPerUnitLeast = 1;
