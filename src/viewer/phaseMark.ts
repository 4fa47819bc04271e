import type { RingPeerScene } from '../simulator/index.ts';
import { shape } from './element.ts';
import { letteredRadiusMin } from './limits.ts';

/** What a peer is drawn as: its phase, or that it is down. */
export type Mark = NonNullable<RingPeerScene['phase']> | 'down';

interface Look {
  /** What stands in the mark, where it is large enough. */
  readonly letter: string;
  readonly words: string;
}

/** Each has a shape, a letter and a colour of its own: any of the three tells it. */
export const looks: Readonly<Record<Mark, Look>> = {
  solid: { letter: 'S', words: 'solid: both neighbours hear it' },
  liquid1: { letter: '1', words: 'liquid 1: on a branch, or the root of one' },
  liquid2: { letter: '2', words: 'liquid 2: a neighbour is silent, or others vouch for it' },
  liquid3: { letter: '3', words: 'liquid 3: a neighbour is missing' },
  gas: { letter: 'G', words: 'gas: alone, or just come' },
  down: { letter: '×', words: 'down' },
};

export const marks = Object.keys(looks) as readonly Mark[];

export function markOf({ phase }: RingPeerScene): Mark {
  return phase ?? 'down';
}

/** The mark of a peer around a point. */
export function drawMark(mark: Mark, x: number, y: number, r: number): Element[] {
  const outline = shape('path', { class: `mark ${mark}`, d: outlineOf(mark, x, y, r) });
  if (r < letteredRadiusMin) return [outline];
  const size = r * 1.25;
  const lift = mark === 'liquid3' ? 0.22 : 0.36;
  const letter = shape('text', { class: `letter ${mark}`, x, y: y + size * lift, 'font-size': size.toFixed(1) });
  letter.textContent = looks[mark].letter;
  return [outline, letter];
}

function outlineOf(mark: Mark, x: number, y: number, r: number): string {
  switch (mark) {
    case 'solid':
      return polygon(x, y, r * 1.25, [45, 135, 225, 315]);
    case 'liquid2':
      return polygon(x, y, r * 1.32, [0, 90, 180, 270]);
    case 'liquid3':
      return polygon(x, y - r * 0.15, r * 1.42, [90, 210, 330]);
    default:
      return `M${x - r} ${y}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0z`;
  }
}

function polygon(x: number, y: number, r: number, degrees: readonly number[]): string {
  const points = degrees.map((one) => {
    const angle = (one / 180) * Math.PI;
    return `${(x + Math.cos(angle) * r).toFixed(2)} ${(y + Math.sin(angle) * r).toFixed(2)}`;
  });
  return `M${points.join('L')}z`;
}
