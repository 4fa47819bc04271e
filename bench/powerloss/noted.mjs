import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What a program did to a file: see unsynced.c. */
function* recordsOf(path) {
  const bytes = readFileSync(path);
  let at = 0;
  while (at + 5 <= bytes.length) {
    const kind = String.fromCharCode(bytes[at]);
    const pathEnd = at + 5 + bytes.readUInt32LE(at + 1);
    // A record that was cut short is the last one: what it would say had not been done yet.
    if (pathEnd + 24 > bytes.length) return;
    const [place, size, length] = [0, 8, 16].map((offset) => Number(bytes.readBigUInt64LE(pathEnd + offset)));
    const end = pathEnd + 24 + length;
    if (end > bytes.length) return;
    yield { kind, path: bytes.toString('utf8', at + 5, pathEnd), place, size, old: bytes.subarray(pathEnd + 24, end) };
    at = end;
  }
}

/** What was written by a program, and not synced when it ended: of each file, and of the names in folders, oldest first. */
export function unsyncedIn(log) {
  const byPath = new Map();
  const files = [];
  let names = [];
  const fileAt = (path) => {
    if (!byPath.has(path)) {
      byPath.set(path, { path, writes: [] });
      files.push(byPath.get(path));
    }
    return byPath.get(path);
  };
  let number = 0;
  for (const record of recordsOf(log)) {
    const one = { ...record, number: number++ };
    const { path, place } = one;
    if (one.kind === 'W' || one.kind === 'T') fileAt(path).writes.push(one);
    else if (one.kind === 'S') {
      const file = fileAt(path);
      file.writes = file.writes.filter((write) => write.number >= place);
      // With a file its own name is synced, as file systems with a journal do it.
      names = names.filter((name) => !(name.kind === 'C' && name.path === path && name.number < place));
    } else if (one.kind === 'D') names = names.filter((name) => dirname(name.path) !== path || name.number >= place);
    else {
      names.push(one);
      rename(byPath, one);
    }
  }
  return { files, names };
}

/** The files go on under their new names. */
function rename(byPath, { kind, path, old }) {
  if (kind === 'C') byPath.delete(path);
  const from = kind === 'R' ? old.toString() : path;
  const to = kind === 'R' ? path : old.toString();
  const file = byPath.get(from);
  if (kind === 'C' || file === undefined) return;
  byPath.delete(from);
  file.path = to;
  byPath.set(to, file);
}
