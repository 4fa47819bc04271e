import { type Infer, key, list, optional, u32, union, variant } from '../base/index.ts';
import { protocol } from '../world/index.ts';
import { contact } from './contact.ts';

/**
 * The messages of the relaxed ring (Mejias and Van Roy 2008), of its routing and of its pointers. Who wants a place asks
 * for it in person, so that nobody is adopted who was not heard.
 */
export const ringMessage = union({
  /** Let me stand before you. Also asked by who lost its successor. */
  join: variant(1, { self: contact }),
  /** You stand before me; before you stood `predecessor`, and behind me stand `successors`. */
  joinOk: variant(2, { self: contact, predecessor: contact, successors: list(contact) }),
  /** Not before me: ask there. */
  goTo: variant(3, { to: contact }),
  /** I have no successor myself now. */
  tryLater: variant(4, {}),
  /** I stand behind you now; I took that place from `former`. */
  newSuccessor: variant(5, { self: contact, former: contact, successors: list(contact) }),
  /** I do not stand before you any more, but before somebody nearer. */
  goodbye: variant(6, { self: contact, nearer: optional(contact) }),
  /** Somebody stands between the two of us: take it for your successor, if you can reach it. */
  hint: variant(7, { nearer: contact }),
  /** Be my successor. */
  adopt: variant(8, { self: contact }),
  adopted: variant(9, { self: contact, successors: list(contact) }),
  /** You are my successor: who stands before you, and who behind? */
  stabilise: variant(10, { self: contact, predecessor: optional(contact) }),
  neighbours: variant(11, { self: contact, predecessor: optional(contact), successors: list(contact) }),
  /** Who holds the key? `isLast` where the sender takes the receiver for its holder. */
  lookup: variant(12, { key, origin: contact, token: u32, hops: u32, isLast: u32 }),
  found: variant(13, { token: u32, owner: contact, hops: u32 }),
  /** Your pointer of this level? */
  askPointer: variant(14, { level: u32, index: u32 }),
  pointer: variant(15, { index: u32, to: optional(contact) }),
  /** There may be another ring, and this peer in it: look for its place in ours, from where you stand. */
  detect: variant(16, { stranger: contact, fanOut: u32 }),
  /** Where in this ring would this peer stand? Whoever it would stand beside tells it. */
  seekSeam: variant(17, { stranger: contact, fanOut: u32, hops: u32 }),
  /** In my ring you would stand between these two, of whom I am one. */
  tryMerge: variant(18, { self: contact, predecessor: contact, successor: contact, successors: list(contact) }),
  /** Are you there, and the one that I knew? */
  ping: variant(19, { self: contact }),
  pong: variant(20, { self: contact, beside: list(contact) }),
  /** I do not hear this peer: do you? */
  vouchFor: variant(21, { whom: contact, asker: contact }),
  /** I heard this peer a moment ago, and it stands beside these. */
  vouched: variant(22, { whom: contact, beside: list(contact) }),
  /** I go: between you and me nobody stands but these. */
  leaving: variant(23, { self: contact, predecessor: optional(contact), successors: list(contact) }),
});
export type RingMessage = Infer<typeof ringMessage>;
export type RingMessageOf<K extends RingMessage['kind']> = Extract<RingMessage, { kind: K }>;

export const ringProtocol = protocol('ring', 5, ringMessage, { mayJoin: true });
