import { easingMs } from './limits.ts';
import type { Point } from './ringLayout.ts';

/** Has what moves on a page go there instead of jump, so that eyes can follow. */
export class Easing {
  #places = new Map<string, Point>();
  #isMoving = false;

  /** Whether something is not yet where it is to be. */
  get isMoving(): boolean {
    return this.#isMoving;
  }

  /** Where everything is after some more real time. What is new is there at once. */
  toward(goals: ReadonlyMap<string, Point>, passedMs: number): ReadonlyMap<string, Point> {
    const way = 1 - Math.exp(-passedMs / easingMs);
    const places = new Map<string, Point>();
    this.#isMoving = false;
    for (const [name, goal] of goals) {
      const from = this.#places.get(name) ?? goal;
      const isThere = Math.hypot(goal.x - from.x, goal.y - from.y) < 0.3;
      if (!isThere) this.#isMoving = true;
      const place = { x: from.x + (goal.x - from.x) * way, y: from.y + (goal.y - from.y) * way };
      places.set(name, isThere ? { x: goal.x, y: goal.y } : place);
    }
    this.#places = places;
    return places;
  }
}
