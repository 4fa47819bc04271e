import type { Intervention, Scene, WatchedPeer } from '../simulator/index.ts';
import { button, make, write } from './element.ts';
import { stallMs } from './limits.ts';
import { stateText } from './ring.ts';

interface Row {
  readonly state: HTMLElement;
  readonly misses: HTMLElement;
  readonly crash: HTMLButtonElement;
  readonly others: readonly HTMLButtonElement[];
}

/** A row for each peer, with what can be done to it. Rows stay as they are made, so that a click never misses. */
export class PeerTable {
  readonly #body: HTMLElement;
  readonly #perform: (intervention: Intervention) => void;
  readonly #rows = new Map<string, Row>();
  #scene: Scene | undefined;

  constructor(body: HTMLElement, perform: (intervention: Intervention) => void) {
    this.#body = body;
    this.#perform = perform;
  }

  /** Forgets all peers. */
  clear(): void {
    this.#rows.clear();
    this.#body.replaceChildren();
  }

  show(scene: Scene): void {
    this.#scene = scene;
    for (const peer of scene.peers) this.#fill(this.#rows.get(peer.name) ?? this.#add(peer.name), peer);
  }

  #fill({ state, misses, crash, others }: Row, peer: WatchedPeer): void {
    write(state, stateText(peer));
    state.className = peer.isUp ? (peer.isStalled || peer.cutFrom.length > 0 ? 'warn' : 'good') : 'bad';
    write(misses, peer.misses.join(', '));
    write(crash, peer.isUp ? 'Crash' : 'Start');
    crash.disabled = peer.hasLeft;
    for (const button of others) button.disabled = !peer.isUp;
  }

  #add(name: string): Row {
    const crash = button('Crash', () =>
      this.#perform({ kind: this.#find(name)?.isUp ? 'crash' : 'start', peer: name }),
    );
    const others = [
      button('Stall', () => this.#perform({ kind: 'stall', peer: name, lastsMs: stallMs })),
      button('Cut off', () => this.#perform({ kind: 'cut', peer: name, from: this.#othersThan(name) })),
      button('Leave', () => this.#perform({ kind: 'leave', peer: name })),
    ];
    const row = { state: make('td', ''), misses: make('td', ''), crash, others };
    const made = make('tr', '', make('td', name), row.state, row.misses, make('td', '', crash, ...others));
    made.dataset['peer'] = name;
    this.#body.append(made);
    this.#rows.set(name, row);
    return row;
  }

  #find(name: string): WatchedPeer | undefined {
    return this.#scene?.peers.find((peer) => peer.name === name);
  }

  #othersThan(name: string): readonly string[] {
    return (this.#scene?.peers ?? []).map((peer) => peer.name).filter((other) => other !== name);
  }
}
