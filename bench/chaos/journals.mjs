import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const damagedBytes = 8;

/** The file of a stopped peer's journal that was written to last, and what of it holds records; undefined where it has none yet. */
function lastSegment(folder) {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.journal'))
    .map((path) => join(folder, path));
  const [path] = paths.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (path === undefined) return undefined;
  const bytes = readFileSync(path);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return { path, bytes, end };
}

/** Does something to a stopped peer's journal, if it has one. */
function withJournal(folder, act) {
  const segment = lastSegment(folder);
  if (segment !== undefined) act(segment);
}

function write(path, bytes, at) {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
  fsyncSync(file);
  closeSync(file);
}

/** Turns bits in the middle of what a journal holds. */
export function damageMiddle(folder) {
  withJournal(folder, ({ path, bytes, end }) => {
    const middle = Math.floor(end / 2);
    write(
      path,
      bytes.subarray(middle, middle + damagedBytes).map((byte) => byte ^ 0xff),
      middle,
    );
  });
}

/** Overwrites up to so many bytes of a journal's end with zeros, as if they had never been written. */
export function cutTail(folder, bytesMax) {
  withJournal(folder, ({ path, end }) => {
    const length = Math.min(end, bytesMax);
    write(path, Buffer.alloc(length), end - length);
  });
}

/** Leaves half of a record behind the end, as a power failure in the middle of a write does. */
export function tearTail(folder, random) {
  withJournal(folder, ({ path, bytes, end }) => {
    const torn = Buffer.from(Array.from({ length: 40 }, () => random.below(256)));
    if (end + 8 + torn.length < bytes.length) write(path, torn, end + 8);
  });
}
