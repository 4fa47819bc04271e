/** Store: cells of replicated state, and the way to them. */
export { Access, type Call, type Reply } from './access.ts';
export { accessProtocol } from './accessMessages.ts';
export {
  type Answer,
  answer,
  type ChangeRow,
  type OperationResult,
  operationResult,
  type Problem,
  type RowAnswer,
  type SimpleAnswer,
} from './answer.ts';
export { Atlas } from './atlas.ts';
export { type CellHint, cellHint, cellTopicPrefix } from './cellHint.ts';
export { cellProtocol } from './cellMessages.ts';
export type { CellCounters, CellReport, ReplicaRole } from './cellReport.ts';
export type { AppliedGroup, CellRow, CellState, LogPosition, SplitOff, StateRanges } from './cellState.ts';
export { CellStatus, type RescueWish } from './cellStatus.ts';
export { Cells, type CellsInit } from './cells.ts';
export type { Element } from './collectionCommand.ts';
export {
  type Command,
  type Condition,
  command,
  type Expiry,
  type ExpiryCondition,
  isRead,
  rangeOf,
  type SimpleCommand,
} from './command.ts';
export { type CellRemains, type Examination, examine, type Remains } from './examination.ts';
export type { HistoryPlace } from './historyPlace.ts';
export { type Integer, integerOf, parseInteger } from './integer.ts';
export {
  checkpointBytes,
  commandBytesMax,
  keyBytesMax,
  memberDeadMs,
  memberDeadMsMin,
  rangeRowsMax,
  valueBytesMax,
} from './limits.ts';
export { type Milestone, milestones } from './milestones.ts';
export { batch, type OperationId, operationGroup } from './operation.ts';
export { Pin, type PinnedAt, type PinnedElements, type PinnedPage, type PinnedRow, type PinReply } from './pin.ts';
export { type ChangesAnswer, changesCommand, type Passed, type Piece, Pursuit, rangeBehind } from './pursuit.ts';
export type { CellPolicy, MakeState, MergePolicy, SplitPolicy } from './replicaContext.ts';
export type { Loss } from './rescue.ts';
export { Router } from './router.ts';
export type { RowReader } from './shelves.ts';
export { makeState, type StateOptions } from './state.ts';
export { stateRanges } from './stateRanges.ts';
export { type CollectionKind, collectionKind } from './valueKind.ts';
