/** States that the search of one key's history may remember before it gives up. */
export const checkedStatesMax = 2_000_000;
