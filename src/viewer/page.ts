import { type Intervention, type Scene, WatchedRun } from '../simulator/index.ts';
import { element } from './element.ts';
import { PeerTable } from './peerTable.ts';
import { Playback } from './playback.ts';
import { Player } from './player.ts';
import { drawRing } from './ring.ts';
import { Wishes } from './wishes.ts';

const wishes = new Wishes();
const table = new PeerTable(element('peers'), (intervention) => player.perform(intervention));
const player = new Player<Scene, Intervention>(begin(), (playback, trailMs) => {
  const scene = playback.scene();
  summarise(scene);
  drawRing(element('ring'), scene, playback.messages(trailMs), playback.shownMs);
  table.show(scene);
  return false;
});

function begin(): Playback<Scene, Intervention> {
  table.clear();
  const [seed, peers] = [wishes.number('seed', 1), wishes.number('peers', 5)];
  return new Playback(new WatchedRun({ seed, peers }));
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

wishes.onAgain(() => player.begin(begin()));
element('join').addEventListener('click', () => player.perform({ kind: 'join' }));
element('heal').addEventListener('click', () => player.perform({ kind: 'heal' }));
element('judge').addEventListener('click', () => {
  const violations = player.playback.judge();
  player.answer(
    violations.length === 0
      ? 'Everything that clients saw can be explained: the history so far is linearizable.'
      : violations.join('\n'),
  );
});
