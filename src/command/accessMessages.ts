import { bytes, type Infer, list, optional, record, text, union, variant, varint } from '../base/index.ts';
import { protocol } from '../world/index.ts';
import { transactionName } from './transactionName.ts';

/**
 * Between the peer that took a call and the leader of the cell. A request names the cell; a peer that does not lead it
 * answers `elsewhere` with its best guess.
 */
export const accessMessage = union({
  /**
   * Writes: the bytes of an `operationGroup`. Answered by `results` when they are chosen and applied. Who asked waits for so
   * long at most: what is not proposed by then is for nothing. (Without that time it was variant 1.)
   */
  forward: variant(15, { cell: text, patienceMs: varint, group: bytes }),
  /**
   * Reads: linearizable, not in the log, not in a session. `reader` comes back with the answers: a peer that came back
   * under the same address counts its reads anew, and what was meant for it before is nothing to it now.
   */
  read: variant(2, { cell: text, reader: text, reads: list(record({ id: varint, command: bytes })) }),
  results: variant(3, {
    cell: text,
    session: text,
    results: list(record({ sequence: varint, result: bytes })),
  }),
  answers: variant(4, { cell: text, reader: text, answers: list(record({ id: varint, result: bytes })) }),
  /** Not leader here. The sequences and ids were not proposed and not read; ask there (empty: nobody known). */
  elsewhere: variant(5, {
    cell: text,
    leader: text,
    session: text,
    sequences: list(varint),
    ids: list(varint),
  }),
  /** No more leader here: what was asked here and not answered may happen or not, so ask there, by the same names. */
  resigned: variant(6, { cell: text, leader: text }),
  /** The addressee came to a cell that does not hold its keys: hints of cells, each a `cellHint`, with their versions. */
  cells: variant(7, { cell: text, hints: list(record({ version: varint, bytes })) }),
  /** From a leader to the router beside it: transactions that nobody has finished here. */
  overdue: variant(8, { cell: text, names: list(transactionName) }),
  /**
   * Reads that need not see what was written in the last `ageMaxMs` milliseconds, to any member; without that time whatever it has
   * applied will do. Answered by `nearAnswers`.
   */
  readNear: variant(13, {
    cell: text,
    reader: text,
    ageMaxMs: optional(varint),
    reads: list(record({ id: varint, command: bytes })),
  }),
  /** Without a result the member cannot answer: ask the leader. */
  nearAnswers: variant(14, {
    cell: text,
    reader: text,
    answers: list(record({ id: varint, result: optional(bytes) })),
  }),
});
export type AccessMessage = Infer<typeof accessMessage>;

export const accessProtocol = protocol('store access', 3, accessMessage);
