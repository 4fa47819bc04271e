import { ContinuousQuery } from './continuousQuery.ts';
import { RuntimeHandle } from './create.ts';
import type { AnyDefinition, AnyHandle } from './definition.ts';
import { allWithin, Graph } from './graph.ts';
import type { GraphNode } from './graphNode.ts';
import type { Instance } from './instance.ts';
import { lineOf, localPathOf } from './localPath.ts';
import type { Path } from './path.ts';
import type { Hearer } from './ref.ts';
import type { System } from './system.ts';

/** What a continuous query found since it was told last, and what is found no more. */
export interface Found<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
}

/** A question about the graph of a system. It is asked anew each time that its answer is read. */
export interface Query<T> extends Iterable<T> {
  /** Those of them for which `holds` says so. */
  where(holds: (one: T) => boolean): Query<T>;
  all(): readonly T[];
  first(): T | undefined;
  /**
   * Tells what is found at first, and then, at the end of each turn that changed components, channels, states or attributes,
   * what was added and removed. Of a definition, and of a path that goes down and asks about states and attributes, the price is
   * that of what changed; otherwise (other axes, `count`, lengths of queues, `where`, shared components) all of the graph is walked
   * then. Lengths of queues and rates change without it. The result ends it.
   */
  watch(hearer: Hearer<Found<T>>): () => void;
}

/** One answer: what in the system it stands for, which stays the same, and how it is shown. */
export interface Answer<T> {
  /** The component that it is or is a part of; what it stands for where it is part of none. */
  readonly owner: object;
  readonly target: object;
  /** Tells apart what stands for parts of one target. */
  readonly part: string;
  readonly shown: T;
}

/** A question that can be put to one component at a time. */
export interface LocalQuestion<T> {
  /** Whether an answer depends on what stands above. */
  readonly looksUp: boolean;
  /** False where components are shared: then there is more than one way down to them. */
  canFollow(): boolean;
  /** Begins a look at some components: what each of them answers. */
  begin(): (instance: Instance) => readonly Answer<T>[];
}

/** A question about the graph, as it is put to all of it, and to one component where that can be done. */
export interface Question<T> {
  readonly all: () => readonly Answer<T>[];
  readonly local?: LocalQuestion<T>;
}

export class RuntimeQuery<T> implements Query<T> {
  readonly #system: System;
  readonly #question: Question<T>;

  constructor(system: System, question: Question<T>) {
    this.#system = system;
    this.#question = question;
  }

  /** Nobody knows what the condition looks at, so that it is put to all each time. */
  where(holds: (one: T) => boolean): Query<T> {
    return new RuntimeQuery(this.#system, { all: () => this.#question.all().filter(({ shown }) => holds(shown)) });
  }

  all(): readonly T[] {
    return this.#question.all().map(({ shown }) => shown);
  }

  first(): T | undefined {
    return this.#question.all()[0]?.shown;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.all()[Symbol.iterator]();
  }

  watch(hearer: Hearer<Found<T>>): () => void {
    return this.#system.watch(new ContinuousQuery(this.#question, hearer));
  }
}

/** Components that are instances of a definition now, as handles. */
export function instancesOf(system: System, definition: AnyDefinition): Question<AnyHandle> {
  const answer = (instance: Instance): Answer<AnyHandle> => {
    return { owner: instance, target: instance, part: '', shown: new RuntimeHandle(instance) };
  };
  const isOne = (instance: Instance): boolean => instance.definition === definition;
  return {
    all: () => allWithin(system.roots).filter(isOne).map(answer),
    local: {
      looksUp: false,
      canFollow: () => !sharesAny(system),
      begin: () => (instance) => (isOne(instance) && lineOf(instance) !== undefined ? [answer(instance)] : []),
    },
  };
}

/** The nodes that a path leads to. */
export function nodesAt(system: System, path: Path): Question<GraphNode> {
  const local = localPathOf(path);
  const all = () => new Graph(system).path(path).map(answerOf);
  if (local === undefined) return { all };
  const begin = () => {
    const graph = new Graph(system);
    return (instance: Instance): readonly Answer<GraphNode>[] => {
      const line = lineOf(instance);
      if (line === undefined) return [];
      return local.answersOf([graph.root, ...line.map((one) => graph.nodeOf(one))]).map(answerOf);
    };
  };
  return { all, local: { looksUp: local.looksUp, canFollow: () => !sharesAny(system), begin } };
}

function sharesAny({ roots }: System): boolean {
  return allWithin(roots).some(({ owners }) => owners.length > 1);
}

function answerOf(node: GraphNode): Answer<GraphNode> {
  const owner = node.kind === 'port' || node.kind === 'attribute' ? node.component.target : node.target;
  return { owner, target: node.target, part: partOf(node), shown: node };
}

function partOf(node: GraphNode): string {
  if (node.kind === 'attribute') return node.name;
  return node.kind === 'port' && node.isInner ? 'inner' : '';
}
