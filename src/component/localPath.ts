import type { GraphNode } from './graphNode.ts';
import type { Instance } from './instance.ts';
import type { Condition, Operand, Path, PathStep } from './path.ts';
import { takes } from './pathMatch.ts';

/** A path whose answers at one component depend on nothing but that one and what stands above it. */
export interface LocalPath {
  /** What it leads to of the last of these nodes: the system, a component that nobody owns, and so on down. */
  answersOf(line: readonly GraphNode[]): readonly GraphNode[];
  /** It asks something of what stands above: where that changed, all below may be answers or not. */
  readonly looksUp: boolean;
}

const downward = ['child', 'descendant', 'self', 'descendant-or-self'];
const ownParts = ['attribute', 'port', 'inner', 'provides', 'requires'];
/** Of these a component says when they change. */
const announced = [
  'kind',
  'name',
  'path',
  'definition',
  'version',
  'state',
  'type',
  'direction',
  'isConnected',
  'value',
];

/** The path in that form; undefined where an answer may depend on neighbours, channels, or on how long queues are. */
export function localPathOf(path: Path): LocalPath | undefined {
  if (path.kind === 'steps') return localSteps(path.steps);
  const [left, right] = [localPathOf(path.left), localPathOf(path.right)];
  if (left === undefined || right === undefined) return undefined;
  const { kind } = path;
  return {
    looksUp: left.looksUp || right.looksUp,
    answersOf: (line) => {
      const [some, others] = [left.answersOf(line), right.answersOf(line)];
      if (kind === '|') return [...new Set([...some, ...others])];
      return some.filter((node) => others.includes(node) === (kind === '&'));
    },
  };
}

function localSteps(steps: readonly PathStep[]): LocalPath | undefined {
  const last = steps.at(-1);
  const part = last !== undefined && ownParts.includes(last.axis) ? last : undefined;
  const way = part === undefined ? steps : steps.slice(0, -1);
  if (!way.every(({ axis }) => downward.includes(axis))) return undefined;
  if (!steps.every(({ conditions }) => conditions.every(isAnnounced))) return undefined;
  const asksAbove = part === undefined ? way.slice(0, -1) : way;
  return {
    looksUp: asksAbove.some(({ conditions }) => conditions.length > 0),
    answersOf: (line) => {
      const here = line.at(-1);
      if (here === undefined || !leadsTo(way, line)) return [];
      return part === undefined ? [here] : takes(part, here);
    },
  };
}

/** Goes down a line of nodes and notes after which steps it may stand at each. */
function leadsTo(way: readonly PathStep[], line: readonly GraphNode[]): boolean {
  const above = new Array<boolean>(way.length + 1).fill(false);
  let before: readonly boolean[] = [];
  for (const [depth, node] of line.entries()) {
    const here = new Array<boolean>(way.length + 1).fill(false);
    here[0] = depth === 0;
    for (const [i, step] of way.entries())
      here[i + 1] = mayGo(step.axis, i, before, above, here) && isTaken(step, node);
    for (const [i, isHere] of here.entries()) above[i] ||= isHere;
    before = here;
  }
  return before[way.length] === true;
}

function mayGo(
  axis: PathStep['axis'],
  step: number,
  before: readonly boolean[],
  above: readonly boolean[],
  here: readonly boolean[],
): boolean {
  if (axis === 'child') return before[step] === true;
  const isHere = axis !== 'descendant' && here[step] === true;
  return isHere || (axis !== 'self' && above[step] === true);
}

function isTaken(step: PathStep, node: GraphNode): boolean {
  return takes({ ...step, axis: 'self' }, node).length > 0;
}

function isAnnounced(condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return isAnnounced(condition.left) && isAnnounced(condition.right);
    case 'not':
      return isAnnounced(condition.condition);
    case 'compare':
      return isOwn(condition.left) && isOwn(condition.right);
    case 'holds':
      return isOwn(condition.operand);
  }
}

function isOwn(operand: Operand): boolean {
  if (operand.kind === 'property') return announced.includes(operand.name);
  return operand.kind === 'literal' || operand.kind === 'attribute';
}

/** What a component stands in, from the one that nobody owns down to itself; undefined where it is in the system no more. */
export function lineOf(instance: Instance): readonly Instance[] | undefined {
  const line: Instance[] = [];
  for (let at: Instance | undefined = instance; at !== undefined; at = at.parent) {
    const { parent, name } = at;
    const isThere: boolean = parent === undefined ? at.system.roots.has(at) : parent.childNamed(name) === at;
    if (!isThere) return undefined;
    line.unshift(at);
  }
  return line;
}
