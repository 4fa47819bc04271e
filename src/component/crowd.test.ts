import { expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import { attribute, component, event, port, truth } from './index.ts';

const Balls = port('balls', { requests: { ping: event<number>() }, indications: { pong: event<number>() } });

const Player = component('player', {
  provides: { balls: Balls },
  attributes: { isTired: attribute(truth, false) },
  setup: ({ provides: { balls } }) => balls.on.ping((number) => balls.emit.pong(number + 1)),
});

test('100,000 components stand in one process: created, connected, queried, spoken to and stopped', () => {
  const rig = new ComponentRig();
  const count = 100_000;
  let heard = 0;
  const { referee, players } = rig.root((context) => {
    const Referee = component('referee', {
      requires: { balls: Balls },
      setup: ({ requires: { balls }, onStart }) => {
        balls.on.pong(() => void heard++);
        onStart(() => balls.emit.ping(1));
      },
    });
    const players = Array.from({ length: count }, (_, i) => context.create(Player, undefined, { name: `player${i}` }));
    const referee = context.create(Referee);
    for (const player of players) context.connect(player.provides.balls, referee.requires.balls);
    return { referee, players };
  });
  expect(heard).toBe(count);
  players[77_777]!.attributes.isTired.set(true);
  expect(
    rig.system
      .query('//player[@isTired]')
      .all()
      .map(({ path }) => path),
  ).toEqual(['root/player77777']);
  expect(rig.system.query(Player).all()).toHaveLength(count);
  expect(rig.system.inventory().map((entry) => [entry.definition, entry.count])).toEqual([
    ['player', count],
    ['referee', 1],
    ['root', 1],
  ]);
  rig.system.graph().roots[0]!.handle.stop();
  rig.system.run();
  expect(rig.system.query("//player[state='passive']").all()).toHaveLength(count);
  rig.system.graph().roots[0]!.handle.kill();
  expect([referee.state, rig.system.graph().components.length, rig.faults]).toEqual(['destroyed', 0, []]);
});
