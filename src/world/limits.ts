/** The longest message between two peers. Larger things travel in chunks. */
export const messageBytesMax = 16 * 1024 * 1024;
/** A frame is closed when it holds this much, and the next message begins another. */
export const frameBytesGoal = 1024 * 1024;
/** Writers of frames that a peer keeps for its next turn. */
export const spareWritersMax = 16;
/** Up to so many addresses are found faster by looking at each than by a map, whose table costs more than a frame. */
export const scannedAddressesMax = 8;
/** No frame is longer: one message may come on top of the goal. */
export const frameBytesMax = frameBytesGoal + messageBytesMax + 1024;
/** Bytes that wait for one peer. What comes beyond is dropped: the network may lose, and the rooms above retry. */
export const outboundBytesMax = 64 * 1024 * 1024;
/** The longest record of a journal. */
export const recordBytesMax = 32 * 1024 * 1024;
/** The longest key of a row in the engine. */
export const rowKeyBytesMax = 1800;
/** A client's output above which it is congested. */
export const outputHighBytes = 1024 * 1024;
/** Connections of clients at once. */
export const connectionsMax = 10_000;
