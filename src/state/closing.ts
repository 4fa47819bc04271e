import { type Bytes, encode, parse } from '../base/index.ts';
import { command, movedResult, operationGroup, operationResult } from '../command/index.ts';
import type { AppliedGroup } from './cellState.ts';
import type { Sessions } from './sessions.ts';

const unknownSession = encode(operationResult, { kind: 'unknownSession' });
const forgotten = encode(operationResult, { kind: 'forgotten' });

function opensSession(bytes: Bytes): boolean {
  const parsed = parse(command, bytes);
  return parsed.ok && parsed.value.kind === 'openSession';
}

/**
 * What a group comes to that reaches a cell whose log is over: what was executed is answered as before, and the rest has moved,
 * for ever. Undefined where the group cannot be read.
 */
export function closingOf(sessions: Sessions, bytes: Bytes): AppliedGroup | undefined {
  const parsed = parse(operationGroup, bytes);
  if (!parsed.ok) return undefined;
  const { session: id, operations } = parsed.value;
  const session = sessions.get(id);
  const resultOf = (sequence: number): Bytes => {
    if (session === undefined) return unknownSession;
    return session.results.get(sequence) ?? (sequence < session.floor ? forgotten : movedResult);
  };
  // Who wants to open a session waits until he hears where the keys are: told at once he would try again at once.
  const answered = session === undefined ? operations.filter((one) => !opensSession(one.command)) : operations;
  return { session: id, results: answered.map(({ sequence }) => ({ sequence, result: resultOf(sequence) })) };
}
