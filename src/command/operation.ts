import { bytes, f64, type Infer, list, record, text, varint } from '../base/index.ts';

/**
 * Names an operation for ever: the session of the peer that took it from its client, and its number there. A retry
 * keeps the name, so it is executed at most once; an unknown outcome is asked for by it. People see `session-sequence`.
 */
export interface OperationId {
  readonly session: string;
  readonly sequence: number;
}

/** `after` is an earlier operation of the session, which must have happened before; 0 where none must. */
const operation = record({ sequence: varint, after: varint, command: bytes });
export type Operation = Infer<typeof operation>;

/** Operations of one session, encoded once by the peer that took them: these bytes go unchanged into every log. */
export const operationGroup = record({
  session: text,
  /** Results below are known to the client: replicas may forget them. */
  acknowledgedBelow: varint,
  operations: list(operation),
});
export type OperationGroup = Infer<typeof operationGroup>;

/** What a log entry holds: the groups that a leader gathered in one turn, and the log time at which they happen. */
export const batch = record({
  /** Log time: max(previous, leader's clock), in milliseconds since 1970. Only log time expires keys. */
  timeMs: f64,
  groups: list(bytes),
});
export type Batch = Infer<typeof batch>;
