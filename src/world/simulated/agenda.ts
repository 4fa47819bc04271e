/** Something that happens at a moment of virtual time. */
export interface Happening {
  readonly atMs: number;
  /** Drawn from the seed: it orders what happens at one moment, so that seeds explore interleavings. */
  readonly tie: number;
  readonly number: number;
  /** Undefined once it was called off. */
  run: (() => void) | undefined;
}

/** What will happen, the earliest first: a binary heap over (time, tie, number). */
export class Agenda {
  readonly #heap: Happening[] = [];

  get length(): number {
    return this.#heap.length;
  }

  get nextMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  add(happening: Happening): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(happening);
    while (at > 0) {
      const above = (at - 1) >>> 1;
      const other = heap[above]!;
      if (!isBefore(happening, other)) break;
      heap[at] = other;
      at = above;
    }
    heap[at] = happening;
  }

  take(): Happening | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    this.#sink(last);
    return first;
  }

  /** Lets `happening` sink from the top to its place. */
  #sink(happening: Happening): void {
    const heap = this.#heap;
    const { length } = heap;
    let at = 0;
    for (let below = 1; below < length; below = at * 2 + 1) {
      if (below + 1 < length && isBefore(heap[below + 1]!, heap[below]!)) below++;
      const other = heap[below]!;
      if (!isBefore(other, happening)) break;
      heap[at] = other;
      at = below;
    }
    heap[at] = happening;
  }
}

function isBefore(a: Happening, b: Happening): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  return a.tie !== b.tie ? a.tie < b.tie : a.number < b.number;
}
