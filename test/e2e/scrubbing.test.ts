import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { open } from 'lmdb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Processes, portOf, run, until } from './processes.ts';

let processes: Processes;

beforeAll(async () => {
  processes = await Processes.start(3, ['--scrub-hours', '0.001']);
  await processes.untilWhole();
});

afterAll(async () => {
  await processes?.stop();
});

/** Opens the engine of a peer that is stopped, and changes what it holds for a key. What it held is returned. */
async function changed(data: string, key: string, change: (value: Buffer) => Buffer): Promise<Buffer> {
  const keyEncoder = {
    writeKey: (text: string, target: Buffer, at: number): number => at + target.write(text, at, 'latin1'),
    readKey: (source: Buffer, from: number, to: number): string => source.toString('latin1', from, to),
  };
  const database = open<Buffer, string>({ path: join(data, 'state'), encoding: 'binary', keyEncoder, maxDbs: 1 });
  try {
    for (const shelf of ['', '~']) {
      const sealed = database.get(`\x01${shelf}d${key}`);
      if (sealed === undefined) continue;
      const value = Buffer.from(sealed.subarray(4));
      const next = change(Buffer.from(value));
      const checksum = Buffer.alloc(4);
      checksum.writeUInt32LE(crc32(next));
      if (!next.equals(value)) await database.put(`\x01${shelf}d${key}`, Buffer.concat([checksum, next]));
      return value;
    }
    throw new Error(`${key} is not in the engine`);
  } finally {
    await database.close();
  }
}

test('a row that changed on one disk, with a checksum that fits, is found and fetched again', async () => {
  const port = portOf(processes.peers[0]!.redis);
  for (let i = 0; i < 50; i++) await run('redis-cli', ['-p', port, 'SET', `cold:${i}`, `value ${i}`]);
  const leader = await processes.leader();
  const hurt = processes.peers.find((peer) => peer !== leader)!;
  // Comparing brings what is compared to the disks.
  await new Promise((done) => setTimeout(done, 12_000));
  await hurt.stop();
  const sound = await changed(hurt.data, 'cold:7', (value) => {
    value[value.length - 1]! ^= 1;
    return value;
  });
  await hurt.start();
  await until(
    'the difference is found',
    async () => leader.said.includes('differ from those of a majority') || undefined,
  );
  await processes.untilWhole();
  await hurt.stop();
  expect(await changed(hurt.data, 'cold:7', (value) => value)).toEqual(sound);
  await hurt.start();
});
