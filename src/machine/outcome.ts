import { failure, type Result, success } from '../base/index.ts';
import type { Answer } from '../command/index.ts';
import type { Reply } from '../store/index.ts';

/** What a cell answered to what its leader was to see to; else why it is not so, where `what` should have been done. */
export function outcomeOf(reply: Reply, what: string): Result<Answer, string> {
  if (reply.kind === 'refused') return failure(reply.reason);
  if (reply.kind !== 'done') return failure(`it is not known whether the cell has ${what}`);
  const { answer } = reply;
  if (answer.kind === 'declined') return failure(answer.reason);
  return answer.kind === 'error' ? failure(answer.text) : success(answer);
}
