import type { NodeReport, NodesReport } from '../api/index.ts';
import { failure, type Result, success } from '../base/index.ts';
import { type GraphNode, type InventoryEntry, parsePath, type System } from '../component/index.ts';
import { nodesShownMax } from './limits.ts';

/** The components of this peer, for those who ask over HTTP. Until the peer has a system there are none. */
export class Reflection {
  #system: System | undefined;

  open(system: System): void {
    this.#system = system;
  }

  inventory(): readonly InventoryEntry[] {
    return this.#system?.inventory() ?? [];
  }

  /** The nodes that a path leads to, or why it is none. */
  find(path: string): Result<NodesReport, string> {
    const parsed = parsePath(path);
    if (!parsed.ok) return failure(parsed.error.text);
    const found = this.#system?.graph().path(parsed.value) ?? [];
    return success({ found: found.length, nodes: found.slice(0, nodesShownMax).map(reportOf) });
  }

  /** Sets all attributes that a path leads to, or none: how many, or why one refuses. The value is JSON, or a text as it is. */
  set(path: string, value: string): Result<number, string> {
    return this.#system?.set(path, offered(value)) ?? failure('the peer is starting');
  }
}

function offered(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // What is no JSON is a text without its quotes.
    return text;
  }
}

function reportOf(node: GraphNode): NodeReport {
  const { kind, path } = node;
  switch (node.kind) {
    case 'system':
      return { kind, path };
    case 'component': {
      const attributes = Object.fromEntries(node.attributes.map(({ name, value }) => [name, value]));
      const type = `${node.definition} ${node.version}`;
      return { kind, path, type, state: node.state, waiting: node.queued, attributes };
    }
    case 'port':
      return { kind, path, type: node.type, state: node.isConnected ? 'connected' : 'not connected' };
    case 'channel':
      return { kind, path, state: node.state, waiting: node.waiting };
    case 'attribute':
      return { kind, path, type: node.type, value: node.value };
  }
}
