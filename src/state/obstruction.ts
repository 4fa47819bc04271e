import { type Bytes, encode } from '../base/index.ts';
import { type Command, footprintOf, operationResult } from '../command/index.ts';
import type { StateData } from './stateData.ts';
import { holdersIn } from './stateReservations.ts';
import { locked } from './usualResults.ts';

/**
 * What is answered where something is in the way of a command, which may come again; undefined where nothing is. Nothing passes a
 * transaction that is undecided (TX-10), and no write what others have reserved (TX-20).
 */
export function obstructionOf({ intents, reservations, timeMs }: StateData, asked: Command): Bytes | undefined {
  if (intents.isFree && reservations.isFree) return undefined;
  // A vote waits for nobody, unless it says so.
  if (asked.kind === 'prepare' && !asked.waits) return undefined;
  const footprint = footprintOf(asked);
  if (intents.blocking(footprint) !== undefined) return locked;
  const rival = reservations.rivalOf(footprint, holdersIn(asked));
  if (rival === undefined) return undefined;
  return encode(operationResult, { kind: 'reserved', label: rival.label, remainingMs: rival.untilMs - timeMs });
}
