import { assert, type Random, unreachable } from '../base/index.ts';
import type { SimulatedHost } from '../world/simulated/index.ts';
import type { Fault, PeerFault } from './fault.ts';
import { outvotedMs } from './limits.ts';
import type { Victim } from './nemesis.ts';

/** How a fault is taken back; undefined for one that ends by itself, 'not now' where it did not happen. */
type Undo = (() => void) | undefined | 'not now';

/**
 * Brings a fault over a system. What must not happen, because no system could bear it, does not: 'not now', as where
 * the peer is not there or does not run. `random` draws what a fault leaves open until its end.
 */
export function inflict(victim: Victim, fault: Fault, lastsMs: number, random: Random): Undo {
  if (!('peer' in fault)) return inflictOnAll(victim, fault, random);
  const host = victim.universe.hosts.get(fault.peer);
  if (host === undefined || !host.isRunning) return 'not now';
  switch (fault.kind) {
    case 'flicker':
      victim.crash(host);
      victim.universe.after(fault.backMs, startAgain(victim, host));
      return undefined;
    case 'slowDisk':
      host.disk.slowness = fault.slowness;
      return () => {
        host.disk.slowness = 1;
      };
    case 'drift':
      host.clock.setDrift(fault.msPerSecond);
      return () => host.clock.setDrift(0);
    case 'jump':
      host.clock.jump(fault.byMs);
      return () => host.clock.jump(-fault.byMs);
    default:
      return inflictOnPeer(victim, fault.kind, host, lastsMs);
  }
}

function inflictOnPeer(victim: Victim, kind: PeerFault, host: SimulatedHost, lastsMs: number): Undo {
  const { disk } = host;
  switch (kind) {
    // Power loss: what was not synced is gone, and the last write may be torn.
    case 'crash':
      victim.crash(host);
      return startAgain(victim, host);
    // kill -9: the process is gone, the disk is well.
    case 'kill':
      victim.kill(host);
      return startAgain(victim, host);
    // The process stands still (SIGSTOP, a long collection), and then handles all that came.
    case 'stall':
      host.stall(lastsMs);
      return undefined;
    // The machine sleeps: its monotonic clock stands still too.
    case 'sleep':
      host.stall(lastsMs, { isAsleep: true });
      return undefined;
    case 'leave':
      return victim.isWhole() && victim.leave(host) ? undefined : 'not now';
    case 'fullDisk':
      disk.isFull = true;
      return () => {
        disk.isFull = false;
      };
    // A sync fails, the peer stops of itself, and is started again once the disk is well.
    case 'failedSync':
      disk.doSyncsFail = true;
      return () => {
        disk.doSyncsFail = false;
        startAgain(victim, host)();
      };
    default:
      return spoil(victim, kind, host);
  }
}

/** Destroying what a disk holds is fair only while the other members hold all of it. */
function spoil(victim: Victim, kind: 'corruptRecord' | 'damageRow' | 'wipe', host: SimulatedHost): Undo {
  const mayHappen = kind === 'wipe' ? victim.spoilage.mayWipe() : victim.spoilage.maySpoil(host);
  if (!mayHappen) return 'not now';
  victim.crash(host);
  if (!isSpoiled(kind, host)) {
    victim.start(host);
    return 'not now';
  }
  if (kind !== 'wipe') victim.spoilage.note(host);
  return startAgain(victim, host);
}

function isSpoiled(kind: 'corruptRecord' | 'damageRow' | 'wipe', { disk }: SimulatedHost): boolean {
  // A record of the journal that was synced long ago turns bad while the machine is down.
  if (kind === 'corruptRecord') return disk.corruptRecord();
  // A row of the engine turns bad while the machine is down, on either shelf.
  if (kind === 'damageRow') return disk.damageRow({ from: 'd', to: 'e' }) || disk.damageRow({ from: '~d', to: '~e' });
  // The disk is replaced by an empty one: what starts there is a new peer.
  disk.wipe();
  return true;
}

