import { bool, bytes, type Infer, key, list, record, text, u32, union, variant, varint } from '../base/index.ts';
import { protocol } from '../world/index.ts';
import { peerInfo } from './membership.ts';

const hint = record({ topic: key, version: varint, bytes });

/** What changed lately, as its sender knows it: travels with probes and answers. */
const news = record({ peers: list(peerInfo), hints: list(hint) });
export type News = Infer<typeof news>;

export const overlayMessage = union({
  /** A peer asks to be let in. `systemId` is empty for one that never belonged to a system. */
  join: variant(1, { info: peerInfo, systemId: text }),
  /** The answer of any peer that belongs to a system: everything it knows. */
  welcome: variant(2, { systemId: text, news }),
  /** Not let in; asking again helps only where `isFinal` is false. */
  refuse: variant(3, { reason: text, isFinal: bool }),
  /** Are you alive? `target` guards against an answer from whoever took over the address. */
  ping: variant(4, { sequence: u32, target: text, news }),
  ack: variant(5, { sequence: u32, from: text, news }),
  /** Please try for me: the link between the two of us may be the one that is broken. */
  pingFor: variant(6, { sequence: u32, target: text, address: text }),
  /** Everything I know; tell me what you know better. */
  sync: variant(7, { isReply: bool, news }),
});
export type OverlayMessage = Infer<typeof overlayMessage>;

export const overlayProtocol = protocol('overlay', 1, overlayMessage, { mayJoin: true });
