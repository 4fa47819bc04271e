import { record, u32 } from '../../dist/base/index.js';
import { component } from '../../dist/component/index.js';
import { protocol } from '../../dist/world/index.js';
import { Universe } from '../../dist/world/simulated/index.js';

const balls = protocol('balls', 200, record({ left: u32 }), { mayJoin: true });
const inEachRound = 500_000;
const rounds = 7;

/** Passes a ball on to the next host, through codec, frames and the simulated network, until it was passed often enough. */
const Player = component('player', {
  requires: { network: balls.port },
  setup: ({ requires: { network }, onStart }, { to, passes }) => {
    network.on.received(({ message: { left } }) => {
      if (left > 0) network.emit.send({ to, message: { left: left - 1 } });
    });
    onStart(() => network.emit.send({ to, message: { left: passes } }));
  },
});

const Root = component('root', {
  setup: (context, { platform, to, passes }) => {
    const transport = context.create(platform.transport({ balls }));
    const player = context.create(Player, { to, passes });
    context.connect(transport.provides.balls, player.requires.network);
  },
});

function round(hosts) {
  const universe = new Universe({ seed: 1 });
  const passes = Math.round(inEachRound / hosts);
  for (let i = 0; i < hosts; i++) {
    const boot = ({ system, platform }) =>
      system.create(Root, { platform, to: `h${(i + 1) % hosts}:7000`, passes }).start();
    universe.addHost(`h${i}`, boot).start();
  }
  const before = process.cpuUsage();
  while (universe.step()) {
    // Until no ball is under way.
  }
  const { user, system } = process.cpuUsage(before);
  return universe.network.framesSent / ((user + system) / 1e6);
}

/** Messages that one thread simulates in a second of processor time. */
export function messages() {
  for (const hosts of [2, 16, 1_000]) {
    const rates = Array.from({ length: rounds }, () => round(hosts)).sort((a, b) => a - b);
    const [median, best] = [rates[Math.floor(rounds / 2)], rates.at(-1)].map((rate) => Math.round(rate / 1_000));
    console.log(`${hosts} hosts: ${median},000 messages a second (median of ${rounds}; best ${best},000)`);
  }
}
