import type { Random } from '../base/index.ts';
import type { SimulatedHost } from '../world/simulated/index.ts';
import { outvotedMs } from './limits.ts';
import type { Victim } from './nemesis.ts';

/** Does its worst, and returns how to take it back; 'not now' where it cannot, or must not, happen now. */
type Adversity = (victim: Victim, random: Random, lastsMs: number) => (() => void) | undefined | 'not now';

function running(victim: Victim, random: Random): SimulatedHost | undefined {
  const hosts = victim.hosts.filter((host) => host.isRunning);
  return hosts.length === 0 ? undefined : random.pick(hosts);
}

/** Two different hosts, running or not. */
function pair(victim: Victim, random: Random): [SimulatedHost, SimulatedHost] | undefined {
  const [a, b] = random.shuffle(victim.hosts);
  return a === undefined || b === undefined ? undefined : [a, b];
}

function onRunning(act: (victim: Victim, host: SimulatedHost, random: Random) => () => void): Adversity {
  return (victim, random) => {
    const host = running(victim, random);
    return host === undefined ? 'not now' : act(victim, host, random);
  };
}

function startAgain(victim: Victim, host: SimulatedHost): () => void {
  return () => {
    if (!host.isRunning) victim.start(host);
  };
}

/** Destroying what a disk holds is fair only while the other members hold all of it. */
function onDisk(
  choose: (victim: Victim) => SimulatedHost | undefined,
  spoil: (host: SimulatedHost) => boolean,
): Adversity {
  return (victim) => {
    const host = choose(victim);
    if (host === undefined) return 'not now';
    victim.crash(host);
    const isSpoiled = spoil(host);
    if (!isSpoiled) victim.start(host);
    return isSpoiled ? startAgain(victim, host) : 'not now';
  };
}

/** Everything that can go wrong, by name. */
export const adversities = {
  /** Power loss: what was not synced is gone, and the last write may be torn. */
  crash: onRunning((victim, host) => {
    victim.crash(host);
    return startAgain(victim, host);
  }),
  /** kill -9: the process is gone, the disk is well. */
  kill: onRunning((victim, host) => {
    victim.kill(host);
    return startAgain(victim, host);
  }),
  /** Gone and back within milliseconds. */
  flicker: (victim, random) => {
    const host = running(victim, random);
    if (host === undefined) return 'not now';
    victim.crash(host);
    victim.universe.after(random.between(1, 300), startAgain(victim, host));
    return undefined;
  },
  /** The process stands still (SIGSTOP, a long collection), and then handles all that came. */
  stall: (victim, random, lastsMs) => {
    const host = running(victim, random);
    if (host === undefined) return 'not now';
    host.stall(lastsMs);
    return undefined;
  },
  /** The machine sleeps: its monotonic clock stands still too. */
  sleep: (victim, random, lastsMs) => {
    const host = running(victim, random);
    if (host === undefined) return 'not now';
    host.stall(lastsMs, { isAsleep: true });
    return undefined;
  },
  partition: (victim, random) => {
    const hosts = random.shuffle(victim.hosts);
    const at = random.between(1, hosts.length - 1);
    victim.universe.network.partition([hosts.slice(0, at), hosts.slice(at)]);
    return () => victim.universe.network.heal();
  },
  /** Whoever has no vote stays with the leader, and those who have are dead to it: it must not go on with the others. */
  outvote: (victim) => {
    const sides = victim.leaderApart();
    if (sides === undefined || sides[0].length < 3) return 'not now';
    victim.universe.network.partition(sides);
    victim.universe.after(outvotedMs, () => victim.universe.network.heal());
    return undefined;
  },
  oneWay: (victim, random) => {
    const two = pair(victim, random);
    if (two === undefined) return 'not now';
    victim.universe.network.cutOneWay(two[0], two[1]);
    return () => victim.universe.network.healBetween(two[0], two[1]);
  },
  bridge: (victim, random) => {
    const [bridge, ...others] = random.shuffle(victim.hosts);
    if (bridge === undefined || others.length < 2) return 'not now';
    const at = random.between(1, others.length - 1);
    victim.universe.network.partitionWithBridge(others.slice(0, at), bridge, others.slice(at));
    return () => victim.universe.network.heal();
  },
  clog: (victim, random) => {
    const two = pair(victim, random);
    if (two === undefined) return 'not now';
    victim.universe.network.clog(two[0], two[1], random.between(20, 1500));
    return () => victim.universe.network.healBetween(two[0], two[1]);
  },
  /** Loss, doubles and long tails, everywhere at once. */
  storm: (victim, random) => {
    const { network } = victim.universe;
    network.setConditions({
      lossProbability: random.fraction() * 0.2,
      duplicateProbability: random.fraction() * 0.2,
      tailMs: random.fraction() * 50,
    });
    return () => network.setConditions({ lossProbability: 0, duplicateProbability: 0, tailMs: 0.2 });
  },
  fullDisk: onRunning((_victim, { disk }) => {
    disk.isFull = true;
    return () => {
      disk.isFull = false;
    };
  }),
  slowDisk: onRunning((_victim, { disk }, random) => {
    disk.slowness = random.between(5, 100);
    return () => {
      disk.slowness = 1;
    };
  }),
  /** All disks at once: much is not synced yet when power goes. */
  slowDisks: (victim, random) => {
    const slowness = random.between(20, 200);
    for (const { disk } of victim.hosts) disk.slowness = slowness;
    return () => {
      for (const { disk } of victim.hosts) disk.slowness = 1;
    };
  },
  /** A sync fails, the peer stops of itself, and is started again once the disk is well. */
  failedSync: onRunning((victim, host) => {
    host.disk.doSyncsFail = true;
    return () => {
      host.disk.doSyncsFail = false;
      startAgain(victim, host)();
    };
  }),
  /** A record of the journal that was synced long ago turns bad while the machine is down. */
  corruptRecord: onDisk(
    (victim) => victim.spoilable(),
    (host) => host.disk.corruptRecord(),
  ),
  /** A row of the engine turns bad while the machine is down. */
  damageRow: onDisk(
    (victim) => victim.spoilable(),
    (host) => host.disk.damageRow({ from: 'd', to: 'e' }),
  ),
  /** The disk is replaced by an empty one: what starts there is a new peer. */
  wipe: onDisk(
    (victim) => victim.wipeable(),
    (host) => {
      host.disk.wipe();
      return true;
    },
  ),
  drift: onRunning((_victim, { clock }, random) => {
    clock.setDrift((random.fraction() - 0.5) * 4);
    return () => clock.setDrift(0);
  }),
  jump: onRunning((_victim, { clock }, random) => {
    const byMs = random.between(-8000, 8000);
    clock.jump(byMs);
    return () => clock.jump(-byMs);
  }),
  join: (victim) => (victim.join() === undefined ? 'not now' : undefined),
  leave: (victim, random) => {
    const host = running(victim, random);
    return host === undefined || !victim.isWhole() || !victim.leave(host) ? 'not now' : undefined;
  },
  /** Everybody loses power at once. */
  blackout: (victim, random) => {
    const hosts = victim.hosts.filter((host) => host.isRunning);
    const spoilt = random.chance(0.7) ? victim.spoilable() : undefined;
    for (const host of hosts) victim.crash(host);
    // What one of them wrote last is not only torn but bad: the others hold it.
    spoilt?.disk.corruptRecord(3);
    // They come back one after the other: a majority goes on before the last is there.
    return () => {
      for (const host of hosts) victim.universe.after(random.between(0, 4_000), startAgain(victim, host));
    };
  },
} satisfies Record<string, Adversity>;
