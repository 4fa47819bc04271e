// So many peers of a ring in one process, each with a folder and a listening socket of its own. Told `places` it says where each stands.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { keyOfBytes } from '../../dist/base/index.js';
import { component, System } from '../../dist/component/index.js';
import { Ring, RingPeer, ringProtocol } from '../../dist/ring/index.js';
import { openPlatform } from '../../dist/world/real/index.js';

const [folder, prefix, count, contact] = process.argv.slice(2);
const joinPauseMs = 20;

/** Hears where its peer stands. */
const Ears = component('ears', {
  requires: { ring: Ring },
  setup: ({ requires: { ring } }, peer) =>
    ring.on.moved((place) => {
      peer.place = place;
    }),
});

async function start(name, through) {
  const data = join(folder, name);
  mkdirSync(data, { recursive: true });
  const log = { note: () => undefined };
  const opened = await openPlatform({ data, name, listen: '127.0.0.1:0', log });
  if (!opened.ok) throw new Error(opened.error);
  const platform = opened.value;
  const id = keyOfBytes(Uint8Array.from({ length: 8 }, () => platform.world.entropy.u32() & 0xff));
  const peer = { self: { id, address: platform.address }, place: undefined };
  const root = component('root', {
    setup: ({ create, connect }) => {
      const { provides: wire } = create(platform.transport({ ring: ringProtocol }));
      const init = { world: platform.world, self: peer.self, contact: through, periods: undefined };
      const ring = create(RingPeer, init);
      connect(wire.ring, ring.requires.network);
      connect(wire.links, ring.requires.links);
      connect(ring.provides.ring, create(Ears, peer).requires.ring);
    },
  });
  new System({ scheduler: platform.scheduler, onHalt: ({ error }) => process.exit(console.error(error) ?? 1) })
    .create(root)
    .start();
  return peer;
}

const peers = [];
for (let i = 0; i < Number(count); i++) {
  peers.push(await start(`${prefix}${i}`, contact ?? peers[0]?.self.address));
  await new Promise((resolve) => setTimeout(resolve, joinPauseMs));
}
process.on('message', () =>
  process.send({ kind: 'places', places: peers.map(({ self, place }) => ({ ...place, self })) }),
);
process.on('disconnect', () => process.exit());
process.send({ kind: 'ready', address: peers[0].self.address });
