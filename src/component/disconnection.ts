import { eachEnd } from './ends.ts';
import type { Gate } from './gate.ts';

/** Takes all channels off a gate. */
export function disconnectAll(gate: Gate): void {
  disconnectEnds(gate, false);
  disconnectEnds(gate, true);
}

/** Takes those of one side off. */
export function disconnectEnds(gate: Gate, isInner: boolean): void {
  const ends = gate.endsAt(isInner);
  if (ends !== undefined) for (const channel of [...eachEnd(ends)]) channel.disconnect();
}
