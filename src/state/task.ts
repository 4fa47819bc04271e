import { type Answer, type Command, isRead, type SimpleAnswer, type Work } from '../command/index.ts';
import {
  combineIntoTask,
  combineScoresIntoTask,
  copyTask,
  keepSelectedTask,
  moveMemberTask,
  renameTask,
} from './collectionTasks.ts';
import { keyBytesMax, valueBytesMax } from './limits.ts';
import { moveElementTask, popFirstTask } from './moveTasks.ts';

/** A command over several cells, as a transaction: what is to be done, and what its answer is. */
export interface Task {
  readonly work: Work;
  readonly isRead: boolean;
  /** The answer, or what is to be done next. */
  answer(answers: readonly SimpleAnswer[], version: number): Answer | Task;
  /** The same where a check did not hold. */
  conflict(): Answer | Task;
}

/** Undefined for a command that can only be done by one cell. */
export function taskOf(asked: Command): Task | undefined {
  const conflict = (): Answer => ({ kind: 'conflict' });
  switch (asked.kind) {
    case 'transaction':
      return {
        work: asked,
        isRead: isRead(asked),
        answer: (answers, version) => ({ kind: 'executed', answers, version }),
        conflict,
      };
    case 'putMany': {
      const absent = asked.whenAllAbsent ? asked.entries.map(({ key }) => ({ key, version: 0 })) : [];
      const work = { checks: absent, ranges: [], commands: [{ ...asked, whenAllAbsent: false }] };
      return { work, isRead: false, answer: firstOf, conflict: () => ({ kind: 'notDone' }) };
    }
    case 'delete':
    case 'getMany':
    case 'exists':
    case 'versions':
    case 'combine':
    case 'combineScores':
      return { work: { checks: [], ranges: [], commands: [asked] }, isRead: isRead(asked), answer: firstOf, conflict };
    case 'rename':
      return renameTask(asked);
    case 'copy':
      return copyTask(asked);
    case 'combineInto':
      return combineIntoTask(asked);
    case 'combineScoresInto':
      return combineScoresIntoTask(asked);
    case 'keepSelected':
      return keepSelectedTask(asked);
    case 'moveElement':
      return moveElementTask(asked);
    case 'popFirst':
      return popFirstTask(asked);
    case 'moveMember':
      return moveMemberTask(asked);
    default:
      return undefined;
  }
}

const tooLongKey = { kind: 'error', problem: 'tooLarge', text: `the key is longer than ${keyBytesMax} bytes` } as const;
const tooLongValue = {
  kind: 'error',
  problem: 'valueTooLarge',
  text: `the value is longer than ${valueBytesMax} bytes`,
} as const;

/** What no cell would write: a part of it must not happen where another is refused for this. */
export function problemOf({ commands }: Work): Answer | undefined {
  for (const asked of commands) {
    if (asked.kind !== 'putMany') continue;
    for (const { key, value } of asked.entries) {
      if (key.length > keyBytesMax) return tooLongKey;
      if (value.length > valueBytesMax) return tooLongValue;
    }
  }
  return undefined;
}

function firstOf([answer]: readonly SimpleAnswer[], version: number): Answer {
  return answer?.kind === 'ok' ? { kind: 'ok', version } : (answer ?? { kind: 'ok', version });
}