function inflictOnAll(victim: Victim, fault: Exclude<Fault, { peer: string }>, random: Random): Undo {
  switch (fault.kind) {
    case 'storm': {
      const { network } = victim.universe;
      const { kind: _, ...conditions } = fault;
      network.setConditions(conditions);
      return () => network.restoreConditions();
    }
    // All disks at once: much is not synced yet when power goes.
    case 'slowDisks':
      for (const { disk } of victim.hosts) disk.slowness = fault.slowness;
      return () => {
        for (const { disk } of victim.hosts) disk.slowness = 1;
      };
    case 'outvote':
      return outvote(victim);
    case 'join':
      return victim.join() === undefined ? 'not now' : undefined;
    case 'milestone': {
      const { universe } = victim;
      return universe.ambush(fault.milestone, (host) => {
        victim.crash(host);
        universe.after(fault.backMs, startAgain(victim, host));
      });
    }
    case 'heal':
      victim.universe.network.heal();
      return undefined;
    case 'blackout':
      return blackout(victim, fault, random);
    case 'oneWay':
    case 'clog':
      return inflictOnPath(victim, fault);
    case 'partition':
    case 'bridge':
      return split(victim, fault);
    default:
      return unreachable(fault);
  }
}

function split(victim: Victim, fault: Extract<Fault, { kind: 'partition' | 'bridge' }>): Undo {
  const { network } = victim.universe;
  const [left, right] = [hostsOf(victim, fault.left), hostsOf(victim, fault.right)];
  if (fault.kind === 'partition') {
    network.partition([left, right]);
  } else {
    const [bridge] = hostsOf(victim, [fault.bridge]);
    if (bridge === undefined) return 'not now';
    network.partitionWithBridge(left, bridge, right);
  }
  return () => network.heal();
}

function inflictOnPath(victim: Victim, fault: Extract<Fault, { kind: 'oneWay' | 'clog' }>): Undo {
  const { network } = victim.universe;
  const [from, to] = hostsOf(victim, [fault.from, fault.to]);
  if (from === undefined || to === undefined) return 'not now';
  if (fault.kind === 'oneWay') network.cutOneWay(from, to);
  else network.clog(from, to, fault.delayMs);
  return () => network.healBetween(from, to);
}

/** Whoever has no vote stays with the leader, and those who have are dead to it: it must not go on with the others. */
function outvote(victim: Victim): Undo {
  const sides = victim.leaderApart();
  if (sides === undefined || sides[0].length < 3) return 'not now';
  victim.universe.network.partition(sides);
  victim.universe.after(outvotedMs, () => victim.universe.network.heal());
  return undefined;
}

/** Everybody loses power at once. */
function blackout(victim: Victim, fault: Extract<Fault, { kind: 'blackout' }>, random: Random): Undo {
  const [spoiled] = hostsOf(victim, fault.spoiled === undefined ? [] : [fault.spoiled]);
  const maySpoil = spoiled !== undefined && victim.spoilage.maySpoil(spoiled);
  const hosts = hostsOf(victim, fault.peers);
  for (const host of hosts) if (host.isRunning) victim.crash(host);
  // What one of them wrote last is not only torn but bad: the others hold it.
  if (maySpoil) {
    spoiled.disk.corruptRecord(3);
    victim.spoilage.note(spoiled);
  }
  // They come back one after the other: a majority goes on before the last is there.
  return () => {
    fault.backMs ??= hosts.map(() => random.between(0, 4_000));
    assert(fault.backMs.length >= hosts.length, 'a blackout does not say when each comes back');
    for (const [i, host] of hosts.entries()) victim.universe.after(fault.backMs[i]!, startAgain(victim, host));
  };
}

function startAgain(victim: Victim, host: SimulatedHost): () => void {
  return () => {
    if (!host.isRunning) victim.start(host);
  };
}

/** Those of the named that there are. */
function hostsOf(victim: Victim, names: readonly string[]): SimulatedHost[] {
  return names.map((name) => victim.universe.hosts.get(name)).filter((host) => host !== undefined);
}
