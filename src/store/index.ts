/** Store: cells of replicated state, and the way to them. */
export { Access, type Call, type Reply } from './access.ts';
export {
  type Answer,
  answer,
  type OperationResult,
  operationResult,
  type Problem,
  type RowAnswer,
  type SimpleAnswer,
} from './answer.ts';
export type { AppliedGroup, CellState, LogPosition, StateRanges } from './cellState.ts';
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
export { type Integer, integerOf, parseInteger } from './integer.ts';
export { commandBytesMax, keyBytesMax, rangeRowsMax, valueBytesMax } from './limits.ts';
export { batch, type OperationId, operationGroup } from './operation.ts';
export { makeState, type StateOptions } from './state.ts';
export { stateRanges } from './stateRanges.ts';
