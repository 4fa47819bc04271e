import { axes, properties } from './axis.ts';
import type { GraphNode } from './graphNode.ts';
import type { Comparison, Condition, NodeTest, Operand, Path, PathStep } from './path.ts';

/** The nodes that a path leads to, each once, in the order in which they are found. */
export function follow(path: Path, from: GraphNode): readonly GraphNode[] {
  if (path.kind !== 'steps') {
    const left = follow(path.left, from);
    const right = follow(path.right, from);
    if (path.kind === '|') return distinct([...left, ...right]);
    return left.filter((node) => right.includes(node) === (path.kind === '&'));
  }
  let nodes: readonly GraphNode[] = path.isAbsolute ? [from.graph.root] : [from];
  for (const step of path.steps) nodes = distinct(nodes.flatMap((node) => takes(step, node)));
  return nodes;
}

/** What one step leads to from a node. */
export function takes({ axis, test, conditions }: PathStep, from: GraphNode): readonly GraphNode[] {
  return axes[axis](from).filter((node) => fits(node, test) && conditions.every((one) => holds(one, node)));
}

function fits(node: GraphNode, test: NodeTest): boolean {
  switch (test.kind) {
    case 'any':
      return true;
    case 'every':
      return node.kind !== 'system';
    case 'name':
      return namesOf(node).includes(test.name);
    case 'prefix':
      return namesOf(node).some((name) => name.startsWith(test.prefix));
  }
}

/** A component goes by its own name and by that of its definition. */
function namesOf(node: GraphNode): readonly string[] {
  return node.kind === 'component' ? [node.name, node.definition] : [node.name];
}

function holds(condition: Condition, node: GraphNode): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, node) && holds(condition.right, node);
    case 'or':
      return holds(condition.left, node) || holds(condition.right, node);
    case 'not':
      return !holds(condition.condition, node);
    case 'compare':
      return compare(condition.operator, worthOf(condition.left, node), worthOf(condition.right, node));
    case 'holds': {
      const value = worthOf(condition.operand, node);
      return value !== undefined && value !== false;
    }
  }
}

function worthOf(operand: Operand, node: GraphNode): unknown {
  switch (operand.kind) {
    case 'literal':
      return operand.value;
    case 'attribute':
      return node.kind === 'component' ? node.attributes.find(({ name }) => name === operand.name)?.value : undefined;
    case 'property':
      return properties[operand.name]!(node);
    case 'count':
      return follow(operand.path, node).length;
    case 'path':
      return follow(operand.path, node).length > 0;
  }
}

/** Numbers compare with numbers and texts with texts; whatever else they are, they can only be the same or not. */
function compare(operator: Comparison, left: unknown, right: unknown): boolean {
  if (operator === '=') return left === right;
  if (operator === '!=') return left !== right;
  const areNumbers = typeof left === 'number' && typeof right === 'number';
  const areTexts = typeof left === 'string' && typeof right === 'string';
  if (!areNumbers && !areTexts) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function distinct(nodes: readonly GraphNode[]): readonly GraphNode[] {
  return [...new Set(nodes)];
}
