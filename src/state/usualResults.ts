import { type Bytes, encode } from '../base/index.ts';
import { type Answer, operationResult } from '../command/index.ts';

/** Results that are the same for everybody, encoded once. */
export const unknownSession = encode(operationResult, { kind: 'unknownSession' });
export const forgotten = encode(operationResult, { kind: 'forgotten' });
export const early = encode(operationResult, { kind: 'early' });
export const locked = encode(operationResult, { kind: 'locked' });
export const malformed = doneBytes({ kind: 'error', problem: 'malformed', text: 'the command cannot be read' });
export const done = doneBytes({ kind: 'ok', version: 0 });
export const refusedSession = doneBytes({
  kind: 'error',
  problem: 'sessionRefused',
  text: 'the session cannot be opened: its clock is too far from log time, or there are too many sessions',
});

export function doneBytes(answer: Answer): Bytes {
  return encode(operationResult, { kind: 'done', answer });
}
