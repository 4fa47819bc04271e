import { copyBytes } from '../base/index.ts';
import type { Answer, SimpleAnswer } from './answer.ts';
import { type Command, type Expiry, isRead, type SimpleCommand } from './command.ts';
import type { Work } from './footprint.ts';
import { keyBytesMax, valueBytesMax } from './limits.ts';

type Rename = Command & { readonly kind: 'rename' };

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
      return { work: { checks: [], ranges: [], commands: [asked] }, isRead: isRead(asked), answer: firstOf, conflict };
    case 'rename':
      return renameTask(asked);
    default:
      return undefined;
  }
}

/** The value goes from one cell to another: it is read first, and must still be there when it is written. */
function renameTask(asked: Rename): Task {
  const commands: SimpleCommand[] = [
    { kind: 'get', key: asked.key },
    { kind: 'exists', keys: [asked.to] },
  ];
  return {
    work: { checks: [], ranges: [], commands },
    isRead: true,
    answer: ([item, target]) => {
      if (item?.kind !== 'value') return item ?? { kind: 'missing' };
      const isTaken = target?.kind === 'integer' && target.value !== 0;
      return asked.whenAbsent && isTaken ? { kind: 'notDone' } : moveTask(asked, item);
    },
    conflict: () => renameTask(asked),
  };
}

function moveTask(asked: Rename, { value, version, expiresAtMs }: SimpleAnswer & { readonly kind: 'value' }): Task {
  const { key, to, whenAbsent } = asked;
  const kept = copyBytes(value);
  const expiry: Expiry = expiresAtMs === undefined ? { kind: 'never' } : { kind: 'at', atMs: expiresAtMs };
  const put = { kind: 'put', key: to, value: kept, when: { kind: 'always' }, expiry, returnPrevious: false } as const;
  const checks = [{ key, version }, ...(whenAbsent ? [{ key: to, version: 0 }] : [])];
  return {
    work: { checks, ranges: [], commands: [put, { kind: 'delete', keys: [key] }] },
    isRead: false,
    answer: (_answers, last) => ({ kind: 'ok', version: last }),
    conflict: () => renameTask(asked),
  };
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
