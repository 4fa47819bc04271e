import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Processes, portOf, run, until } from './processes.ts';

const program = join(import.meta.dirname, '../../dist/cli/main.js');
const anywhere = ['--listen', '127.0.0.1:0', '--redis', '127.0.0.1:0', '--http', '127.0.0.1:0'];
const endMsMax = 30_000;

let processes: Processes;
let neighbour: Server;
let takenAddress: string;

beforeAll(async () => {
  processes = await Processes.start(3);
  await processes.untilWhole();
  mkdirSync(join(processes.folder, 'others'));
  neighbour = createServer();
  await new Promise<void>((resolve) => neighbour.listen(0, '127.0.0.1', resolve));
  takenAddress = `127.0.0.1:${(neighbour.address() as { port: number }).port}`;
});

afterAll(async () => {
  neighbour?.close();
  await processes?.stop();
});

/** A place beside the folders of the peers. */
function folder(name: string): string {
  return join(processes.folder, 'others', name);
}

/** Runs the program to its end. */
function selfman(words: readonly string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [program, ...words], { timeout: endMsMax });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}

function start(name: string, data: string, words: readonly string[] = anywhere): ReturnType<typeof selfman> {
  return selfman(['start', '--name', name, '--data', data, ...words]);
}

/** It ended in error, with words for people: what happened, and no stack trace. */
function expectRefusal({ code, said }: { code: number | null; said: string }, words: RegExp): void {
  expect(said).toMatch(words);
  expect(said).not.toMatch(/^\s+at /m);
  expect(code).toBeGreaterThan(0);
}

describe('wrong words', () => {
  test.each([
    [['start', '--name', 'x', '--data', 'd', '--nowhere'], /unknown option '--nowhere'/],
    [['start', '--data', 'd'], /option '--name <name>' not specified/],
    [['start', '--name', 'x', '--data', 'd', '--listen', 'here'], /option listen is wrong: .*here/],
    [['start', '--name', '../x', '--data', 'd'], /option name is wrong: use letters/],
    [['start', '--name', 'x', '--data', 'd', '--redis', '0.0.0.0:6401'], /no TLS and no password yet/],
    [['start', '--name', 'x', '--data', 'd', '--reads', 'guess'], /Allowed choices are lease, quorum/],
    [['cluster', '--peers', 'many'], /many is not a whole number/],
    [['redis', '-p', '1', 'PING'], /No peer serves 127.0.0.1:1/],
    [['dance'], /unknown command 'dance'/],
  ])('%j', async (words, expected) => {
    expectRefusal(await selfman(words), expected);
  });

  test('a status that nobody can give ends with code 3', async () => {
    const outcome = await selfman(['status', '--http', '127.0.0.1:1']);
    expectRefusal(outcome, /No peer answers at http:\/\/127.0.0.1:1/);
    expect(outcome.code).toBe(3);
    expect((await selfman(['status', '--data', folder('nobody')])).code).toBe(3);
  });
});

describe('folders and ports that cannot be used', () => {
  test.each(['--listen', '--redis', '--http'])('the address of %s is in use', async (option) => {
    const words = [...anywhere];
    words[words.indexOf(option) + 1] = takenAddress;
    expectRefusal(await start('x', folder(`taken${option}`), words), new RegExp(`${takenAddress} is in use`));
  });

  test('a file stands in the place of the folder', async () => {
    writeFileSync(folder('file'), 'not a folder');
    expectRefusal(await start('x', folder('file')), /is not a folder: choose another path/);
    expectRefusal(await start('x', join(folder('file'), 'deeper')), /is not a folder: choose another path/);
  });

  test('a folder of somebody else is left alone', async () => {
    mkdirSync(folder('photos'));
    writeFileSync(join(folder('photos'), 'holiday.jpg'), 'sea');
    expectRefusal(await start('x', folder('photos')), /holds files that are not a peer's: choose an empty folder/);
    expect(readdirSync(folder('photos'))).toEqual(['holiday.jpg']);
  });

  test('a folder that a running peer uses', async () => {
    expectRefusal(await start('a', processes.peers[0]!.data), /is in use by process \d+/);
  });

  test('a copy of a folder is refused, and so is one of a newer version, or with a damaged identity', async () => {
    cpSync(processes.peers[0]!.data, folder('copy'), { recursive: true });
    expectRefusal(await start('a', folder('copy')), /is a copy of another peer's folder/);
    const identity = join(folder('copy'), 'identity.json');
    writeFileSync(identity, JSON.stringify({ ...JSON.parse(readFileSync(identity, 'utf8')), format: 99 }));
    expectRefusal(await start('a', folder('copy')), /newer version \(format 99\): start it with that version/);
    writeFileSync(identity, '{"format":');
    expectRefusal(await start('a', folder('copy')), /identity.json is damaged: start with an empty folder/);
  });

  test('fewer peers than there are', async () => {
    const outcome = await selfman(['cluster', '--peers', '2', '--data', processes.folder]);
    expectRefusal(outcome, /holds 3 peers, and --peers 2 would leave some out/);
    expect(outcome.said).toContain(`npx selfman leave --name c --data ${processes.folder}`);
  });
});

describe('peers that cannot be joined', () => {
  test('a second peer of one name is refused', async () => {
    const contact = processes.peers[0]!.address;
    expectRefusal(await start('b', folder('impostor'), [...anywhere, '--join', contact]), /name/);
  });

  test('where nobody answers it says so, and goes on trying', async () => {
    const words = ['start', '--name', 'd', '--data', folder('d'), ...anywhere, '--join', takenAddress];
    const child = spawn(process.execPath, [program, ...words]);
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    try {
      await until('a word of trouble', async () => said.includes(takenAddress) || undefined);
      expect(child.exitCode).toBeNull();
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('a damaged disk', () => {
  test('a bad record in the middle of a journal: the peer fetches what it lost, and nothing is missing', async () => {
    const [peer, other] = processes.peers as [(typeof processes.peers)[0], (typeof processes.peers)[0]];
    const redis = (port: string, ...words: string[]) => run('redis-cli', ['-p', port, ...words]);
    for (let i = 0; i < 50; i++) await redis(portOf(other.redis), 'SET', `kept:${i}`, String(i));
    await peer.kill();
    damageJournal(peer.data);
    await peer.start();
    await processes.untilWhole();
    expect(peer.said).toContain('damaged, fetching it again');
    for (let i = 0; i < 50; i++) expect(await redis(portOf(peer.redis), 'GET', `kept:${i}`)).toBe(`${i}\n`);
  });
});

/** Turns bits in the middle of what a journal holds. */
function damageJournal(data: string): void {
  const paths = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.journal'));
  const [path] = paths.map((one) => join(data, one)).sort((a, b) => statSync(b).size - statSync(a).size);
  const bytes = readFileSync(path!);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const middle = Math.floor(end / 2);
  for (let at = middle; at < middle + 8; at++) bytes[at]! ^= 0xff;
  writeFileSync(path!, bytes);
}
