import type { RingScene } from '../simulator/index.ts';
import { element, make, shape, write } from './element.ts';
import { sentencesMax } from './limits.ts';
import { drawMark, looks, type Mark, markOf, marks } from './phaseMark.ts';

/** Counters, the verdict of the oracle, and the legend, which counts the peers of each phase. */
export class RingFigures {
  readonly #counts = new Map<Mark, HTMLElement>();

  constructor() {
    element('phases').replaceChildren(...marks.map((mark) => this.#legendRow(mark)));
  }

  show(scene: RingScene): void {
    const { peers, rings } = scene;
    const onBranches = rings.flatMap(({ hanging }) => hanging.filter(({ by }) => by !== undefined));
    const branches = onBranches.filter(({ by, root }) => by === root).length;
    write(element('rings-count'), String(rings.length));
    write(element('branches-count'), branches === 0 ? '0' : `${branches} (${peersText(onBranches.length)})`);
    write(element('twice'), percent(scene.heldTwice));
    write(element('nobody'), percent(scene.heldByNobody));
    for (const [mark, count] of this.#counts) {
      write(count, String(peers.filter((peer) => markOf(peer) === mark).length));
    }
    this.#summarise(scene);
    this.#judge(scene);
  }

  #summarise({ peers, rings }: RingScene): void {
    const running = new Set(peers.filter(({ isUp }) => isUp).map(({ name }) => name));
    const sizes = rings.map(({ names }) => names.filter((name) => running.has(name)).length);
    const where =
      sizes.length === 1 ? 'one ring' : `${sizes.length} rings of ${sizes.slice(0, -1).join(', ')} and ${sizes.at(-1)}`;
    const { size } = running;
    write(element('summary'), `${peersText(size)} ${size === 1 ? 'runs' : 'run'}, in ${where}.`);
  }

  #judge({ rings, missing, violations }: RingScene): void {
    const verdict = element('verdict');
    verdict.dataset['state'] = violations.length > 0 ? 'bad' : missing.length > 0 ? 'warn' : 'good';
    const [sentence, sentences] =
      violations.length > 0
        ? ['Broken: what must never be was.', violations]
        : missing.length > 0
          ? [rings.length === 1 ? 'One ring, not settled yet:' : 'Not one ring yet:', missing]
          : ['One whole ring: every key has one holder, and nobody breaks a rule.', []];
    write(verdict, sentence);
    const rest = sentences.length - sentencesMax;
    const lines = [...sentences.slice(0, sentencesMax), ...(rest > 0 ? [`and ${rest} more`] : [])];
    const list = element('sentences');
    if (list.textContent !== lines.join('')) list.replaceChildren(...lines.map((line) => make('li', line)));
  }

  #legendRow(mark: Mark): HTMLElement {
    const svg = shape('svg', { viewBox: '-13 -13 26 26', class: 'sample', 'aria-hidden': 'true' });
    svg.append(...drawMark(mark, 0, 0, 9));
    const count = make('b', '0');
    this.#counts.set(mark, count);
    return make('li', '', svg, count, make('span', looks[mark].words));
  }
}

export function peersText(count: number): string {
  return `${count} peer${count === 1 ? '' : 's'}`;
}

/** A part of all keys; 0 where it is none, but for what adding up leaves. */
export function percent(share: number): string {
  if (share > 0.9995) return '100 %';
  return share < 1e-9 ? '0 %' : share < 0.001 ? 'under 0.1 %' : `${(share * 100).toFixed(1)} %`;
}
