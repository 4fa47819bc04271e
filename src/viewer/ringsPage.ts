import { type RingIntervention, type RingScene, ringFaults, ringLinks, WatchedRings } from '../simulator/index.ts';
import { element } from './element.ts';
import { PeerCard } from './peerCard.ts';
import { Playback } from './playback.ts';
import { Player } from './player.ts';
import { RingFigures } from './ringFigures.ts';
import { RingPicture } from './ringPicture.ts';
import { RingTable, stateText } from './ringTable.ts';
import { Wishes } from './wishes.ts';

const wishes = new Wishes();
const svg = element<SVGElement>('ring');
const picture = new RingPicture(svg);
const figures = new RingFigures();
const card = new PeerCard((deed) => player.perform(deed));
const table = new RingTable(element('peers'), select, hover);
let selected: string | undefined;
let hovered: string | undefined;
const player = new Player<RingScene, RingIntervention>(begin(), (playback, trailMs) => {
  const scene = playback.scene();
  // First, while the page is as it was laid out last: the picture asks how large it is.
  const isMoving = picture.draw(scene, playback.messages(trailMs), playback.shownMs, { selected, hovered });
  figures.show(scene);
  card.show(scene, selected);
  table.show(scene, selected);
  showTip(scene);
  return isMoving;
});

function begin(): Playback<RingScene, RingIntervention> {
  table.clear();
  selected = undefined;
  hovered = undefined;
  const [seed, peers] = [wishes.number('seed', 1), wishes.number('peers', 16)];
  const [rings, links] = [wishes.number('rings', 2), wishes.choice('links', ringLinks)];
  const faults = wishes.choice('faults', ringFaults);
  element('quieten').hidden = faults === 'mine';
  return new Playback(new WatchedRings({ seed, peers, rings: Math.min(rings, peers), links, faults }));
}

function select(name: string | undefined): void {
  selected = name;
  player.show();
}

function hover(name: string | undefined): void {
  if (name === hovered) return;
  hovered = name;
  player.show();
}

/** What the pointer rests on, in words beside it. */
function showTip({ peers }: RingScene): void {
  const tip = element('tip');
  const peer = peers.find(({ name }) => name === hovered);
  const place = hovered === undefined ? undefined : picture.placeOf(hovered);
  tip.hidden = peer === undefined || place === undefined;
  if (peer === undefined || place === undefined) return;
  const apart = peer.apart.length === 0 ? '' : `\nnever talks to ${peer.apart.join(', ')}`;
  tip.textContent = `${peer.name}: ${stateText(peer)}${apart}`;
  tip.style.left = `${Math.min(place.x + 16, svg.clientWidth - tip.offsetWidth)}px`;
  tip.style.top = `${place.y + 16}px`;
}

/** Two peers of different rings that can talk; undefined where there are none. */
function pairOf(one: readonly string[], other: readonly string[], { peers }: RingScene): RingIntervention | undefined {
  const running = new Map(peers.filter(({ isUp }) => isUp).map((peer) => [peer.name, peer]));
  for (const name of one) {
    const peer = running.get(name);
    const to = other.find((another) => {
      return running.has(another) && !peer?.apart.includes(another) && !peer?.cutFrom.includes(another);
    });
    if (peer !== undefined && to !== undefined) return { kind: 'introduce', peer: name, to };
  }
  return undefined;
}

/** Somebody of the first ring is told of somebody of each other. */
function introduceRings(): void {
  const scene = player.playback.scene();
  const [first, ...others] = scene.rings;
  const deeds = others.flatMap(({ names }) => pairOf(first!.names, names, scene) ?? []);
  player.perform(...deeds);
  if (others.length === 0) player.answer('There is one ring.');
  else if (deeds.length < others.length) player.answer('Not all rings have somebody who can talk to the first.');
}

/** Every second peer is cut off from the others. */
function part(): void {
  const names = player.playback.scene().peers.map(({ name }) => name);
  const right = names.filter((_, i) => i % 2 === 1);
  const left = names.filter((_, i) => i % 2 === 0);
  player.perform(...left.map((peer): RingIntervention => ({ kind: 'cut', peer, from: right })));
}

wishes.onAgain(() => player.begin(begin()));
svg.addEventListener('pointermove', ({ clientX, clientY }) => hover(picture.peerAt(clientX, clientY)));
svg.addEventListener('pointerleave', () => hover(undefined));
svg.addEventListener('click', ({ clientX, clientY }) => select(picture.peerAt(clientX, clientY)));
element('join').addEventListener('click', () => player.perform({ kind: 'join' }));
element('heal').addEventListener('click', () => player.perform({ kind: 'heal' }));
element('quieten').addEventListener('click', () => player.perform({ kind: 'quieten' }));
element('introduce').addEventListener('click', introduceRings);
element('part').addEventListener('click', part);
