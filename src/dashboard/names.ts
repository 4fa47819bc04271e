/**
 * Heights for names that would stand at these, from the top down, so that none covers another: at least `gap` apart, moved as little
 * as that takes, and within `top` and `bottom`. Where there is no room for all, they are as far apart as there is.
 */
export function spaced(wanted: readonly number[], gap: number, top: number, bottom: number): readonly number[] {
  const last = wanted.length - 1;
  const step = Math.min(gap, (bottom - top) / Math.max(1, last));
  const heights: number[] = [];
  for (const [i, height] of wanted.entries()) {
    const least = i === 0 ? top : heights[i - 1]! + step;
    heights.push(Math.max(least, height));
  }
  // What was pushed beyond the bottom pushes those above it back.
  for (let i = last; i >= 0; i--) {
    const most = i === last ? bottom : heights[i + 1]! - step;
    heights[i] = Math.min(heights[i]!, most);
  }
  return heights;
}
