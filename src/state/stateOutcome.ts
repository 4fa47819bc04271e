import { assert, encode, parse } from '../base/index.ts';
import { type Answer, type OutcomeState, operationResult } from '../command/index.ts';
import type { Sessions } from './sessions.ts';

const barred = encode(operationResult, { kind: 'barred' });

/** What became of an operation; one that was not executed is barred from now on. */
export function resolveOutcome(sessions: Sessions, timeMs: number, id: string, sequence: number): Answer {
  const session = sessions.get(id);
  if (session === undefined) return outcome('unknownSession');
  const result = session.results.get(sequence);
  if (result === undefined) {
    if (sequence < session.floor) return outcome('forgotten');
    sessions.touch(session, timeMs);
    sessions.keep(session, sequence, barred);
    return outcome('never');
  }
  const parsed = parse(operationResult, result);
  assert(parsed.ok, 'TX-1: a result that was kept cannot be read');
  if (parsed.value.kind === 'barred') return outcome('never');
  assert(parsed.value.kind === 'done', 'TX-3: something else than results and bars was kept');
  const { answer } = parsed.value;
  if (answer.kind === 'error' && answer.problem === 'moved') return outcome('never');
  // What became of a transaction over several cells is for its participants to say, where this one's vote was yes.
  if (answer.kind === 'voted' && answer.vote !== 'yes') return outcome('never');
  return { kind: 'outcome', state: 'executed', answer: settled(answer) };
}

/** What may be told once more; undefined for answers of commands that reach no log. */
function settled(answer: Answer): (Answer & { readonly kind: 'outcome' })['answer'] {
  switch (answer.kind) {
    case 'outcome':
    case 'changes':
    case 'arranged':
    case 'declined':
      return undefined;
    default:
      return answer;
  }
}

function outcome(state: OutcomeState): Answer {
  return { kind: 'outcome', state, answer: undefined };
}
