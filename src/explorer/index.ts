/** Explorer: many seeds of somebody's own trial over all cores, for programs and for the command line. */
export { type ExploreFileOptions, exploreFile, type FileExploration } from './exploreFile.ts';
export {
  type AnyTrial,
  type AnyTrialReport,
  judged,
  loadTrial,
  runTrial,
  type TrialJob,
  type Verdict,
} from './trialJob.ts';
export { type Crew, overWorkers } from './workers.ts';
