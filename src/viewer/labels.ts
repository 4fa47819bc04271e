import type { Point } from './ringLayout.ts';

/** A name that may stand at a place, if there is room. */
export interface Label extends Point {
  readonly name: string;
  /** Whether it stands there whatever it covers. */
  readonly isWanted: boolean;
}

const letterPx = 7;
const heightPx = 12;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** How far the middle of a name is from what it stands beside, in a direction. */
export function reach(name: string, { x, y }: Point): number {
  return (Math.abs(x) * name.length * letterPx + Math.abs(y) * heightPx) / 2;
}

/** The names for which there is room: none covers another, or a mark. Those that are wanted come first, and then as they are given. */
export function fitting(labels: readonly Label[], marks: Iterable<Point>, markRadius: number): readonly Label[] {
  const taken = [...marks].map((mark) => boxOf(mark, markRadius * 2, markRadius * 2));
  const placed: Label[] = [];
  const inTurn = [...labels.filter(({ isWanted }) => isWanted), ...labels.filter(({ isWanted }) => !isWanted)];
  for (const label of inTurn) {
    const box = boxOf(label, label.name.length * letterPx, heightPx);
    if (!label.isWanted && taken.some((other) => doCover(box, other))) continue;
    taken.push(box);
    placed.push(label);
  }
  return placed;
}

function boxOf({ x, y }: Point, width: number, height: number): Box {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

function doCover(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
