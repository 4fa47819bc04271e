/** Something that happens at a moment of virtual time. */
export interface Happening {
  readonly atMs: number;
  /** Drawn from the seed: it orders what happens at one moment, so that seeds explore interleavings. */
  readonly tie: number;
  readonly number: number;
  /** Undefined once it was called off. */
  run: ((of: unknown) => void) | undefined;
  /** What `run` is called with: so that what happens often needs no function of its own. */
  readonly of: unknown;
}

/**
 * What will happen, the earliest first: a binary heap over (time, tie, number). What is to happen before all of it stands in
 * front: every message wakes its receiver at once, and so need not rise through the heap and sink again.
 */
export class Agenda {
  readonly #heap: Happening[] = [];
  #front: Happening | undefined = undefined;

  get length(): number {
    return this.#heap.length + (this.#front === undefined ? 0 : 1);
  }

  get nextMs(): number | undefined {
    return (this.#front ?? this.#heap[0])?.atMs;
  }

  add(happening: Happening): void {
    const front = this.#front;
    const first = front ?? this.#heap[0];
    if (first !== undefined && !isBefore(happening, first)) return this.#rise(happening);
    this.#front = happening;
    if (front !== undefined) this.#rise(front);
  }

  take(): Happening | undefined {
    const front = this.#front;
    if (front === undefined) return this.#takeFromHeap();
    this.#front = undefined;
    return front;
  }

  #rise(happening: Happening): void {
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

  #takeFromHeap(): Happening | undefined {
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
