import { contains, intersection, type Key, must, type Range, unreachable } from '../base/index.ts';
import {
  addIntegers,
  footprintOf,
  footprintOfWork,
  type Integer,
  rangesOf,
  type SimpleAnswer,
  type SimpleCommand,
  type Work,
  within,
} from '../command/index.ts';
import { inParts, joinCombined, joinScores, scoresInPart } from '../state/index.ts';

/** One command of a transaction, or a part of it, with its place among all. */
export interface PlacedCommand {
  readonly place: number;
  readonly command: SimpleCommand;
}

/** What one cell is to do of a transaction. */
export interface Part extends Omit<Work, 'commands'> {
  /** The participants that lie in the cell. */
  readonly pieces: readonly Range[];
  readonly commands: readonly PlacedCommand[];
}

export interface PlacedAnswer extends PlacedCommand {
  readonly answer: SimpleAnswer;
}

/** The participants of a transaction: of each span that a cell holds, from the first key that it needs to the last. */
export function participantsOf(work: Work, spans: readonly Range[]): Range[] {
  const needed = rangesOf(footprintOfWork(work));
  return spans.flatMap((span) => {
    const own = within(needed, span);
    return own.length === 0 ? [] : [own.reduce(hull)];
  });
}

/** The smallest range that holds all that a transaction needs; undefined where that is nothing. */
export function extentOf(work: Work): Range | undefined {
  const needed = rangesOf(footprintOfWork(work));
  return needed.length === 0 ? undefined : needed.reduce(hull);
}

export function wholePart(work: Work, pieces: readonly Range[]): Part {
  const { checks, ranges, commands } = work;
  return { pieces, checks, ranges, commands: commands.map((command, place) => ({ place, command })) };
}

/** The parts that lie in the spans; undefined where something in it can only be done by one cell. */
export function divide(part: Part, spans: readonly Range[]): Part[] | undefined {
  const isWhole = part.commands.every(({ command }) => isDivisible(command, spans));
  if (!isWhole || !part.ranges.every((range) => isCountable(range, part.checks, spans))) return undefined;
  return spans.map((span) => partIn(part, span)).filter(({ pieces }) => pieces.length > 0);
}

/** The answer to a command whose parts were answered so. */
export function join(command: SimpleCommand, parts: readonly PlacedAnswer[]): SimpleAnswer {
  if (parts.length === 1) return parts[0]!.answer;
  const problem = parts.find(({ answer }) => answer.kind === 'error');
  if (problem !== undefined) return problem.answer;
  switch (command.kind) {
    case 'delete':
    case 'exists':
      return { kind: 'integer', value: parts.reduce((sum: Integer, { answer }) => plus(sum, answer), 0) };
    case 'getMany':
    case 'versions':
      return joinKeys(command, parts);
    case 'range':
      return joinRows(command, parts);
    case 'combine':
      return joinCombined(command.how, parts);
    case 'combineScores':
      return joinScores(command, parts);
    case 'putMany':
      return parts[0]?.answer ?? { kind: 'ok', version: 0 };
    default:
      return must(parts[0], 'a command of a transaction was answered by nobody').answer;
  }
}

function plus(sum: Integer, answer: SimpleAnswer): Integer {
  return answer.kind === 'integer' ? must(addIntegers(sum, answer.value), 'so many keys cannot be') : sum;
}

function joinKeys(
  command: SimpleCommand & { kind: 'getMany' | 'versions' },
  parts: readonly PlacedAnswer[],
): SimpleAnswer {
  if (command.kind === 'versions') {
    const versions = new Map<Key, number>();
    for (const { command: one, answer } of parts) {
      if (one.kind === 'versions' && answer.kind === 'versions')
        one.keys.forEach((key, i) => void versions.set(key, answer.versions[i]!));
    }
    return { kind: 'versions', versions: command.keys.map((key) => must(versions.get(key), 'a key has no version')) };
  }
  const answers = new Map<Key, (SimpleAnswer & { kind: 'many' })['answers'][number]>();
  for (const { command: one, answer } of parts) {
    if (one.kind === 'getMany' && answer.kind === 'many')
      one.keys.forEach((key, i) => void answers.set(key, answer.answers[i]!));
  }
  return { kind: 'many', answers: command.keys.map((key) => must(answers.get(key), 'a key has no answer')) };
}

