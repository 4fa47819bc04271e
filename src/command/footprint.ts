import { everything, type Key, keyAfter, type Range, unreachable } from '../base/index.ts';
import type { Command, SimpleCommand } from './command.ts';

/** What a command reads and writes: what it must not pass while a transaction is undecided there. */
export interface Footprint {
  readonly reads: readonly Key[];
  readonly ranges: readonly Range[];
  readonly writes: readonly Key[];
  /** It writes all keys of the cell. */
  readonly clears: boolean;
}

/** What a transaction of several commands is about: `Command` of that kind, or a part of one that lies in one cell. */
export interface Work {
  readonly checks: readonly { readonly key: Key; readonly version: number }[];
  readonly ranges: readonly {
    readonly from: Key;
    readonly to: Key | undefined;
    readonly count: number;
    readonly newestVersion: number;
  }[];
  readonly commands: readonly SimpleCommand[];
}

const nothing: Footprint = { reads: [], ranges: [], writes: [], clears: false };

export function footprintOf(asked: Command): Footprint {
  switch (asked.kind) {
    case 'transaction':
    case 'prepare':
      return footprintOfWork(asked);
    case 'openSession':
    case 'resolve':
    case 'resolveAt':
    case 'border':
    case 'merge':
    case 'arrange':
    case 'inquire':
    case 'settle':
    case 'forget':
    // What a cell holds is counted as it is, without what is undecided.
    case 'count':
    case 'countCell':
    // Nor does a change count before it is made.
    case 'changes':
      return nothing;
    case 'clear':
    case 'clearCell':
      return { ...nothing, clears: true };
    // A key that is to be written is no longer for others to reserve, and is let go behind what is written: so those who watch see it.
    case 'reserve':
    case 'release':
      return { ...nothing, reads: [asked.key] };
    default:
      return footprintOfSimple(asked);
  }
}

export function footprintOfWork({ checks, ranges, commands }: Work): Footprint {
  const all = { reads: checks.map(({ key }) => key), ranges: [] as Range[], writes: [] as Key[], clears: false };
  for (const { from, to } of ranges) if (isSome({ from, to })) all.ranges.push({ from, to });
  for (const one of commands) {
    const part = footprintOf(one);
    // Loops: each vote of each member asks for this, and lists of lists would cost more than all the rest of it.
    for (const key of part.reads) all.reads.push(key);
    for (const range of part.ranges) all.ranges.push(range);
    for (const key of part.writes) all.writes.push(key);
    all.clears ||= part.clears;
  }
  return all;
}

/** Every key and range that is read or written, each as a range. */
export function rangesOf({ reads, ranges, writes, clears }: Footprint): Range[] {
  if (clears) return [everything];
  return [...ranges, ...[...reads, ...writes].map((key) => ({ from: key, to: keyAfter(key) }))];
}

function footprintOfSimple(asked: Exclude<SimpleCommand, { kind: 'count' | 'clear' }>): Footprint {
  switch (asked.kind) {
    case 'get':
    case 'length':
    case 'part':
    case 'lifetime':
    case 'look':
    case 'typeOf':
    case 'contents':
    case 'renew':
      return { ...nothing, reads: [asked.key] };
    case 'getMany':
    case 'exists':
    case 'versions':
    case 'combine':
    case 'combineScores':
      return { ...nothing, reads: asked.keys };
    case 'combineInto':
    case 'combineScoresInto':
      return { ...nothing, reads: asked.keys, writes: [asked.to] };
    case 'copy':
    case 'keepSelected':
      return { ...nothing, reads: [asked.key], writes: [asked.to] };
    case 'range':
      return isSome(asked) ? { ...nothing, ranges: [{ from: asked.from, to: asked.to }] } : nothing;
    case 'put':
    case 'take':
    case 'increment':
    case 'incrementDecimal':
    case 'append':
    case 'overwrite':
    case 'setExpiry':
    case 'getAndExpire':
    case 'persist':
    case 'edit':
    case 'replace':
      return { ...nothing, writes: [asked.key] };
    case 'putMany':
      return { ...nothing, writes: asked.entries.map(({ key }) => key) };
    case 'delete':
    case 'popFirst':
      return { ...nothing, writes: asked.keys };
    case 'rename':
    case 'moveMember':
    case 'moveElement':
      return { ...nothing, writes: [asked.key, asked.to] };
    default:
      return unreachable(asked);
  }
}

function isSome({ from, to }: Range): boolean {
  return to === undefined || from < to;
}
