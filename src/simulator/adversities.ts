import type { Random } from '../base/index.ts';
import { milestones } from '../cell/index.ts';
import type { SimulatedHost } from '../world/simulated/index.ts';
import type { Fault, FaultKind, PeerFault } from './fault.ts';
import type { Victim } from './nemesis.ts';

/** Draws what exactly goes wrong; 'not now' where it cannot, or must not, happen now. */
type Adversity = (victim: Victim, random: Random) => Fault | 'not now';

function running(victim: Victim): readonly SimulatedHost[] {
  return victim.hosts.filter((host) => host.isRunning);
}

/** What hits one peer that runs; `say` adds how badly. */
function onRunning(say: (peer: string, random: Random) => Fault): Adversity {
  return (victim, random) => {
    const hosts = running(victim);
    return hosts.length === 0 ? 'not now' : say(random.pick(hosts).name, random);
  };
}

function onPeer(kind: PeerFault): Adversity {
  return onRunning((peer) => ({ kind, peer }));
}

/** One disk spoils in a run, and again and again: two damaged ones are more than three members can bear. */
function onWeakDisk(kind: PeerFault): Adversity {
  return (victim, random) =>
    victim.spoilage.weak === undefined ? onPeer(kind)(victim, random) : { kind, peer: victim.spoilage.weak.name };
}

/** What hits the way from one host to another, running or not. */
function onPair(say: (from: string, to: string, random: Random) => Fault): Adversity {
  return (victim, random) => {
    const [from, to] = random.shuffle(victim.hosts);
    return from === undefined || to === undefined ? 'not now' : say(from.name, to.name, random);
  };
}

function namesOf(hosts: readonly SimulatedHost[]): string[] {
  return hosts.map(({ name }) => name);
}

/** Everything that can go wrong, by name. What each does is told where faults are inflicted. */
export const adversities: Readonly<Record<FaultKind, Adversity>> = {
  crash: onPeer('crash'),
  kill: onPeer('kill'),
  stall: onPeer('stall'),
  sleep: onPeer('sleep'),
  fullDisk: onPeer('fullDisk'),
  failedSync: onPeer('failedSync'),
  corruptRecord: onWeakDisk('corruptRecord'),
  damageRow: onWeakDisk('damageRow'),
  wipe: onPeer('wipe'),
  leave: onPeer('leave'),
  flicker: onRunning((peer, random) => ({ kind: 'flicker', peer, backMs: random.between(1, 300) })),
  slowDisk: onRunning((peer, random) => ({ kind: 'slowDisk', peer, slowness: random.between(5, 100) })),
  drift: onRunning((peer, random) => ({ kind: 'drift', peer, msPerSecond: (random.fraction() - 0.5) * 4 })),
  jump: onRunning((peer, random) => ({ kind: 'jump', peer, byMs: random.between(-8000, 8000) })),
  partition: (victim, random) => {
    const names = namesOf(random.shuffle(victim.hosts));
    const at = random.between(1, names.length - 1);
    return { kind: 'partition', left: names.slice(0, at), right: names.slice(at) };
  },
  bridge: (victim, random) => {
    const [bridge, ...others] = namesOf(random.shuffle(victim.hosts));
    if (bridge === undefined || others.length < 2) return 'not now';
    const at = random.between(1, others.length - 1);
    return { kind: 'bridge', left: others.slice(0, at), bridge, right: others.slice(at) };
  },
  outvote: () => ({ kind: 'outvote' }),
  oneWay: onPair((from, to) => ({ kind: 'oneWay', from, to })),
  clog: onPair((from, to, random) => ({ kind: 'clog', from, to, delayMs: random.between(20, 1500) })),
  storm: (_victim, random) => ({
    kind: 'storm',
    lossProbability: random.fraction() * 0.2,
    duplicateProbability: random.fraction() * 0.2,
    tailMs: random.fraction() * 50,
  }),
  slowDisks: (_victim, random) => ({ kind: 'slowDisks', slowness: random.between(20, 200) }),
  milestone: (_victim, random) => ({
    kind: 'milestone',
    milestone: random.pick(milestones),
    backMs: random.between(1, 4_000),
  }),
  join: () => ({ kind: 'join' }),
  heal: () => ({ kind: 'heal' }),
  blackout: (victim, random) => {
    const peers = namesOf(running(victim));
    const spoiled = random.chance(0.7) ? (victim.spoilage.weak?.name ?? random.pick(peers)) : undefined;
    return { kind: 'blackout', peers, spoiled, backMs: undefined };
  },
};
