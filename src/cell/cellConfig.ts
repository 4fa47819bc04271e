import {
  type Infer,
  type Key,
  key,
  list,
  MalformedError,
  type Range,
  record,
  type Schema,
  text,
  varint,
} from '../base/index.ts';
import type { PeerId } from '../overlay/index.ts';
import { type Degrees, degrees } from './degree.ts';

/** A peer with a vote in a cell, and where it listened when it got it. */
export const member = record({ id: text, address: text });
export type Member = Infer<typeof member>;

/** Who decides for a cell during one epoch. The next epoch's is chosen as the last entry of this one: its stop-sign. */
export interface CellConfig {
  readonly cell: string;
  readonly epoch: number;
  readonly from: Key;
  readonly to: Key | undefined;
  readonly members: readonly Member[];
  /** How many members prefixes ask for in which it lies. */
  readonly degrees: Degrees;
}

const head = record({ cell: text, epoch: varint, from: key });
const members = list(member);
const hasTo = 1;
const hasDegrees = 2;

/** One byte says whether there is an end, and whether prefixes ask for anything: where they do not it is written as before there were any. */
export const cellConfig: Schema<CellConfig> = {
  write: (writer, config) => {
    head.write(writer, config);
    writer.u8((config.to === undefined ? 0 : hasTo) + (config.degrees.length === 0 ? 0 : hasDegrees));
    if (config.to !== undefined) key.write(writer, config.to);
    members.write(writer, config.members);
    if (config.degrees.length > 0) degrees.write(writer, config.degrees);
  },
  read: (reader) => {
    const { cell, epoch, from } = head.read(reader);
    const has = reader.u8();
    if (has > hasTo + hasDegrees) throw new MalformedError(`a configuration has ${has} where it says what there is`);
    const to = (has & hasTo) === 0 ? undefined : key.read(reader);
    const those = members.read(reader);
    return { cell, epoch, from, to, members: those, degrees: (has & hasDegrees) === 0 ? [] : degrees.read(reader) };
  },
};

export function rangeOfConfig(config: CellConfig): Range {
  return { from: config.from, to: config.to };
}

/** Whether the range of the one is a part of that of the other. */
export function isWithin(part: CellConfig, whole: CellConfig): boolean {
  return part.from >= whole.from && (whole.to === undefined || (part.to !== undefined && part.to <= whole.to));
}

/** How many members decide. */
export function majorityOf(config: Pick<CellConfig, 'members'>): number {
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
