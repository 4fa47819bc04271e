import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderNote, readNote, seatFolder, seatsIn } from '../machine/index.ts';

/** A peer that keeps its folder on this machine. */
export interface LocalPeer extends FolderNote {
  readonly folder: string;
}

/** The programs that keep their folders below `data`, by name: the first seat of each. */
export function localPrograms(data: string): LocalPeer[] {
  if (!existsSync(data)) return [];
  const folders = readdirSync(data, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const found = folders.flatMap(({ name }) => peerIn(join(data, name)));
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The same, each with its further seats behind it. */
export function localPeers(data: string): LocalPeer[] {
  return localPrograms(data).flatMap((program) => {
    const { folder } = program;
    return [program, ...seatsIn(folder).flatMap((seat) => peerIn(seatFolder(folder, seat)))];
  });
}

function peerIn(folder: string): LocalPeer[] {
  const note = readNote(folder);
  return note === undefined ? [] : [{ ...note, folder }];
}
