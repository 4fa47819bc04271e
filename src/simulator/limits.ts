/** States that the search of one key's history may remember before it gives up. */
export const checkedStatesMax = 2_000_000;
/** How often a client asks what became of an operation, and after how many tries it gives up. */
export const resolveEveryMs = 1_000;
export const resolveAttemptsMax = 100;
/** How long a fault lasts before it is taken back. */
export const faultLastsMsMin = 200;
export const faultLastsMsMax = 6_000;
