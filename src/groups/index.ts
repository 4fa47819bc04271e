/** Groups: one message for many peers of the ring, each of which hears it once, and their answers gathered on the way back. */
export type { Answer } from './gathering.ts';
export { type Delivered, type Gathered, GroupPeer, type GroupPeerInit, Groups, type Message } from './groups.ts';
export { arc, type KeySet, keySetOf } from './keySet.ts';
export { groupProtocol } from './messages.ts';
