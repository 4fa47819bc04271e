import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const noteName = 'addresses.json';
const seatsName = 'seats';

/** What a peer leaves in its folder for the tools of its machine. */
export interface FolderNote {
  readonly name: string;
  readonly processId: number;
  readonly address: string;
  readonly redis: string;
  readonly http: string;
  /** It has left its system for good: the folder may be removed. */
  readonly hasLeft: boolean;
}

export function writeNote(folder: string, note: FolderNote): void {
  writeFileSync(join(folder, noteName), `${JSON.stringify(note, undefined, 2)}\n`);
}

/** Undefined where there is none, or half of one: the peer never came so far as to listen. */
export function readNote(folder: string): FolderNote | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, noteName), 'utf8')) as FolderNote;
  } catch {
    return undefined;
  }
}

/** The folder of a further seat, below that of its program. */
export function seatFolder(data: string, seat: number): string {
  return join(data, seatsName, String(seat));
}

/** The numbers of the further seats that have folders below that of a program, in their order. */
export function seatsIn(data: string): number[] {
  const folder = join(data, seatsName);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^[1-9]\d{0,3}$/.test(name));
  return names.map(Number).sort((a, b) => a - b);
}
