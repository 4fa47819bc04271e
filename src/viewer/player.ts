import type { TraceLine } from '../simulator/index.ts';
import { element, make } from './element.ts';
import { frameMsMax, linesShownMax } from './limits.ts';
import type { Playback } from './playback.ts';

const trailRealMs = 150;

/** Draws the moment that is shown. True where the drawing still moves though time may stand. */
export type Draw<Scene extends { readonly atMs: number }, Deed> = (
  playback: Playback<Scene, Deed>,
  trailMs: number,
) => boolean;

/** What every page of a run has: play, step, speed, the slider of time, the trace, and the answer to what was done. */
export class Player<Scene extends { readonly atMs: number }, Deed> {
  readonly #play = element<HTMLButtonElement>('play');
  readonly #speed = element<HTMLSelectElement>('speed');
  readonly #slider = element<HTMLInputElement>('slider');
  readonly #filter = element<HTMLSelectElement>('filter');
  readonly #draw: Draw<Scene, Deed>;
  #playback: Playback<Scene, Deed>;
  /** The lines of the trace that are on the page. */
  #shown: readonly TraceLine[] = [];
  #isPlaying = true;
  #isMoving = false;
  #lastFrameMs = performance.now();

  constructor(playback: Playback<Scene, Deed>, draw: Draw<Scene, Deed>) {
    this.#playback = playback;
    this.#draw = draw;
    this.#play.addEventListener('click', () => this.#setPlaying(!this.#isPlaying));
    element('step').addEventListener('click', () => this.#goTo(() => this.#playback.step()));
    this.#slider.addEventListener('input', () => this.#goTo(() => this.#playback.seek(Number(this.#slider.value))));
    this.#filter.addEventListener('change', () => this.show());
    requestAnimationFrame((nowMs) => this.#frame(nowMs));
  }

  get playback(): Playback<Scene, Deed> {
    return this.#playback;
  }

  /** Another run, from its beginning. */
  begin(playback: Playback<Scene, Deed>): void {
    this.#playback = playback;
    this.answer('');
    this.#setPlaying(true);
  }

  /** Intervenes, one deed after the other, and says which of them cannot be done. */
  perform(...deeds: readonly Deed[]): void {
    this.answer(deeds.flatMap((deed) => this.#playback.perform(deed) ?? []).join(' '));
    this.show();
  }

  answer(text: string): void {
    element('answer').textContent = text;
  }

  show(): void {
    this.#isMoving = this.#draw(this.#playback, trailRealMs * Number(this.#speed.value));
    const { shownMs, firstMs, headMs } = this.#playback;
    this.#showTrace();
    element('time').textContent = `${shownMs.toFixed(3)} ms`;
    this.#slider.min = String(firstMs);
    this.#slider.max = String(headMs);
    this.#slider.value = String(shownMs);
  }

  #frame(nowMs: number): void {
    const passedMs = Math.min(frameMsMax, nowMs - this.#lastFrameMs);
    this.#lastFrameMs = nowMs;
    if (this.#isPlaying) this.#playback.advance(passedMs * Number(this.#speed.value));
    if (this.#isPlaying || this.#isMoving) this.show();
    requestAnimationFrame((nextMs) => this.#frame(nextMs));
  }

  #goTo(move: () => void): void {
    this.#setPlaying(false);
    move();
    this.show();
  }

  #setPlaying(value: boolean): void {
    this.#isPlaying = value;
    this.#play.textContent = value ? 'Pause' : 'Play';
  }

  #showTrace(): void {
    const kinds = new Set(this.#filter.value.split(' ').filter((kind) => kind !== ''));
    const lines = this.#playback.lines(linesShownMax, kinds);
    if (lines.length === this.#shown.length && lines.every((line, i) => line === this.#shown[i])) return;
    this.#shown = lines;
    element('trace').replaceChildren(...lines.map(traceRow));
  }
}

function traceRow({ event, atMs, peer, kind, text }: TraceLine): HTMLElement {
  const parts = [String(event), atMs.toFixed(3), peer, kind, text];
  const row = make('tr', '', ...parts.map((part) => make('td', part)));
  row.className = kind;
  return row;
}
