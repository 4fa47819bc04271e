/** How long a dead path stays unnoticed by the peer that sends on it, as with sockets. */
export const linkTimeoutMs = 3000;
/** A full disk is tried again after this long. */
export const diskRetryMs = 100;
/** The journal gives its space back in pieces of this size. */
export const journalPieceBytes = 64 * 1024;
/** Lines of the trace that are kept: the latest. */
export const traceLinesMax = 200_000;
/** Of each frame the trace hash takes in so many bytes, the last: all of them would cost more than they tell. */
export const traceSampleBytes = 16;
/** Characters of a message that a line of the trace shows. */
export const messageTextMax = 240;
/** Time between a simulated client and the peer that it is connected to. */
export const clientLatencyMs = 0.1;
