import { bool, type Infer, key, list, optional, text, u32, union, variant } from '../base/index.ts';
import { protocol } from '../world/index.ts';
import { contact } from './contact.ts';

/**
 * A key whose holder is sought. `way` are the addresses of those that passed it on, the origin first; with `isBack` the answer
 * comes back over them, because it cannot go straight.
 */
const search = { key, origin: contact, token: u32, hops: u32, way: list(text), isBack: bool } as const;

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
  /** Who holds the key? The sender stands at `before`. `isLast` counts the hops since somebody took the next one for its holder; 0 before. */
  lookup: variant(12, { ...search, before: key, isLast: u32 }),
  /** Passed on over `way`, from its end to its beginning. */
  found: variant(13, { token: u32, owner: contact, hops: u32, way: list(text) }),
  /** Who is 2^`doublings` places behind you? `index` comes back with the answer. */
  askPointer: variant(14, { doublings: u32, index: u32 }),
  /** That one; and I hold the keys behind `before`. */
  pointer: variant(15, { index: u32, to: optional(contact), before: optional(key) }),
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
  /** I heard this peer a moment ago, and it stands beside these. `hops` counts who passed it on along a branch. */
  vouched: variant(22, { whom: contact, beside: list(contact), hops: u32 }),
  /** I go: between you and me nobody stands but these. */
  leaving: variant(23, { self: contact, predecessor: optional(contact), successors: list(contact) }),
  /** You took me for a peer on the way to this key, and I am none: I stand here. */
  badPointer: variant(40, { ...search, self: contact }),
  /** Whom would you ask for this key? `isLast` where you are taken for its holder. */
  askWay: variant(41, { key, token: u32, isLast: bool }),
  /** I hold it myself; or else whom I would ask: who I believe holds it, then those nearest before it. */
  way: variant(42, { token: u32, holds: bool, holder: optional(contact), nearest: list(contact) }),
  /** Who came, and who left; to be passed on to those 1, 2, 4 ... places behind, `ttl` of them. */
  news: variant(43, { ttl: u32, joined: list(contact), left: list(key) }),
  /** Who stands behind you, as far as you know everybody? */
  askView: variant(44, {}),
  viewPage: variant(45, { contacts: list(contact) }),
  /** My view in parts, a number for each. */
  viewDigest: variant(46, { digests: list(u32) }),
  /** In these parts we differ: whom I have there, and who left. */
  viewPart: variant(47, { buckets: list(u32), contacts: list(contact), left: list(key), isAsking: bool }),
});
export type RingMessage = Infer<typeof ringMessage>;
export type RingMessageOf<K extends RingMessage['kind']> = Extract<RingMessage, { kind: K }>;

export const ringProtocol = protocol('ring', 5, ringMessage, { mayJoin: true });
