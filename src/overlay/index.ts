/** Overlay: which peers there are, where their seats are, who is alive. A hint for those above: consensus decides. */

export { type Hint, Membership, type PeerId, type PeerInfo, type PeerStatus, type View } from './membership.ts';
export { belongingIn } from './memory.ts';
export { overlayProtocol } from './messages.ts';
export { Overlay, type OverlayInit } from './overlay.ts';
export { programOf, seatName } from './program.ts';
export { clockwise, seatOf } from './ring.ts';
