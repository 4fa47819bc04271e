import type { RingPeerScene, RingScene } from '../simulator/index.ts';
import { button, make, write } from './element.ts';
import { looks, markOf } from './phaseMark.ts';
import { percent } from './ringFigures.ts';

const namedMax = 2;

interface Row {
  readonly row: HTMLTableRowElement;
  readonly cells: readonly HTMLTableCellElement[];
}

/** A row for each peer: how it stands, and between whom. */
export class RingTable {
  readonly #body: HTMLElement;
  readonly #select: (name: string) => void;
  readonly #hover: (name: string | undefined) => void;
  readonly #rows = new Map<string, Row>();

  constructor(body: HTMLElement, select: (name: string) => void, hover: (name: string | undefined) => void) {
    this.#body = body;
    this.#select = select;
    this.#hover = hover;
  }

  /** Forgets all peers. */
  clear(): void {
    this.#rows.clear();
    this.#body.replaceChildren();
  }

  show(scene: RingScene, selected: string | undefined): void {
    const names = new Set(scene.peers.map(({ name }) => name));
    for (const [name, { row }] of this.#rows) row.hidden = !names.has(name);
    for (const peer of scene.peers)
      this.#fill(this.#rows.get(peer.name) ?? this.#add(peer.name), peer, scene, selected);
  }

  #fill({ row, cells }: Row, peer: RingPeerScene, { rings }: RingScene, selected: string | undefined): void {
    const ring = rings.findIndex(({ names }) => names.includes(peer.name));
    const hanging = rings[ring]?.hanging.find(({ name }) => name === peer.name);
    const texts = [
      stateText(peer),
      ring < 0 ? 'none' : String(ring + 1),
      neighbourText(peer, peer.predecessor),
      neighbourText(peer, peer.successor),
      hanging?.by === undefined ? '' : hanging.root,
      peer.isUp ? percent(peer.share) : '',
    ];
    for (const [i, text] of texts.entries()) write(cells[i]!, text);
    row.className = peer.name === selected ? 'chosen' : '';
    cells[0]!.className = markOf(peer);
  }

  #add(name: string): Row {
    const cells = Array.from({ length: 6 }, () => make('td', ''));
    const choose = button(name, () => this.#select(name));
    const row = make('tr', '', make('td', '', choose), ...cells);
    row.dataset['peer'] = name;
    row.addEventListener('pointerenter', () => this.#hover(name));
    row.addEventListener('pointerleave', () => this.#hover(undefined));
    this.#body.append(row);
    const made = { row, cells };
    this.#rows.set(name, made);
    return made;
  }
}

/** How a peer stands, in a few words. */
export function stateText(peer: RingPeerScene): string {
  const [phase] = looks[markOf(peer)].words.split(':');
  const { length } = peer.cutFrom;
  const cut =
    length === 0 ? '' : length > namedMax ? `, cut from ${length} peers` : `, cut from ${peer.cutFrom.join(', ')}`;
  return `${phase}${peer.isStalled ? ', stands still' : ''}${cut}`;
}

/** Another as a peer knows it, with a word where it is not there any more. */
export function neighbourText(peer: RingPeerScene, name: string | undefined): string {
  if (name === undefined) return 'nobody';
  return peer.isUp && peer.gone.includes(name) ? `${name}, gone` : name;
}
