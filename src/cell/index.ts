/** Cells: state that several peers hold, with one log; how cells elect, repair, split and merge. */
export { Atlas, supersedes } from './atlas.ts';
export { type CellHint, cellHint, cellTopicPrefix } from './cellHint.ts';
export { cellProtocol } from './cellMessages.ts';
export type { CellReport } from './cellReport.ts';
export { CellStatus, type RescueWish } from './cellStatus.ts';
export { Cells } from './cells.ts';
export { type Degree, degreesAllowed, wantedBy } from './degree.ts';
export { type CellRemains, type Examination, examine } from './examination.ts';
export { changesHoldMs, checkpointBytes, memberDeadMs, memberDeadMsMin, usualReplicas } from './limits.ts';
export { type Milestone, milestones, reach } from './milestones.ts';
export { Pin, type PinnedRow, type PinReply } from './pin.ts';
export type { CellPolicy, MakeState, MergePolicy, SplitPolicy } from './replicaContext.ts';
export type { Loss } from './rescue.ts';
export { crowding, type Stand } from './spread.ts';
export { survives } from './survival.ts';
