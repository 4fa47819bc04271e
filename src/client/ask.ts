import { failure, type Result, success } from '../base/index.ts';
import type { Answer, Command } from '../command/index.ts';
import type { Bridge, CallWay } from './bridge.ts';
import { patienceMs } from './limits.ts';
import { invalid, reserved, type StoreError, unavailable, unknownOutcome } from './storeError.ts';

/** Asks one command; every way in which it can fail becomes a typed error. */
export async function ask(
  bridge: Bridge,
  command: Command,
  waitsMs: number = patienceMs,
  how?: CallWay,
): Promise<Result<Answer, StoreError>> {
  const reply = await bridge.call(command, waitsMs, how);
  if (reply.kind === 'refused')
    return failure(reply.because === 'reserved' ? reserved(reply.reason) : unavailable(reply.reason));
  if (reply.kind === 'unknown') return failure(unknownOutcome(reply.operation));
  const { answer } = reply;
  return answer.kind === 'error' ? failure(invalid(answer.problem, answer.text)) : success(answer);
}
