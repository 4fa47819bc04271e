import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Peer } from '../dist/machine/index.js';

const anywhere = '127.0.0.1:0';
let folder: string;
let peer: Peer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'selfman-components-'));
  peer = await Peer.start({ name: 'a', data: join(folder, 'a'), listen: anywhere, redis: anywhere, http: anywhere });
}, 60_000);

afterAll(async () => {
  await peer?.stop();
  rmSync(folder, { recursive: true });
});

/** What the program prints and how it ends; the peer answers meanwhile in this process. */
async function selfman(...words: string[]): Promise<{ readonly said: string; readonly code: number | null }> {
  const child = spawn(process.execPath, ['dist/cli/main.js', 'components', ...words, '--http', peer.http]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { said: said.trim(), code };
}

test('a peer says which components it runs, in which version, and with whom they speak', async () => {
  const { said, code } = await selfman();
  expect(code).toBe(0);
  expect(said).toMatch(/^COMPONENT +VERSION +RUNNING +SPEAKS WITH$/m);
  expect(said).toMatch(/^cells +1 +1 +.*transport 1 \(network of cells\)/m);
});

test('a path leads to components, ports, channels and attributes, with what they are now', async () => {
  const cells = await selfman('//cells');
  expect(cells.said).toMatch(/^root\/peer\/cells +cells 1 +active +0 +memberDeadMs=60000 checkpointBytes=16777216$/m);
  const ports = await selfman("//cells/requires::*[isConnected and type='network of cells']");
  expect(ports.said).toMatch(/^root\/peer\/cells\.requires\.network +network of cells +connected$/m);
  const channels = await selfman('//gateway/channel::*');
  expect(channels.said).toMatch(
    /^root\/peer\/router\.provides\.access -> root\/peer\/gateway\.requires\.access +open +0$/m,
  );
  expect((await selfman('//nobody')).said).toBe('Nothing is there.');
});

test('a text that is no path is refused, with the place where it stops being one', async () => {
  const { said, code } = await selfman('//cells[state=');
  expect(code).toBe(2);
  expect(said).toContain('//cells[state= at 15: expected a condition');
});

test('an attribute is set while the peer runs, and holds from then on', async () => {
  const { said, code } = await selfman('set', '//cells/@memberDeadMs', '90000');
  expect([said, code]).toEqual(['Set one attribute to 90000, until the peer is started again.', 0]);
  expect((await peer.status()).self.memberDeadMs).toBe(90_000);
});

test('what an attribute refuses is said in words, and nothing is set', async () => {
  const { said, code } = await selfman('set', '//cells/@memberDeadMs', '5');
  expect([said, code]).toEqual(['root/peer/cells@memberDeadMs: 5 is not a whole number from 1000.', 2]);
  expect((await selfman('set', '//cells/@none', '5')).said).toBe('//cells/@none leads to no attribute.');
  expect((await peer.status()).self.memberDeadMs).toBe(90_000);
});
