/** What a path through the components of a peer leads to: what `GET /components?path=...` answers. */
export interface NodesReport {
  /** How many nodes there are; the first of them are shown. */
  readonly found: number;
  readonly nodes: readonly NodeReport[];
}

/** A node of the graph of components, as plain data. What a kind of node does not have is left out. */
export interface NodeReport {
  readonly kind: 'system' | 'component' | 'port' | 'channel' | 'attribute';
  readonly path: string;
  /** The definition of a component, with its version; the type of a port or an attribute. */
  readonly type?: string;
  readonly state?: string;
  /** Events that wait for a component, or in a channel. */
  readonly waiting?: number;
  /** The value of an attribute. */
  readonly value?: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
}
