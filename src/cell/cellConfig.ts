import { type Infer, key, list, optional, type Range, record, text, varint } from '../base/index.ts';
import type { PeerId } from '../overlay/index.ts';

/** A peer with a vote in a cell, and where it listened when it got it. */
export const member = record({ id: text, address: text });
export type Member = Infer<typeof member>;

/** Who decides for a cell during one epoch. The next epoch's is chosen as the last entry of this one: its stop-sign. */
export const cellConfig = record({
  cell: text,
  epoch: varint,
  from: key,
  to: optional(key),
  members: list(member),
});
export type CellConfig = Infer<typeof cellConfig>;

export function rangeOfConfig(config: CellConfig): Range {
  return { from: config.from, to: config.to };
}

/** Whether the range of the one is a part of that of the other. */
export function isWithin(part: CellConfig, whole: CellConfig): boolean {
  return part.from >= whole.from && (whole.to === undefined || (part.to !== undefined && part.to <= whole.to));
}

/** How many members decide. */
export function majorityOf(config: CellConfig): number {
  return (config.members.length >>> 1) + 1;
}

export function sameMembers(a: readonly Member[], b: readonly Member[]): boolean {
  return a.length === b.length && a.every(({ id }) => b.some((member) => member.id === id));
}

export function isMember(config: CellConfig, peer: PeerId): boolean {
  return config.members.some(({ id }) => id === peer);
}

export function othersOf(config: CellConfig, self: PeerId): readonly Member[] {
  return config.members.filter(({ id }) => id !== self);
}
