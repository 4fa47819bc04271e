import type { RuntimeChannel } from './channel.ts';
import type { Gate } from './gate.ts';
import { ChannelNode, ComponentNode, type GraphNode, PortNode, SystemNode } from './graphNode.ts';
import type { Instance } from './instance.ts';
import { type Path, pathOf } from './path.ts';
import { follow } from './pathMatch.ts';
import type { System } from './system.ts';

/**
 * The components of a system, their ports, channels and attributes, as a graph to be read now (Fractal's introspection;
 * Bruneton, Coupaye, Stefani 2004). Nothing of it is kept by the system: each node looks when it is asked. Queue lengths are
 * counted when the first is asked for, so take a graph, read it, and take another one later.
 */
export class Graph {
  readonly #system: System;
  readonly #components = new Map<Instance, ComponentNode>();
  readonly #ports: readonly [Map<Gate, PortNode>, Map<Gate, PortNode>] = [new Map(), new Map()];
  readonly #channels = new Map<RuntimeChannel, ChannelNode>();
  #waiting: ReadonlyMap<Instance, number> | undefined = undefined;
  /** What stands above the components that nobody owns. */
  readonly root: SystemNode;

  constructor(system: System) {
    this.#system = system;
    this.root = new SystemNode(this, system);
  }

  /** Components that no other owns. */
  get roots(): readonly ComponentNode[] {
    return [...this.#system.roots].map((instance) => this.nodeOf(instance));
  }

  /** Every component once, owners before what they own. */
  get components(): readonly ComponentNode[] {
    return allWithin(this.#system.roots).map((instance) => this.nodeOf(instance));
  }

  /**
   * The nodes that a path leads to, from the system or from the given node. A text that is no path is a bug: of what people
   * typed make a path with `parsePath` first.
   */
  path(path: string | Path, from: GraphNode = this.root): readonly GraphNode[] {
    return follow(typeof path === 'string' ? pathOf(path) : path, from);
  }

  /** @internal */
  nodeOf(instance: Instance): ComponentNode {
    return found(this.#components, instance, () => new ComponentNode(this, instance));
  }

  /** @internal */
  portOf(gate: Gate, isInner: boolean): PortNode {
    return found(this.#ports[isInner ? 1 : 0], gate, () => new PortNode(this, gate, isInner));
  }

  /** @internal */
  channelOf(channel: RuntimeChannel): ChannelNode {
    return found(this.#channels, channel, () => new ChannelNode(this, channel));
  }

  /** @internal */
  waitingFor(instance: Instance): number {
    this.#waiting ??= this.#system.countWaiting();
    return this.#waiting.get(instance) ?? 0;
  }

  /** @internal */
  rateOf(instance: Instance): number | undefined {
    return this.#system.rateOf(instance);
  }
}

/** These and all that they own, each once, owners before what they own. */
export function allWithin(instances: Iterable<Instance>): readonly Instance[] {
  const all = new Set<Instance>();
  const visit = (some: Iterable<Instance>): void => {
    for (const instance of some) {
      if (all.has(instance)) continue;
      all.add(instance);
      visit(instance.children);
    }
  };
  visit(instances);
  return [...all];
}

function found<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}
