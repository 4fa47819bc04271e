import type { Answer, Command } from '../command/index.ts';
import type { Sessions } from './sessions.ts';
import { takePart } from './stateCommit.ts';
import type { StateData } from './stateData.ts';
import { resolveOutcome } from './stateOutcome.ts';
import { release, reserve } from './stateReservations.ts';
import { executeTransaction } from './stateTransaction.ts';
import { execute } from './stateWrites.ts';

/** What a command comes to, for which nothing is in the way, at its place in the log; or what a read finds there. */
export function answerTo(data: StateData, sessions: Sessions, asked: Command): Answer {
  switch (asked.kind) {
    case 'transaction':
      return executeTransaction(data, asked);
    case 'openSession':
      return { kind: 'ok', version: data.version };
    case 'resolve':
    case 'resolveAt':
      return resolveOutcome(sessions, data.timeMs, asked.session, asked.sequence);
    case 'countCell':
      data.countSome(Number.POSITIVE_INFINITY);
      return execute(data, { kind: 'count' });
    case 'clearCell':
      return execute(data, { kind: 'clear' });
    case 'prepare':
    case 'inquire':
    case 'settle':
    case 'forget':
      return takePart(data, asked);
    case 'reserve':
      return reserve(data, asked);
    case 'release':
      return release(data, asked);
    case 'border':
    case 'merge':
    case 'arrange':
    case 'changes':
      return { kind: 'error', problem: 'malformed', text: 'it is asked for like a read' };
    default:
      return execute(data, asked);
  }
}
