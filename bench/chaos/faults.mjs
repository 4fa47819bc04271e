import { cutTail, damageMiddle, tearTail } from './journals.mjs';
import { pause } from './town.mjs';

/** How long something is wrong, in milliseconds; now and then so long that who is away counts as dead. */
const lastsMs = [300, 6_000];
const longMs = [10_000, 20_000];
const longProbability = 0.15;
/** How long the others go on without a peer before its journal loses its end: then they have all that it had acknowledged. */
const aheadMs = 4_000;
const tailBytesMax = 20_000;
const fullMs = [2_000, 6_000];
const wholeMsMax = 240_000;
/** Peers that a system shrinks to and grows to, and cells that it is split into. */
const peersMin = 5;
const peersMax = 7;
const cellsMax = 8;
const borders = 'dfhjmoqsu';

function lasting(random) {
  const [from, to] = random.chance(longProbability) ? longMs : lastsMs;
  return pause(random.between(from, to));
}

async function killed(town, random, peer) {
  await peer.end('SIGKILL');
  await lasting(random);
  await town.start(peer);
}

async function paused(random, peer) {
  peer.pause();
  await lasting(random);
  peer.resume();
}

/** Waits for all to be well again; a system that does not heal is a finding. */
async function healed(town) {
  const ailment = await town.untilWhole(wholeMsMax);
  if (ailment !== undefined) throw new Error(`not well again within ${wholeMsMax / 1000} s: ${ailment}`);
}

async function spoilt(town, peer, spoil) {
  await peer.end('SIGKILL');
  await spoil(peer.disk.folder);
  await town.start(peer);
  await healed(town);
}

/** Faults of processes. Each takes the town, chance, and peers that nobody else does anything to meanwhile. */
export const endings = [
  { name: 'kill -9', weight: 4, peers: 1, inflict: ({ town, random, peers: [peer] }) => killed(town, random, peer) },
  { name: 'SIGSTOP', weight: 4, peers: 1, inflict: ({ random, peers: [peer] }) => paused(random, peer) },
  {
    name: 'SIGSTOP of two',
    weight: 2,
    peers: 2,
    inflict: ({ random, peers }) => Promise.all(peers.map((peer) => paused(random, peer))),
  },
  {
    name: 'kill -9 of two',
    weight: 1,
    peers: 2,
    inflict: ({ town, random, peers }) => Promise.all(peers.map((peer) => killed(town, random, peer))),
  },
  {
    name: 'rolling restart',
    weight: 1,
    isAlone: true,
    async inflict({ town }) {
      for (const peer of [...town.serving]) {
        await peer.end('SIGTERM');
        await town.start(peer);
      }
    },
  },
  {
    name: 'kill -9 of all',
    weight: 1,
    isAlone: true,
    async inflict({ town }) {
      const all = [...town.serving];
      await Promise.all(all.map((peer) => peer.end('SIGKILL')));
      await Promise.all(all.map((peer) => town.start(peer)));
    },
  },
];

function hostsOf(town, random) {
  return random.shuffle(town.peers.map(({ host }) => host));
}

async function cut(town, random, act) {
  act(town.network);
  await lasting(random);
  town.network.heal();
}

/** Faults of links; they need network namespaces. */
export const links = [
  {
    name: 'one-way cut',
    weight: 3,
    inflict({ town, random }) {
      const [from, to] = hostsOf(town, random);
      return cut(town, random, (network) => network.cutOneWay(from, to));
    },
  },
  {
    name: 'two halves',
    weight: 3,
    inflict({ town, random }) {
      const hosts = hostsOf(town, random);
      const at = random.between(1, hosts.length - 1);
      return cut(town, random, (network) => network.cutGroups([hosts.slice(0, at), hosts.slice(at)]));
    },
  },
  {
    name: 'a bridge',
    weight: 2,
    inflict({ town, random }) {
      const [, ...hosts] = hostsOf(town, random);
      const at = random.between(1, hosts.length - 1);
      return cut(town, random, (network) => network.cutGroups([hosts.slice(0, at), hosts.slice(at)]));
    },
  },
  {
    name: 'deaf peer',
    weight: 2,
    inflict({ town, random }) {
      const [deaf, ...others] = hostsOf(town, random);
      return cut(town, random, (network) => {
        for (const other of others) network.cutOneWay(other, deaf);
      });
    },
  },
];

/** What loses what a disk held, one disk at a time. */
export const disks = [
  {
    name: 'wiped disk',
    weight: 2,
    peers: 1,
    async inflict({ town, peers: [peer] }) {
      await peer.end('SIGKILL');
      peer.disk.wipe();
      await town.start(peer);
      await healed(town);
    },
  },
  {
    name: 'damaged journal',
    weight: 2,
    peers: 1,
    inflict: ({ town, peers: [peer] }) => spoilt(town, peer, damageMiddle),
  },
  {
    name: 'torn journal',
    weight: 2,
    peers: 1,
    inflict: ({ town, random, peers: [peer] }) => spoilt(town, peer, (folder) => tearTail(folder, random)),
  },
  {
    name: 'journal without its end',
    weight: 2,
    peers: 1,
    isAlone: true,
    async inflict({ town, random, peers: [peer] }) {
      await healed(town);
      await peer.end('SIGKILL');
      await pause(aheadMs);
      cutTail(peer.disk.folder, random.between(1, tailBytesMax));
      await town.start(peer);
      await healed(town);
    },
  },
];

/** Full disks need a file system for each peer. */
export const fullness = {
  name: 'full disk',
  weight: 3,
  peers: 1,
  async inflict({ random, peers: [peer] }) {
    peer.disk.fill();
    await pause(random.between(...fullMs));
    peer.disk.relieve();
  },
};

/** Changes that a system is asked for, while all else goes on. */
export const changes = [
  {
    name: 'split',
    weight: 2,
    async inflict({ town, random }) {
      const report = await town.serving[0]?.status();
      if ((report?.cells.length ?? cellsMax) >= cellsMax) return false;
      const url = `http://${random.pick(town.serving).http}/split?key=${random.pick([...borders])}`;
      const response = await fetch(url, { method: 'POST' }).catch(() => undefined);
      return response?.ok === true;
    },
  },
  {
    name: 'join or leave',
    weight: 3,
    inflict: (means) => (means.town.peers.length > peersMin ? leave(means) : join(means)),
  },
];

async function join({ town }) {
  if (town.peers.length < peersMax) await town.add();
}

async function leave({ town, random, claim }) {
  const [peer] = claim(1);
  if (peer === undefined || random.chance(0.2)) return join({ town });
  peer.isLeaving = true;
  const deadline = performance.now() + wholeMsMax;
  while (peer.isRunning) {
    await fetch(`http://${peer.http}/leave`, { method: 'POST' }).catch(() => undefined);
    if (performance.now() > deadline) throw new Error(`${peer.name} could not leave within ${wholeMsMax / 1000} s`);
    await pause(500);
  }
  town.forget(peer);
}
