import { copyBytes } from '../base/index.ts';
import type { Answer, Command, SimpleAnswer, SimpleCommand } from '../command/index.ts';
import type { Task } from './task.ts';

type Only<K extends Command['kind']> = Command & { readonly kind: K };

/** An element goes from a cell to another: it is looked at first, and must still be there when it is written. */
export function moveElementTask(asked: Only<'moveElement'>): Task {
  const { key, to, fromEnd, toEnd } = asked;
  const at = fromEnd ? -1 : 0;
  const commands: SimpleCommand[] = [
    { kind: 'versions', keys: [key, to] },
    { kind: 'look', key, of: 'list', at: { kind: 'slice', first: at, last: at } },
    { kind: 'look', key: to, of: 'list', at: { kind: 'size' } },
  ];
  const again = (): Task => moveElementTask(asked);
  return reading(commands, again, ([versions, found, target]) => {
    if (versions?.kind !== 'versions' || found?.kind !== 'elements') return found ?? missing;
    const [first] = found.elements;
    if (first === undefined) return missing;
    if (target?.kind === 'error') return target;
    // What was found is good for a turn only.
    const value = copyBytes(first.value);
    const pop: SimpleCommand = { kind: 'edit', key, of: 'list', does: { kind: 'pop', count: 1, atEnd: fromEnd } };
    const push = { kind: 'push', values: [value], atEnd: toEnd, whenPresent: false } as const;
    const checks = [key, to].map((one, i) => ({ key: one, version: versions.versions[i]! }));
    return {
      work: { checks, ranges: [], commands: [pop, { kind: 'edit', key: to, of: 'list', does: push }] },
      isRead: false,
      answer: ([, pushed], version) =>
        pushed?.kind === 'error' ? pushed : { kind: 'value', value, version, expiresAtMs: undefined },
      conflict: again,
    };
  });
}

/** The first key that holds any is found first, and must still be the first when something is taken from it. */
export function popFirstTask(asked: Only<'popFirst'>): Task {
  const { keys, of, count, atEnd } = asked;
  const sizes = keys.map((key): SimpleCommand => ({ kind: 'look', key, of, at: { kind: 'size' } }));
  const again = (): Task => popFirstTask(asked);
  return reading([{ kind: 'versions', keys }, ...sizes], again, ([versions, ...found]) => {
    if (versions?.kind !== 'versions') return versions ?? missing;
    const place = found.findIndex((one) => one.kind !== 'integer' || one.value !== 0);
    const holder = found[place];
    if (holder === undefined) return missing;
    if (holder.kind !== 'integer') return holder;
    const key = keys[place]!;
    const before = new Map(keys.slice(0, place + 1).map((one, i) => [one, versions.versions[i]!]));
    return {
      work: {
        checks: [...before].map(([one, version]) => ({ key: one, version })),
        ranges: [],
        commands: [{ kind: 'edit', key, of, does: { kind: 'pop', count, atEnd } }],
      },
      isRead: false,
      answer: ([taken]) => (taken?.kind === 'elements' ? { ...taken, kind: 'popped', key } : (taken ?? missing)),
      conflict: again,
    };
  });
}

const missing: Answer = { kind: 'missing' };

function reading(
  commands: readonly SimpleCommand[],
  again: () => Task,
  answer: (answers: readonly SimpleAnswer[]) => Answer | Task,
): Task {
  return { work: { checks: [], ranges: [], commands }, isRead: true, answer, conflict: again };
}
