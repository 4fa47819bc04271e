/** How long a peer that has left stays to be heard. */
export const waitForLeavingMs = 200;
