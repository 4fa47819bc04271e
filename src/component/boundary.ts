import type { RuntimeChannel } from './channel.ts';
import { eachEnd } from './ends.ts';
import { allWithin } from './graph.ts';
import type { Instance } from './instance.ts';

/** A component with all that it owns, as one thing that others speak to. */
export interface Territory {
  readonly instances: ReadonlySet<Instance>;
  /** Channels that join it to others. */
  readonly boundary: ReadonlySet<RuntimeChannel>;
  /** Channels whose ends are all within it. */
  readonly inner: ReadonlySet<RuntimeChannel>;
}

export function territoryOf(instance: Instance): Territory {
  const instances = new Set(allWithin([instance]));
  const boundary = new Set<RuntimeChannel>();
  const inner = new Set<RuntimeChannel>();
  for (const one of instances) {
    for (const gate of one.gates) {
      for (const channel of [...eachEnd(gate.endsAt(false)), ...eachEnd(gate.endsAt(true))]) {
        const isInner = [channel.provided, channel.required].every(
          (face) => face !== undefined && instances.has(face.gate.component),
        );
        (isInner ? inner : boundary).add(channel);
      }
    }
  }
  return { instances, boundary, inner };
}

/** Events on the way within a territory: to its components, and in channels that are held there. */
export function waitingWithin({ instances, inner }: Territory): number {
  const [one] = instances;
  const counts = one!.system.countWaiting();
  let waiting = 0;
  for (const instance of instances) waiting += (counts.get(instance) ?? 0) + instance.parked;
  for (const channel of inner) waiting += channel.waiting;
  return waiting;
}