function joinRows(command: SimpleCommand & { kind: 'range' }, parts: readonly PlacedAnswer[]): SimpleAnswer {
  const lowest = ({ command: one }: PlacedAnswer): Key => (one.kind === 'range' ? one.from : '');
  const inOrder = [...parts].sort((a, b) => (lowest(a) < lowest(b) ? -1 : 1));
  if (command.isDown) inOrder.reverse();
  const rows: (SimpleAnswer & { kind: 'rows' })['rows'][number][] = [];
  let bytes = 0;
  for (const { answer } of inOrder) {
    if (answer.kind !== 'rows') continue;
    for (const row of answer.rows) {
      bytes += row.key.length + row.value.length;
      const isFull = rows.length >= command.rowsMax || (bytes > command.bytesMax && rows.length > 0);
      if (isFull) return { kind: 'rows', rows, more: true };
      rows.push(row);
    }
    if (answer.more) return { kind: 'rows', rows, more: true };
  }
  return { kind: 'rows', rows, more: false };
}

function partIn(part: Part, span: Range): Part {
  const commands = part.commands.flatMap(({ place, command }) => {
    const own = commandIn(command, span);
    return own === undefined ? [] : [{ place, command: own }];
  });
  return {
    pieces: within(part.pieces, span),
    checks: part.checks.filter(({ key }) => contains(span, key)),
    ranges: part.ranges.flatMap((range) => rangeIn(range, part.checks, span)),
    commands,
  };
}

/** As much of a command as concerns the keys of a span. */
function commandIn(command: SimpleCommand, span: Range): SimpleCommand | undefined {
  switch (command.kind) {
    case 'putMany': {
      const entries = command.entries.filter(({ key }) => contains(span, key));
      return entries.length === 0 ? undefined : { ...command, entries };
    }
    case 'getMany':
    case 'exists':
    case 'versions':
    case 'delete': {
      const keys = command.keys.filter((key) => contains(span, key));
      return keys.length === 0 ? undefined : { ...command, keys };
    }
    case 'range': {
      const own = intersection(command, span);
      return own === undefined ? undefined : { ...command, ...own };
    }
    case 'count':
    case 'clear':
      return command;
    case 'combine':
      return inParts(command, span);
    case 'combineScores':
      return scoresInPart(command, span);
    case 'popFirst':
      return command.keys[0] !== undefined && contains(span, command.keys[0]) ? command : undefined;
    case 'combineInto':
    case 'combineScoresInto':
      return contains(span, command.to) ? command : undefined;
    case 'moveMember':
    case 'copy':
    case 'keepSelected':
    case 'moveElement':
    case 'look':
    case 'typeOf':
    case 'contents':
    case 'edit':
    case 'replace':
    case 'rename':
    case 'get':
    case 'length':
    case 'part':
    case 'lifetime':
    case 'put':
    case 'take':
    case 'increment':
    case 'incrementDecimal':
    case 'append':
    case 'overwrite':
    case 'setExpiry':
    case 'getAndExpire':
    case 'persist':
    case 'renew':
      return contains(span, command.key) ? command : undefined;
    default:
      return unreachable(command);
  }
}

/** Whether the parts of a command in different cells may be done by each for itself. */
function isDivisible(command: SimpleCommand, spans: readonly Range[]): boolean {
  switch (command.kind) {
    case 'count':
    case 'clear':
      return false;
    case 'rename':
    case 'moveMember':
    case 'copy':
    case 'keepSelected':
    case 'moveElement':
    case 'popFirst':
    case 'combineInto':
    case 'combineScoresInto':
      return liesInOne(command, spans);
    case 'putMany':
      return !command.whenAllAbsent || liesInOne(command, spans);
    default:
      return true;
  }
}

function liesInOne(command: SimpleCommand, spans: readonly Range[]): boolean {
  const needed = rangesOf(footprintOf(command));
  return spans.filter((span) => within(needed, span).length > 0).length <= 1;
}

type RangeCheck = Work['ranges'][number];

/** Versions of different cells cannot be compared, so a check of a range over several needs one of each key in it. */
function isCountable(range: RangeCheck, checks: Work['checks'], spans: readonly Range[]): boolean {
  if (range.count === 0 || spans.filter((span) => intersection(range, span) !== undefined).length <= 1) return true;
  return checks.filter(({ key, version }) => version > 0 && contains(range, key)).length === range.count;
}

function rangeIn(range: RangeCheck, checks: Work['checks'], span: Range): RangeCheck[] {
  const own = intersection(range, span);
  if (own === undefined) return [];
  const isWhole = own.from === range.from && own.to === range.to;
  if (isWhole || range.count === 0) return [{ ...range, ...own }];
  const held = checks.filter(({ key, version }) => version > 0 && contains(own, key));
  const newestVersion = held.reduce((newest, { version }) => Math.max(newest, version), 0);
  return [{ ...own, count: held.length, newestVersion }];
}

function hull(a: Range, b: Range): Range {
  const from = a.from < b.from ? a.from : b.from;
  if (a.to === undefined || b.to === undefined) return { from, to: undefined };
  return { from, to: a.to > b.to ? a.to : b.to };
}
