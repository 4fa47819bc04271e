/** Different places of escape that one run reports: the first. */
export const escapesMax = 100;
