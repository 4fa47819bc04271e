import type { ComponentNode, GraphNode, PortNode } from './graphNode.ts';

type Axis = (node: GraphNode) => readonly GraphNode[];

const isComponent = (node: GraphNode): node is ComponentNode => node.kind === 'component';

const child: Axis = (node) => (isComponent(node) || node.kind === 'system' ? node.children : []);

const parent: Axis = (node) => (isComponent(node) ? node.owners : []);

/** All that an axis leads to when it is followed again and again, each once. */
const transitive = (axis: Axis): Axis => {
  return (node) => {
    const found = new Set<GraphNode>();
    const visit = (at: GraphNode): void => {
      for (const next of axis(at)) {
        if (found.has(next)) continue;
        found.add(next);
        visit(next);
      }
    };
    visit(node);
    return [...found];
  };
};

const descendant = transitive(child);
const ancestor = transitive(parent);
const sibling: Axis = (node) =>
  parent(node)
    .flatMap(child)
    .filter((one) => one !== node);

const component: Axis = (node) => {
  if (node.kind === 'port' || node.kind === 'attribute') return [node.component];
  return node.kind === 'channel' ? node.ports.map((port) => port.component) : [];
};

const ports = (node: GraphNode): readonly PortNode[] =>
  isComponent(node) || node.kind === 'channel' ? node.ports : [];

const facing = (direction: PortNode['direction']): Axis => {
  return (node) => ports(node).filter((one) => one.direction === direction);
};

const channel: Axis = (node) => {
  if (isComponent(node)) return node.ports.flatMap((one) => one.channels);
  return node.kind === 'port' ? node.channels : [];
};

const orSelf = (axis: Axis): Axis => {
  return (node) => [node, ...axis(node)];
};

/**
 * The ways from one node to others: the ten axes of FPath (David, Ledoux, Léger, Coupaye 2009) in the words of this
 * model, and those that are a part of one, or one together with the node itself.
 */
export const axes = {
  child,
  /** Its owners: several where it is shared. */
  parent,
  descendant,
  ancestor,
  /** Other children of its owners. */
  sibling,
  /** Whose port or attribute it is; those at both ends of a channel. */
  component,
  port: ports,
  /** The ports of a composite, seen from within. */
  inner: (node) => (isComponent(node) ? node.innerPorts : []),
  attribute: (node) => (isComponent(node) ? node.attributes : []),
  channel,
  self: (node) => [node],
  provides: facing('provides'),
  requires: facing('requires'),
  /** The ports at the other ends of a port's channels. */
  bound: (node) => (node.kind === 'port' ? node.bound : []),
  'descendant-or-self': orSelf(descendant),
  'ancestor-or-self': orSelf(ancestor),
  'sibling-or-self': orSelf(sibling),
} satisfies Record<string, Axis>;

export type AxisName = keyof typeof axes;

export function isAxis(name: string): name is AxisName {
  return Object.hasOwn(axes, name);
}

/** What a condition may ask of a node by a bare name. A node that does not have it answers undefined. */
export const properties: Readonly<Record<string, (node: GraphNode) => unknown>> = {
  kind: (node) => node.kind,
  name: (node) => node.name,
  path: (node) => node.path,
  definition: (node) => (isComponent(node) ? node.definition : undefined),
  version: (node) => (isComponent(node) ? node.version : undefined),
  state: (node) => (isComponent(node) || node.kind === 'channel' ? node.state : undefined),
  queued: (node) => (isComponent(node) ? node.queued : undefined),
  dropped: (node) => (isComponent(node) ? node.dropped : undefined),
  eventsPerSecond: (node) => (isComponent(node) ? node.eventsPerSecond : undefined),
  waiting: (node) => (node.kind === 'channel' ? node.waiting : undefined),
  type: (node) => (node.kind === 'port' || node.kind === 'attribute' ? node.type : undefined),
  direction: (node) => (node.kind === 'port' ? node.direction : undefined),
  isConnected: (node) => (node.kind === 'port' ? node.isConnected : undefined),
  value: (node) => (node.kind === 'attribute' ? node.value : undefined),
};
