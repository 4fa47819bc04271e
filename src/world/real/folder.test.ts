import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Folder } from './folder.ts';
import { lockName } from './folderLock.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'selfman-folder-'));
  folders.push(folder);
  return join(folder, 'data');
}

function open(path: string, name = 'a'): Folder {
  const folder = Folder.open(path, name);
  if (!folder.ok) throw new Error(folder.error);
  return folder.value;
}

/** The sentence with which a folder is refused. */
function refusal(path: string): string {
  const folder = Folder.open(path, 'a');
  if (folder.ok) throw new Error('it was opened');
  return folder.error;
}

test('an empty folder becomes a new peer, and stays that peer', () => {
  const path = newPath();
  const first = open(path);
  expect(first.name).toBe('a');
  expect(first.incarnation).toMatch(/^[0-9a-f]{16}$/);
  first.close();
  const again = open(path, 'another name');
  expect([again.name, again.incarnation]).toEqual(['a', first.incarnation]);
  again.close();
  rmSync(path, { recursive: true });
  const wiped = open(path);
  expect(wiped.incarnation).not.toBe(first.incarnation);
  wiped.close();
});

test('a folder in use is refused, by this process and by another', async () => {
  const path = newPath();
  const folder = open(path);
  expect(refusal(path)).toContain(`is in use by process ${process.pid}`);
  folder.close();
  const other = spawn('sleep', ['60']);
  const started = readFileSync(`/proc/${other.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19];
  writeFileSync(join(path, lockName), `${other.pid} ${started}`);
  expect(refusal(path)).toContain(`is in use by process ${other.pid}`);
  other.kill('SIGKILL');
  await new Promise((resolve) => other.once('exit', resolve));
  open(path).close();
});

test('a lock that a dead process left behind is taken over, also where its number is used again', () => {
  const path = newPath();
  mkdirSync(path);
  writeFileSync(join(path, lockName), `${process.ppid} 1`);
  open(path).close();
  writeFileSync(join(path, lockName), `${process.pid} 1`);
  open(path).close();
  writeFileSync(join(path, lockName), '');
  open(path).close();
  expect(existsSync(join(path, lockName))).toBe(false);
});

test('a copied folder is refused, a moved one is not', () => {
  const path = newPath();
  open(path).close();
  cpSync(path, `${path}-copy`, { recursive: true });
  expect(refusal(`${path}-copy`)).toContain('is a copy of another peer');
  renameSync(path, `${path}-moved`);
  open(`${path}-moved`).close();
});

test('a foreign, a damaged and a newer folder are refused with what to do', () => {
  const path = newPath();
  mkdirSync(path);
  writeFileSync(join(path, 'letter.txt'), 'dear reader');
  expect(refusal(path)).toContain('choose an empty folder');
  rmSync(join(path, 'letter.txt'));
  open(path).close();
  const identity = join(path, 'identity.json');
  const good = readFileSync(identity, 'utf8');
  writeFileSync(identity, good.slice(0, 20));
  expect(refusal(path)).toContain('identity.json is damaged');
  writeFileSync(identity, good.replace('"format": 1', '"format": 2'));
  expect(refusal(path)).toContain('newer version (format 2)');
  writeFileSync(identity, good);
  open(path).close();
});

test('what is no folder, or may not be written, is refused in a sentence', () => {
  const path = newPath();
  writeFileSync(path, 'a file');
  expect(refusal(path)).toContain('is not a folder');
  expect(refusal(join(path, 'below'))).toContain('is not a folder');
  if (process.getuid?.() === 0) return;
  rmSync(path);
  mkdirSync(path);
  chmodSync(path, 0o500);
  expect(refusal(path)).toContain('cannot be written');
});
