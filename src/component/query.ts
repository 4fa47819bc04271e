import { RuntimeHandle } from './create.ts';
import type { AnyDefinition, AnyHandle } from './definition.ts';
import { allWithin, Graph } from './graph.ts';
import type { GraphNode } from './graphNode.ts';
import type { Watch } from './onlookers.ts';
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
   * what was added and removed. The question is asked anew then, at the price of a walk through the graph. Lengths of queues
   * and rates change without it. The result ends it.
   */
  watch(hearer: Hearer<Found<T>>): () => void;
}

/** One answer: what in the system it stands for, which stays the same, and how it is shown. */
export interface Answer<T> {
  readonly target: object;
  /** Tells apart what stands for parts of one target. */
  readonly part: string;
  readonly shown: T;
}

export class RuntimeQuery<T> implements Query<T> {
  readonly #system: System;
  readonly #ask: () => readonly Answer<T>[];

  constructor(system: System, ask: () => readonly Answer<T>[]) {
    this.#system = system;
    this.#ask = ask;
  }

  where(holds: (one: T) => boolean): Query<T> {
    return new RuntimeQuery(this.#system, () => this.#ask().filter(({ shown }) => holds(shown)));
  }

  all(): readonly T[] {
    return this.#ask().map(({ shown }) => shown);
  }

  first(): T | undefined {
    return this.#ask()[0]?.shown;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.all()[Symbol.iterator]();
  }

  watch(hearer: Hearer<Found<T>>): () => void {
    return this.#system.watch(new ContinuousQuery(this.#ask, hearer));
  }
}

/** A query that is asked again and again: it remembers what it found. */
class ContinuousQuery<T> implements Watch {
  readonly #ask: () => readonly Answer<T>[];
  readonly #hearer: Hearer<Found<T>>;
  #known = new Map<object, Map<string, T>>();

  constructor(ask: () => readonly Answer<T>[], hearer: Hearer<Found<T>>) {
    this.#ask = ask;
    this.#hearer = hearer;
  }

  refresh(): void {
    const before = this.#known;
    const now = new Map<object, Map<string, T>>();
    const added: T[] = [];
    for (const { target, part, shown } of this.#ask()) {
      const known = before.get(target)?.get(part);
      if (known === undefined) added.push(shown);
      before.get(target)?.delete(part);
      now.set(target, (now.get(target) ?? new Map<string, T>()).set(part, known ?? shown));
    }
    const removed = [...before.values()].flatMap((parts) => [...parts.values()]);
    this.#known = now;
    if (added.length > 0 || removed.length > 0) this.#hearer.tell({ added, removed });
  }
}

/** Components that are instances of a definition now, as handles. */
export function instancesOf(system: System, definition: AnyDefinition): readonly Answer<AnyHandle>[] {
  return allWithin(system.roots)
    .filter((instance) => instance.definition === definition)
    .map((instance) => ({ target: instance, part: '', shown: new RuntimeHandle(instance) }));
}

/** The nodes that a path leads to. */
export function nodesAt(system: System, path: Path): readonly Answer<GraphNode>[] {
  return new Graph(system).path(path).map((node) => ({ target: node.target, part: partOf(node), shown: node }));
}

function partOf(node: GraphNode): string {
  if (node.kind === 'attribute') return node.name;
  return node.kind === 'port' && node.isInner ? 'inner' : '';
}
