import { copyBytes, emptyBytes, type Key } from '../base/index.ts';
import type { Answer, CollectionKind, Command, Expiry, SimpleAnswer, SimpleCommand } from '../command/index.ts';
import { rowOfName } from './collection.ts';
import type { Task } from './task.ts';

type Only<K extends Command['kind']> = Command & { readonly kind: K };
type Found = SimpleAnswer & { readonly kind: 'value' | 'contents' };

const none: Answer = { kind: 'integer', value: 0 };
const one: Answer = { kind: 'integer', value: 1 };

/** What a key holds goes from one cell to another: it is read first, and must still be there when it is written. */
export function renameTask(asked: Only<'rename'>): Task {
  return reading(
    [
      { kind: 'contents', key: asked.key },
      { kind: 'exists', keys: [asked.to] },
    ],
    () => renameTask(asked),
    ([found, target]) => {
      if (!isFound(found)) return found ?? { kind: 'missing' };
      if (asked.whenAbsent && isThere(target)) return { kind: 'notDone' };
      const deletion: SimpleCommand = { kind: 'delete', keys: [asked.key] };
      const done = (version: number): Answer => ({ kind: 'ok', version });
      return writing(asked.key, asked.to, found, asked.whenAbsent, [deletion], done, () => renameTask(asked));
    },
  );
}

export function copyTask(asked: Only<'copy'>): Task {
  return reading(
    [
      { kind: 'contents', key: asked.key },
      { kind: 'exists', keys: [asked.to] },
    ],
    () => copyTask(asked),
    ([found, target]) => {
      if (!isFound(found)) return found?.kind === 'error' ? found : none;
      if (!asked.replaces && isThere(target)) return none;
      return writing(
        asked.key,
        asked.to,
        found,
        !asked.replaces,
        [],
        () => one,
        () => copyTask(asked),
      );
    },
  );
}

/** Sets in several cells amount to one: those that were read must be the same when it is written. */
export function combineIntoTask({ keys, how, to }: Only<'combineInto'>): Task {
  return keepTask(keys, { kind: 'combine', keys, how }, to, 'set');
}

export function combineScoresIntoTask({ to, ...asked }: Only<'combineScoresInto'>): Task {
  return keepTask(asked.keys, { ...asked, kind: 'combineScores' }, to, 'sortedSet');
}

export function keepSelectedTask({ key, selection, to }: Only<'keepSelected'>): Task {
  return keepTask([key], { kind: 'look', key, of: 'sortedSet', at: { kind: 'selected', selection } }, to, 'sortedSet');
}

/** Keeps what a question about some keys finds, as a collection under another one. */
function keepTask(keys: readonly Key[], found: SimpleCommand, to: Key, of: CollectionKind): Task {
  const again = (): Task => keepTask(keys, found, to, of);
  return reading([{ kind: 'versions', keys }, found], again, ([versions, combined]) => {
    if (versions?.kind !== 'versions' || combined?.kind !== 'elements') return combined ?? none;
    // What was found is good for a turn only.
    const rows = combined.elements.map(({ name, value }) => ({ name: rowOfName(name), value: copyBytes(value) }));
    const put: SimpleCommand = { kind: 'replace', key: to, of, rows, expiresAtMs: undefined };
    const checks = new Map(keys.map((key, i) => [key, versions.versions[i]!]));
    return {
      work: { checks: [...checks].map(([key, version]) => ({ key, version })), ranges: [], commands: [put] },
      isRead: false,
      answer: ([done]) => (done?.kind === 'error' ? done : { kind: 'integer', value: rows.length }),
      conflict: again,
    };
  });
}

export function moveMemberTask(asked: Only<'moveMember'>): Task {
  const { key, to, member } = asked;
  return reading(
    [
      { kind: 'versions', keys: [key, to] },
      { kind: 'look', key, of: 'set', at: { kind: 'holds', names: [member] } },
      { kind: 'look', key: to, of: 'set', at: { kind: 'size' } },
    ],
    () => moveMemberTask(asked),
    ([versions, held, target]) => {
      if (versions?.kind !== 'versions' || held?.kind !== 'flags') return held ?? none;
      if (versions.versions[0] === 0) return none;
      if (target?.kind === 'error') return target;
      if (!held.flags[0]) return none;
      const [ofKey, ofTarget] = versions.versions;
      const add = { kind: 'add', elements: [{ name: member, value: emptyBytes }], whenAbsent: true } as const;
      const commands: SimpleCommand[] = [
        { kind: 'edit', key, of: 'set', does: { kind: 'remove', names: [member] } },
        { kind: 'edit', key: to, of: 'set', does: add },
      ];
      const checks = [
        { key, version: ofKey! },
        { key: to, version: ofTarget! },
      ];
      return {
        work: { checks, ranges: [], commands },
        isRead: false,
        answer: ([, added]) => (added?.kind === 'error' ? added : one),
        conflict: () => moveMemberTask(asked),
      };
    },
  );
}

function reading(commands: SimpleCommand[], again: () => Task, answer: Task['answer']): Task {
  return { work: { checks: [], ranges: [], commands }, isRead: true, answer, conflict: again };
}

/** Puts what was found under another key, if it is still what was found. */
function writing(
  key: Key,
  to: Key,
  found: Found,
  whenAbsent: boolean,
  further: readonly SimpleCommand[],
  done: (version: number) => Answer,
  again: () => Task,
): Task {
  const checks = [{ key, version: found.version }, ...(whenAbsent ? [{ key: to, version: 0 }] : [])];
  return {
    work: { checks, ranges: [], commands: [putOf(to, found), ...further] },
    isRead: false,
    answer: ([answer], version) => (answer?.kind === 'error' ? answer : done(version)),
    conflict: again,
  };
}

/** The command that writes it there. What was found is good for a turn only. */
function putOf(key: Key, found: Found): SimpleCommand {
  const { expiresAtMs } = found;
  if (found.kind === 'contents') {
    const rows = found.rows.map(({ name, value }) => ({ name, value: copyBytes(value) }));
    return { kind: 'replace', key, of: found.of, rows, expiresAtMs };
  }
  const expiry: Expiry = expiresAtMs === undefined ? { kind: 'never' } : { kind: 'at', atMs: expiresAtMs };
  return { kind: 'put', key, value: copyBytes(found.value), when: { kind: 'always' }, expiry, returnPrevious: false };
}

function isFound(answer: SimpleAnswer | undefined): answer is Found {
  return answer?.kind === 'value' || answer?.kind === 'contents';
}

function isThere(answer: SimpleAnswer | undefined): boolean {
  return answer?.kind === 'integer' && answer.value !== 0;
}
