/** Commands: what a store can be asked, what it answers, and how both go over the network. */
export { type AccessMessage, accessProtocol } from './accessMessages.ts';
export { piecesOf } from './accessPieces.ts';
export {
  type Answer,
  answer,
  type ChangeRow,
  movedAnswer,
  movedResult,
  type OperationResult,
  type OutcomeState,
  operationResult,
  type PlainAnswer,
  type Problem,
  type RowAnswer,
  type SimpleAnswer,
  type Vote,
} from './answer.ts';
export type { Arrangement } from './arrangement.ts';
export type { Combination, Edit, Element, Look } from './collectionCommand.ts';
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
export { addDecimals, isDecimal } from './decimal.ts';
export { elementKeyBytes, elementPrefix, elementsOf, namesIn, rowOf, spelled, spelledRange } from './elementRow.ts';
export { expiryEntry, timeLength, timeOf } from './expiryEntry.ts';
export { type Footprint, footprintOf, footprintOfWork, rangesOf, type Work } from './footprint.ts';
export { type HistoryPlace, historyPlace, isBefore } from './historyPlace.ts';
export { addIntegers, type Integer, parseInteger } from './integer.ts';
export { commandBytesMax, groupBytesMax } from './limits.ts';
export { batch, type Operation, type OperationId, operationGroup } from './operation.ts';
export type { Obstacle } from './reservationCommand.ts';
export { type ReservationHolder, type ReservationRow, reservationRow } from './reservationRow.ts';
export { behindScore, bytesOfScore, scoreBefore, scoreOf, spelledScore } from './score.ts';
export { cellOfSession, sessionNameOf } from './sessionName.ts';
export type { Aggregate, Selection, Span } from './sortedSetCommand.ts';
export { coordinatorOf, sameRanges, type TransactionName, twoPhaseId, within } from './transactionName.ts';
export {
  barOf,
  bytesOfRecord,
  type Intended,
  type IntendedElement,
  type IntendedWrite,
  partOfRecord,
  recordOf,
  type TransactionRecord,
} from './transactionRecord.ts';
export {
  bytesOfHead,
  type CollectionHead,
  type CollectionKind,
  headOf,
  type ValueKind,
  valueKinds,
} from './valueKind.ts';
