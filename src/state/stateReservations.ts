import type { Key } from '../base/index.ts';
import type { Answer, Command, Obstacle, ReservationHolder, SimpleAnswer, Work } from '../command/index.ts';
import { keyBytesMax, leaseMsMax, reservationLabelMax, reservationsMax, sharersMax } from './limits.ts';
import type { StateData } from './stateData.ts';

type Only<K extends Command['kind']> = Command & { readonly kind: K };
type Reserve = Only<'reserve'>;
type Renew = Only<'renew'>;

/** Nobody waits here: who is refused decides by the ages of both whether to come again or to give up what it has. */
export function reserve(data: StateData, asked: Reserve): Answer {
  const { key, holder, label, isExclusive, leaseMs } = asked;
  const refused = refuse(asked);
  if (refused !== undefined) return refused;
  const sinceMs = asked.sinceMs ?? data.timeMs;
  const { reservations, timeMs } = data;
  const known = reservations.get(key);
  const others = (known?.holders ?? []).filter(({ id }) => id !== holder);
  if (others.length > 0 && (isExclusive || known?.isExclusive)) return answer(sinceMs, obstacleOf(others, timeMs));
  const isFull = known === undefined ? reservations.count >= reservationsMax : others.length >= sharersMax;
  if (isFull) return { kind: 'error', problem: 'tooLarge', text: 'too much is reserved here: try again later' };
  const wasExclusive = known?.isExclusive ?? false;
  const row = {
    isExclusive: isExclusive || wasExclusive,
    holders: [...others, until(data, holder, label, sinceMs, leaseMs)],
  };
  reservations.set(key, row);
  if (row.isExclusive && !wasExclusive) data.noteLock(key, label);
  return answer(sinceMs);
}

/** What is not held any more is not taken again: somebody may have written it meanwhile (TX-21). */
export function renew(data: StateData, { key, holder, isExclusive, leaseMs }: Renew): SimpleAnswer {
  const { reservations, timeMs } = data;
  const row = reservations.get(key);
  const own = row?.holders.find(({ id }) => id === holder);
  if (row === undefined || own === undefined || !reservations.isHeld(key, holder, isExclusive)) {
    return answer(timeMs, obstacleOf(row?.holders ?? [], timeMs));
  }
  const untilMs = Math.max(own.untilMs, timeMs + Math.min(leaseMs, leaseMsMax));
  reservations.set(key, { ...row, holders: row.holders.map((one) => (one === own ? { ...own, untilMs } : one)) });
  return answer(own.sinceMs);
}

export function release(data: StateData, { key, holder }: Only<'release'>): Answer {
  const { reservations } = data;
  const row = reservations.get(key);
  if (row !== undefined && reservations.isHeld(key, holder, false)) {
    const holders = row.holders.filter(({ id }) => id !== holder);
    if (holders.length > 0) reservations.set(key, { ...row, holders });
    else free(data, key, row.isExclusive);
  }
  return { kind: 'ok', version: data.version };
}

/** Log time has moved on: what is reserved until then, and was not renewed, is free. */
export function endLeases(data: StateData): void {
  for (const key of data.reservations.sweep(data.timeMs)) data.noteRelease(key);
}

/** Whether all reservations are still held of which a transaction says that it rests on them (TX-21). */
export function reservationsHold({ reservations }: StateData, { commands }: Pick<Work, 'commands'>): boolean {
  return commands.every((one) => one.kind !== 'renew' || reservations.isHeld(one.key, one.holder, one.isExclusive));
}

/** Those whose reservations a command may pass. */
export function holdersIn(asked: Command): readonly string[] {
  if (asked.kind !== 'transaction' && asked.kind !== 'prepare') return nobody;
  const holders = new Set<string>();
  for (const one of asked.commands) if (one.kind === 'renew') holders.add(one.holder);
  return holders.size === 0 ? nobody : [...holders];
}

const nobody: readonly string[] = [];

function free(data: StateData, key: Key, wasExclusive: boolean): void {
  data.reservations.delete(key);
  if (wasExclusive) data.noteRelease(key);
}

function refuse({ key, label, holder, leaseMs }: Reserve): Answer | undefined {
  if (key.length > keyBytesMax) {
    return {
      kind: 'error',
      problem: 'tooLarge',
      text: `a key may have ${keyBytesMax} bytes, and this one has ${key.length}`,
    };
  }
  const isNamed = holder.length <= reservationLabelMax && label.length <= reservationLabelMax;
  if (!isNamed || !(leaseMs > 0 && leaseMs <= leaseMsMax)) {
    const text = `a lease lasts for up to ${leaseMsMax} ms, and names of holders are of up to ${reservationLabelMax} characters`;
    return { kind: 'error', problem: 'malformed', text };
  }
  return undefined;
}

function until({ timeMs }: StateData, id: string, label: string, sinceMs: number, leaseMs: number): ReservationHolder {
  return { id, label, sinceMs, untilMs: timeMs + leaseMs };
}

/** The oldest of them: who is older than that one is older than all. */
function obstacleOf(others: readonly ReservationHolder[], timeMs: number): Obstacle {
  const [oldest] = [...others].sort((a, b) => a.sinceMs - b.sinceMs || (a.id < b.id ? -1 : 1));
  if (oldest === undefined) return { holder: '', label: '', sinceMs: timeMs, remainingMs: 0 };
  const { id, label, sinceMs, untilMs } = oldest;
  return { holder: id, label, sinceMs, remainingMs: untilMs - timeMs };
}

function answer(sinceMs: number, obstacle?: Obstacle): SimpleAnswer & { readonly kind: 'reserved' } {
  return { kind: 'reserved', sinceMs, obstacle };
}
