import type { Intervention, Scene, TraceLine } from '../simulator/index.ts';
import { frameMsMax, linesShownMax } from './limits.ts';
import { PeerTable } from './peerTable.ts';
import { Playback } from './playback.ts';
import { drawRing } from './ring.ts';

const trailRealMs = 150;

function element<T extends Element = HTMLElement>(id: string): T {
  const found = document.querySelector<T>(`#${id}`);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
}

const controls = {
  play: element<HTMLButtonElement>('play'),
  speed: element<HTMLSelectElement>('speed'),
  slider: element<HTMLInputElement>('slider'),
  filter: element<HTMLSelectElement>('filter'),
  again: element<HTMLFormElement>('again'),
};
const table = new PeerTable(element('peers'), perform);
let playback = begin();
let isPlaying = true;
let lastFrameMs = performance.now();

/** What the address of the page asks for: `?seed=7&peers=5`. */
function begin(): Playback {
  const wanted = new URLSearchParams(location.search);
  const seed = wholeNumber(wanted.get('seed'), 1, 0, 0xffff_ffff);
  const peers = wholeNumber(wanted.get('peers'), 5, 3, 9);
  const { seed: seedField, peers: peersField } = fields();
  seedField.value = String(seed);
  peersField.value = String(peers);
  table.clear();
  return new Playback(seed, peers);
}

function wholeNumber(text: string | null, usual: number, least: number, most: number): number {
  const number = Number(text ?? usual);
  return Number.isInteger(number) ? Math.min(most, Math.max(least, number)) : usual;
}

function fields(): { readonly seed: HTMLInputElement; readonly peers: HTMLInputElement } {
  const { seed, peers } = Object.fromEntries(
    [...controls.again.elements].map((one) => [one.getAttribute('name'), one]),
  );
  return { seed: seed as HTMLInputElement, peers: peers as HTMLInputElement };
}

function perform(intervention: Intervention): void {
  answer(playback.perform(intervention) ?? '');
  show();
}

function answer(text: string): void {
  element('answer').textContent = text;
}

function frame(nowMs: number): void {
  const passedMs = Math.min(frameMsMax, nowMs - lastFrameMs);
  lastFrameMs = nowMs;
  if (isPlaying) {
    playback.advance(passedMs * Number(controls.speed.value));
    show();
  }
  requestAnimationFrame(frame);
}

function show(): void {
  const scene = playback.scene();
  summarise(scene);
  drawRing(element('ring'), scene, playback.messages(trailRealMs * Number(controls.speed.value)), playback.shownMs);
  table.show(scene);
  showTrace();
  element('time').textContent = `${playback.shownMs.toFixed(3)} ms`;
  const { slider } = controls;
  slider.min = String(playback.firstMs);
  slider.max = String(playback.headMs);
  slider.value = String(playback.shownMs);
}

function summarise({ peers, commands, violations }: Scene): void {
  const up = peers.filter(({ isUp, hasLeft }) => isUp && !hasLeft).length;
  const leader = peers.find(({ role, isUp }) => role === 'leader' && isUp)?.name;
  const summary = element('summary');
  summary.dataset['state'] = violations.length > 0 ? 'bad' : leader === undefined ? 'warn' : 'good';
  const wrong = violations.length > 0 ? ` Something is wrong: ${violations[0]}` : '';
  const { done, refused, unknown } = commands;
  summary.textContent =
    `${up} peers run, ${leader === undefined ? 'nobody leads' : `${leader} leads`}. Clients: ${done} commands done, ` +
    `${refused} refused, ${unknown} of unknown outcome.${wrong}`;
}

function showTrace(): void {
  const kinds = new Set(controls.filter.value.split(' ').filter((kind) => kind !== ''));
  element('trace').replaceChildren(...playback.lines(linesShownMax, kinds).map(traceRow));
}

function traceRow({ event, atMs, peer, kind, text }: TraceLine): HTMLElement {
  const row = document.createElement('tr');
  row.className = kind;
  for (const part of [String(event), atMs.toFixed(3), peer, kind, text]) {
    const cell = document.createElement('td');
    cell.textContent = part;
    row.append(cell);
  }
  return row;
}

function setPlaying(value: boolean): void {
  isPlaying = value;
  controls.play.textContent = value ? 'Pause' : 'Play';
}

controls.play.addEventListener('click', () => setPlaying(!isPlaying));
element('step').addEventListener('click', () => {
  setPlaying(false);
  playback.step();
  show();
});
controls.slider.addEventListener('input', () => {
  setPlaying(false);
  playback.seek(Number(controls.slider.value));
  show();
});
controls.filter.addEventListener('change', show);
element('join').addEventListener('click', () => perform({ kind: 'join' }));
element('heal').addEventListener('click', () => perform({ kind: 'heal' }));
element('judge').addEventListener('click', () => {
  const violations = playback.judge();
  answer(
    violations.length === 0
      ? 'Everything that clients saw can be explained: the history so far is linearizable.'
      : violations.join('\n'),
  );
});
controls.again.addEventListener('submit', (event) => {
  event.preventDefault();
  const { seed, peers } = fields();
  history.replaceState(undefined, '', `?seed=${seed.value}&peers=${peers.value}`);
  playback = begin();
  answer('');
  setPlaying(true);
});
requestAnimationFrame(frame);
