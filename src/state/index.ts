/** State: what a cell holds, and what each command does to it. It knows nothing of replicas. */
export type { AppliedGroup, CellRow, CellState, LogPosition, StateRanges } from './cellState.ts';
export { elementIn } from './collection.ts';
export { inParts, joinCombined } from './collectionDivision.ts';
export { History } from './history.ts';
export { itemCodec, never } from './item.ts';
export { answerBytesMax, keyBytesMax, rangeRowsMax, sessionIdleMsMin, valueBytesMax } from './limits.ts';
export { joinScores, scoresInPart } from './scoreDivision.ts';
export { type RowReader, Shelves, scanShelf } from './shelves.ts';
export {
  isShelvedByKey,
  itemPrefix,
  lowerShelf,
  otherShelving,
  overlaid,
  placed,
  rangesOnShelf,
  rowsOnShelf,
  type Shelving,
  shelfKey,
  shelfRow,
  shelvedRanges,
  shelvingIn,
  takenDown,
  upperShelf,
} from './shelving.ts';
export type { Stage } from './stage.ts';
export { makeState } from './state.ts';
export { metaRow, uncountedSuffix } from './stateMeta.ts';
export { metaPrefix, stateRanges } from './stateRanges.ts';
export { rowRange } from './table.ts';
export { problemOf, type Task, taskOf } from './task.ts';
export type { TransactionFigures } from './transactionFigures.ts';
