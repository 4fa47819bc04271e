import { f64, type Infer, key, list, record, u32, union, variant } from '../base/index.ts';
import { contact } from '../ring/index.ts';
import { protocol } from '../world/index.ts';

/** A peer that another one heard of, and how many rounds ago it said so itself. */
export const acquaintance = record({ contact, age: u32 });
export type Acquaintance = Infer<typeof acquaintance>;

/** Peer sampling (Cyclon: Voulgaris, Gavidia and van Steen 2005). */
export const samplingMessage = union({
  /** Some of mine, for some of yours. */
  shuffle: variant(1, { round: u32, some: list(acquaintance) }),
  shuffled: variant(2, { round: u32, some: list(acquaintance) }),
});
export type SamplingMessage = Infer<typeof samplingMessage>;
export const samplingProtocol = protocol('sampling', 13, samplingMessage, { mayJoin: true });

/** What a peer holds of the averages of one epoch. */
export const mass = record({ means: list(f64), least: f64, most: f64 });
export type Mass = Infer<typeof mass>;

/** Averages over all peers, by exchanges of two (Jelasity, Montresor and Babaoglu 2005). */
export const averageMessage = union({
  /** Both of us hold the mean of ours from now on. */
  average: variant(1, { epoch: u32, nonce: u32, mass }),
  /** What I held before. */
  averaged: variant(2, { epoch: u32, nonce: u32, mass }),
  /** Not now: I wait for an answer myself, or take part from the next epoch on. */
  refused: variant(3, { epoch: u32, nonce: u32 }),
});
export type AverageMessage = Infer<typeof averageMessage>;
export const averageProtocol = protocol('averages', 9, averageMessage, { mayJoin: true });

/** A place in the space of round trips, in milliseconds; the height is what lies before the network (Vivaldi 2004). */
export const coordinate = record({ x: f64, y: f64, z: f64, heightMs: f64 });
export type Coordinate = Infer<typeof coordinate>;

export const distanceMessage = union({
  ping: variant(1, { sequence: u32 }),
  /** `error`: how far off the coordinate is thought to be, as a part of the distance. */
  pong: variant(2, { sequence: u32, coordinate, error: f64 }),
});
export type DistanceMessage = Infer<typeof distanceMessage>;
export const distanceProtocol = protocol('distances', 10, distanceMessage, { mayJoin: true });

/** Towards the place on the ring (T-Man: Jelasity, Montresor and Babaoglu 2009). */
export const approachMessage = union({
  /** Those I know that stand near to you; tell me those that stand near to `place`. */
  approach: variant(1, { place: key, some: list(acquaintance) }),
  approached: variant(2, { some: list(acquaintance) }),
});
export type ApproachMessage = Infer<typeof approachMessage>;
export const approachProtocol = protocol('approaches', 11, approachMessage, { mayJoin: true });
