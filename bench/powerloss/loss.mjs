import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { unsyncedIn } from './noted.mjs';

const sectorBytes = 512;

/** Prepares a peer's folder so that what its process writes and does not sync can be taken back; where the disk lies, nothing is ever synced. */
export function watchedBy(library, folder, doLie) {
  mkdirSync(`${folder}.aside`, { recursive: true });
  const lies = doLie ? { UNSYNCED_LIES: '1' } : {};
  return { LD_PRELOAD: library, UNSYNCED_ROOT: folder, UNSYNCED_LOG: `${folder}.noted`, UV_USE_IO_URING: '0', ...lies };
}

function isOfEngine({ path }) {
  return path.endsWith('.mdb');
}

/**
 * The power goes, behind the end of the process: of what was not synced nothing is kept, or of each sector whichever of its
 * versions chance wants; and of the changes of names so many as were made first. How much was lost.
 */
export function losePower(folder, random) {
  const log = `${folder}.noted`;
  if (!existsSync(log)) return { journal: 0, engine: 0, names: 0 };
  const { files, names } = unsyncedIn(log);
  const isAllLost = random.chance(0.5);
  const writes = { journal: 0, engine: 0 };
  for (const file of files) {
    if (existsSync(file.path)) writes[isOfEngine(file) ? 'engine' : 'journal'] += takeBack(file, isAllLost, random);
  }
  const lost = names.slice(isAllLost ? 0 : random.below(names.length + 1));
  for (const one of [...lost].reverse()) undo(one);
  rmSync(`${folder}.aside`, { recursive: true, force: true });
  rmSync(log);
  mkdirSync(`${folder}.aside`);
  return { ...writes, names: lost.length };
}

/** Takes back the writes to one file, newest first, each sector as far as chance wants. */
function takeBack({ path, writes }, isAllLost, random) {
  if (writes.length === 0) return 0;
  const left = new Map();
  for (const write of writes) for (const sector of sectorsOf(write)) left.set(sector, (left.get(sector) ?? 0) + 1);
  if (!isAllLost) for (const [sector, count] of left) left.set(sector, random.below(count + 1));
  const file = openSync(path, 'r+');
  for (const write of [...writes].reverse()) {
    for (const sector of sectorsOf(write)) {
      const count = left.get(sector);
      if (count === 0) continue;
      left.set(sector, count - 1);
      const from = Math.max(0, sector * sectorBytes - write.place);
      const to = Math.min(write.old.length, (sector + 1) * sectorBytes - write.place);
      if (to > from) writeSync(file, write.old, from, to - from, write.place + from);
    }
  }
  if (isAllLost && fstatSync(file).size !== writes[0].size) ftruncateSync(file, writes[0].size);
  closeSync(file);
  return writes.length;
}

function* sectorsOf({ place, old }) {
  for (let sector = Math.floor(place / sectorBytes); sector * sectorBytes < place + old.length; sector++) yield sector;
}

function undo({ kind, path, old }) {
  if (kind === 'C') rmSync(path, { force: true });
  else if (kind === 'R' && existsSync(path)) renameSync(path, old.toString());
  else if (kind === 'U' && existsSync(old.toString()) && !existsSync(path)) linkSync(old.toString(), path);
}
