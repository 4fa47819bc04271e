import type { RuntimeChannel } from './channel.ts';

/** The channels at one face of a port: most have none or one, and a hub has thousands. They keep their order. */
export type Ends = RuntimeChannel | Set<RuntimeChannel> | undefined;

const none: readonly RuntimeChannel[] = [];

export function eachEnd(ends: Ends): Iterable<RuntimeChannel> {
  if (ends === undefined) return none;
  return ends instanceof Set ? ends : [ends];
}

export function countEnds(ends: Ends): number {
  if (ends === undefined) return 0;
  return ends instanceof Set ? ends.size : 1;
}

export function withEnd(ends: Ends, channel: RuntimeChannel): Ends {
  if (ends === undefined) return channel;
  if (ends instanceof Set) return ends.add(channel);
  return new Set([ends, channel]);
}

export function withoutEnd(ends: Ends, channel: RuntimeChannel): Ends {
  if (ends instanceof Set) ends.delete(channel);
  return ends === channel ? undefined : ends;
}
