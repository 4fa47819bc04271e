import { cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PeerProcess } from './peerProcess.ts';
import { Processes, portOf, run } from './processes.ts';

const program = join(import.meta.dirname, '../../dist/cli/main.js');

let processes: Processes;
let peer: PeerProcess;

beforeAll(async () => {
  processes = await Processes.start(1);
  peer = processes.peers[0]!;
  for (const word of ['needle', 'thread', 'button']) {
    await run('redis-cli', ['-p', portOf(peer.redis), 'SET', word, `${word} ${word} ${word}`]);
  }
  // What is saved is in the engine.
  await run('node', [program, 'backup', join(processes.folder, 'all.backup'), '--http', peer.http]);
  await run('redis-cli', ['-p', portOf(peer.redis), 'SET', 'later', 'thimble']);
  await run('redis-cli', ['-p', portOf(peer.redis), 'SET', 'last', 'ribbon']);
});

afterAll(async () => {
  await processes?.stop();
});

/** What the doctor says, and how it ends. */
async function doctor(folder: string, ...words: string[]): Promise<{ code: number; said: string }> {
  try {
    return { code: 0, said: await run('node', [program, 'doctor', folder, ...words]) };
  } catch (thrown) {
    const { code, stdout, stderr } = thrown as { code: number; stdout: string; stderr: string };
    return { code, said: stdout + stderr };
  }
}

/** A copy of the peer's folder in which every place where a text stands in some files has one bit turned. */
function damaged(name: string, files: 'journal' | 'state', text: string): string {
  const folder = join(processes.folder, name);
  cpSync(peer.data, folder, { recursive: true });
  for (const file of readdirSync(join(folder, files))) {
    const path = join(folder, files, file);
    const bytes = readFileSync(path);
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) bytes[at]! ^= 1;
    writeFileSync(path, bytes);
  }
  return folder;
}

test('the folder of a peer that runs is refused', async () => {
  const { code, said } = await doctor(peer.data);
  expect(said).toMatch(/ is in use by process \d+: stop that peer first, or ask it with selfman status\.\n$/);
  expect(code).toBe(2);
});

test('what a killed peer left is described, and sound', async () => {
  await peer.kill();
  const before = readFileSync(join(peer.data, 'state/data.mdb'));
  const { code, said } = await doctor(peer.data);
  expect(said).toContain(`: peer ${peer.name} (disk `);
  expect(said).toMatch(/\n1 +lowest \.\. highest +1 +whole +\d+ +\d+ +3, \d+ B +/);
  expect(said).toContain('What is here is sound.');
  expect(code).toBe(0);
  expect(readFileSync(join(peer.data, 'state/data.mdb')).equals(before)).toBe(true);
  const report = JSON.parse((await doctor(peer.data, '--json')).said);
  expect(report.journal.damagedUpTo).toBe(0);
  expect(report.cells[0].missingKeys).toBe(0);
  expect(report.cells[0].keys).toBe(3);
});

test('a record that was synced and is damaged is told apart from a torn end', async () => {
  const lost = await doctor(damaged('lost', 'journal', 'thimble'));
  expect(lost.said).toMatch(
    /damage: The journal is damaged before byte \d+: records that were synced are gone\. Start the peer/,
  );
  expect(lost.said).toContain('note: This is a copy');
  expect(lost.code).toBe(1);
  const torn = await doctor(damaged('torn', 'journal', 'ribbon'));
  expect(torn.said).toMatch(/note: The journal has a torn end behind byte \d+: .* It was never acknowledged/);
  expect(torn.code).toBe(0);
});

test('a row whose checksum does not fit is counted', async () => {
  const { code, said } = await doctor(damaged('row', 'state', 'thread thread'));
  expect(said).toContain('damage: Cell 1 has 1 damaged rows.');
  expect(code).toBe(1);
});

test('an engine that is cut off is reported, though reading it ends the process that does', async () => {
  const folder = join(processes.folder, 'cut');
  cpSync(peer.data, folder, { recursive: true });
  truncateSync(join(folder, 'state/data.mdb'), 12_000);
  const { code, said } = await doctor(folder);
  expect(said).toMatch(/ is cut off or damaged, and cannot be read|cannot be read: /);
  expect(code).toBeGreaterThan(0);
});

test('what is no folder of a peer is refused in words', async () => {
  expect((await doctor(join(processes.folder, 'none'))).said).toMatch(/^There is no folder .*\.\n$/);
  expect(await doctor(processes.folder)).toMatchObject({ code: 2 });
  expect((await doctor(processes.folder)).said).toContain('is no folder of a peer');
});
