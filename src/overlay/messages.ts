import {
  bool,
  bytes,
  type Infer,
  key,
  list,
  optional,
  record,
  text,
  u8,
  u32,
  union,
  variant,
  varint,
} from '../base/index.ts';
import { protocol } from '../world/index.ts';
import { peerInfo } from './membership.ts';

const hint = record({ topic: key, version: varint, bytes });

/** What the observers of a peer found, one number an observer: see `Reports`. */
const report = record({ life: u32, statement: u32, findings: list(varint) });
export type Report = Infer<typeof report>;

/** A decision: these lives are cut out, all at once, and the view has this number behind it. */
const cut = record({ number: u32, lives: list(u32) });
export type Cut = Infer<typeof cut>;

/** What changed lately, as its sender knows it. */
const news = record({ peers: list(peerInfo), hints: list(hint), reports: list(report), cuts: list(cut) });
export type News = Infer<typeof news>;

/** The members that vote, as a number of 64 bits: two peers with the same one have the same electors. */
const electorate = record({ high: u32, low: u32 });
export type Electorate = Infer<typeof electorate>;

/** A round of votes: the later round counts, of two in one round the coordinator with the higher life. */
const ballot = record({ round: varint, coordinator: u32 });
export type Ballot = Infer<typeof ballot>;

const lives = list(u32);
const accepted = record({ ballot, lives });
export type Accepted = Infer<typeof accepted>;

/** Who voted for a cut in the fast round: a bit for each elector, in the order of lives. */
const tally = record({ lives, voters: bytes });
export type Tally = Infer<typeof tally>;

export const overlayMessage = union({
  /**
   * That peer is not let in; asking again helps only where `isFinal` is false. It is named, because what it asked may have been on its way
   * for long, and another peer may have its address by now.
   */
  refuse: variant(3, { peer: text, reason: text, isFinal: bool }),
  /** A peer asks to be let in. `systemId` is empty for one that never belonged to a system. */
  join: variant(8, { info: peerInfo, systemId: text }),
  /** The answer of any peer that belongs to a system: everything it knows. */
  welcome: variant(9, { systemId: text, news }),
  /** Are you alive? `target` guards against an answer from whoever took over the address. `isDoubted`: I am about to accuse you. */
  ping: variant(10, { sequence: varint, from: u32, target: u32, isDoubted: bool }),
  ack: variant(11, { sequence: varint }),
  /** Please try for me: the link between the two of us may be the one that is broken. */
  pingFor: variant(12, { sequence: varint, target: u32 }),
  /** It answered me, or it does not answer me either. */
  vouch: variant(13, { sequence: varint, isThere: bool }),
  news: variant(14, { news }),
  /** All that I know, as one number; say so if it is not yours. */
  digest: variant(15, { digest: u32, number: u32 }),
  /** The same section by section. */
  sections: variant(16, { digests: list(u32) }),
  /** What I know in these sections; tell me what you know in them. */
  difference: variant(17, { sections: list(u8), isReply: bool, news }),
  /** You are dead to me, as of this statement. */
  buried: variant(18, { life: u32, statement: u32 }),
  /** The votes of the fast round that I know of. */
  votes: variant(19, { electorate, tallies: list(tally) }),
  prepare: variant(20, { electorate, ballot }),
  promise: variant(21, { electorate, ballot, voter: u32, accepted: optional(accepted) }),
  accept: variant(22, { electorate, ballot, lives }),
  accepted: variant(23, { electorate, ballot, voter: u32 }),
});
export type OverlayMessage = Infer<typeof overlayMessage>;
/** The messages by which an electorate agrees. */
export type AgreementMessage = Extract<OverlayMessage, { readonly electorate: Electorate }>;

export const overlayProtocol = protocol('overlay', 1, overlayMessage, { mayJoin: true });
