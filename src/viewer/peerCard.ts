import type { RingIntervention, RingPeerScene, RingScene } from '../simulator/index.ts';
import { button, element, make, write } from './element.ts';
import { stallMs } from './limits.ts';
import { percent } from './ringFigures.ts';
import { neighbourText, stateText } from './ringTable.ts';

type Perform = (deed: RingIntervention) => void;

/** Everything about the peer that is selected, and what can be done to it. */
export class PeerCard {
  readonly #perform: Perform;
  readonly #facts = element('facts');
  readonly #to = make('select', '');
  readonly #crash = button('Crash', () =>
    this.#withPeer((peer) => ({ kind: peer.isUp ? 'crash' : 'start', peer: peer.name })),
  );
  readonly #others: readonly HTMLButtonElement[];
  readonly #rows = new Map<string, HTMLElement>();
  #scene: RingScene | undefined;
  #selected: string | undefined;

  constructor(perform: Perform) {
    this.#perform = perform;
    this.#to.setAttribute('aria-label', 'Introduce to');
    this.#others = [
      button('Pause 2 s', () => this.#withPeer(({ name }) => ({ kind: 'stall', peer: name, lastsMs: stallMs }))),
      button('Cut off', () => this.#withPeer(({ name }) => ({ kind: 'cut', peer: name, from: this.#namesBut(name) }))),
      button('Leave', () => this.#withPeer(({ name }) => ({ kind: 'leave', peer: name }))),
      button('Join beside it', () => this.#withPeer(({ name }) => ({ kind: 'join', beside: name }))),
      button('Introduce to', () =>
        this.#withPeer(({ name }) => ({ kind: 'introduce', peer: name, to: this.#to.value })),
      ),
    ];
    const introduction = make('span', '', this.#others.at(-1)!, this.#to);
    introduction.className = 'pair';
    element('deeds').replaceChildren(this.#crash, ...this.#others.slice(0, -1), introduction);
  }

  show(scene: RingScene, selected: string | undefined): void {
    this.#scene = scene;
    this.#selected = selected;
    const peer = this.#peer;
    element('nobody-chosen').hidden = peer !== undefined;
    element('chosen').hidden = peer === undefined;
    write(element('card-title'), peer === undefined ? 'Peer' : `Peer ${peer.name}`);
    if (peer === undefined) return;
    for (const [name, text] of factsOf(peer, scene)) write(this.#row(name), text);
    write(this.#crash, peer.isUp ? 'Crash' : 'Start');
    for (const one of this.#others) one.disabled = !peer.isUp;
    this.#offer(scene, peer);
  }

  get #peer(): RingPeerScene | undefined {
    return this.#scene?.peers.find(({ name }) => name === this.#selected);
  }

  #withPeer(deed: (peer: RingPeerScene) => RingIntervention): void {
    const peer = this.#peer;
    if (peer !== undefined) this.#perform(deed(peer));
  }

  #namesBut(name: string): readonly string[] {
    return (this.#scene?.peers ?? []).map((peer) => peer.name).filter((other) => other !== name);
  }

  #row(name: string): HTMLElement {
    let fact = this.#rows.get(name);
    if (fact === undefined) {
      fact = make('dd', '');
      this.#rows.set(name, fact);
      this.#facts.append(make('dt', name), fact);
    }
    return fact;
  }

  /** Whom it can be introduced to: those of other rings first. The list is only made anew where it changed. */
  #offer({ peers, rings }: RingScene, { name }: RingPeerScene): void {
    const ringOf = (one: string): number => rings.findIndex(({ names }) => names.includes(one));
    const own = ringOf(name);
    const others = peers.filter((peer) => peer.isUp && peer.name !== name).map((peer) => peer.name);
    const inOrder = [...others.filter((one) => ringOf(one) !== own), ...others.filter((one) => ringOf(one) === own)];
    const texts = inOrder.map((one) =>
      ringOf(one) === own || ringOf(one) < 0 ? one : `${one}, ring ${ringOf(one) + 1}`,
    );
    if (texts.join() === this.#to.dataset['texts']) return;
    this.#to.dataset['texts'] = texts.join();
    this.#to.replaceChildren(...inOrder.map((one, i) => new Option(texts[i], one)));
  }
}

function factsOf(peer: RingPeerScene, { rings }: RingScene): readonly (readonly [string, string])[] {
  const ring = rings.findIndex(({ names }) => names.includes(peer.name));
  const hanging = rings[ring]?.hanging.find(({ name }) => name === peer.name);
  const where = ring < 0 ? 'in none' : String(ring + 1);
  const branch = hanging?.by === undefined ? '' : `, on a branch: hangs on ${hanging.root} by ${hanging.by}`;
  return [
    ['Stands', stateText(peer)],
    ['Place', peer.place],
    ['Holds', peer.isUp ? `${percent(peer.share)} of the keys` : 'nothing'],
    ['Ring', where + branch],
    ['Between', `${neighbourText(peer, peer.predecessor)} and ${neighbourText(peer, peer.successor)}`],
    ['Looks for', peer.strangers === 0 ? 'nobody' : `${peer.strangers} that may be in another ring`],
    ['Cut off from', listOf(peer.cutFrom)],
    ['Never talks to', listOf(peer.apart)],
  ];
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'nobody' : names.length > 12 ? `${names.length} peers` : names.join(', ');
}
