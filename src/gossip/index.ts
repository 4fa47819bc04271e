/** Gossip: peers by chance, what holds of all of them together, how far they are, and who stands next to whom. */
export { Aggregates, Aggregator, type AggregatorInit } from './aggregator.ts';
export { Approacher, type ApproacherInit, Approaches } from './approacher.ts';
export type { AverageView } from './average.ts';
export { type Estimate, type Figures, gapBetween } from './figures.ts';
export { approachProtocol, averageProtocol, type Coordinate, distanceProtocol, samplingProtocol } from './messages.ts';
export { Sampler, type SamplerInit, Sampling } from './sampler.ts';
export { Distances, Surveyor, type SurveyorInit } from './surveyor.ts';
export { type Located, roundTripMs } from './vivaldi.ts';
