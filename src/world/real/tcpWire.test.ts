import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Bytes } from '../../base/index.ts';
import type { Ref } from '../../component/index.ts';
import {
  bytes as bytesSchema,
  FrameWriter,
  frameStart,
  noSystemId,
  outboundBytesMax,
  type WireReport,
  wireSystem,
} from '../index.ts';
import { parseAddress } from './address.ts';
import { FrameSplitter } from './frameSplitter.ts';
import { inboundBytesMax } from './limits.ts';
import { openPlatform } from './platform.ts';
import { TcpWire } from './tcpWire.ts';

const quiet = { note: () => undefined };
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function wire(): Promise<{ wire: TcpWire; reports: WireReport[] }> {
  const opened = await TcpWire.open('127.0.0.1:0', quiet);
  if (!opened.ok) throw new Error(opened.error);
  ends.push(() => opened.value.close());
  const reports: WireReport[] = [];
  const hear: Ref<WireReport> = { tell: (report) => void reports.push(report), tellIf: () => undefined };
  opened.value.listen(hear);
  return { wire: opened.value, reports };
}

function frame(length: number, fill = 1): Bytes {
  const bytes = new Uint8Array(4 + length).fill(fill);
  new DataView(bytes.buffer).setUint32(0, length, true);
  return bytes;
}

/** Transmits a frame with a message of so many bytes. */
function transmit(from: TcpWire, to: string, length: number): void {
  const messages = new FrameWriter();
  messages.add(200, bytesSchema, new Uint8Array(length));
  from.transmit(to, frameStart(wireSystem(noSystemId), from.address), messages);
}

async function dial(address: string): Promise<Socket> {
  const parsed = parseAddress(address);
  if (!parsed.ok) throw new Error(parsed.error);
  const socket = connect(parsed.value);
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  ends.push(() => socket.destroy());
  return socket;
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('it did not happen within five seconds');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const frames = (reports: readonly WireReport[]) => reports.filter((report) => report.kind === 'frame');

test('a stream is cut into frames wherever its chunks end', () => {
  const sent = [0, 1, 5, 300, 70_000, 2].map((length, i) => frame(length, i));
  const stream = Buffer.concat(sent);
  for (const size of [1, 3, 4, 7, 1000, stream.length]) {
    const splitter = new FrameSplitter();
    const cut: Bytes[] = [];
    for (let at = 0; at < stream.length; at += size) cut.push(...splitter.push(stream.subarray(at, at + size))!);
    expect(Buffer.concat(cut).equals(stream)).toBe(true);
    expect(cut.map(({ length }) => length)).toEqual(sent.map(({ length }) => length));
  }
});

test('a stream that announces too much is closed, and nobody else notices', async () => {
  const { wire: peer, reports } = await wire();
  const good = await dial(peer.address);
  const bad = await dial(peer.address);
  bad.write(Buffer.from('GET / HTTP/1.1\r\nHost: me\r\n\r\n'));
  await new Promise((resolve) => bad.once('close', resolve));
  good.write(frame(10));
  await until(() => frames(reports).length === 1);
});

test('a peer that does not handle what it has heard reads no further until it does', async () => {
  const { wire: peer, reports } = await wire();
  const eager = await dial(peer.address);
  const bytes = frame(256 * 1024);
  for (let i = 0; i < 100; i++) eager.write(bytes);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const heard = frames(reports).length;
  expect(heard * bytes.length).toBeLessThan(inboundBytesMax + 1024 * 1024);
  let taken = 0;
  await until(() => {
    for (; taken < frames(reports).length; taken++) peer.taken(1, bytes.length);
    return taken === 100;
  });
});

test('what waits for a peer that does not read is bounded, and what comes beyond is dropped and counted', async () => {
  const { wire: peer } = await wire();
  const sleeper = createServer((socket) => void socket.pause());
  await new Promise<void>((resolve) => sleeper.listen(0, '127.0.0.1', resolve));
  ends.push(() => sleeper.close());
  const bound = sleeper.address();
  const to = `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
  const messageBytes = 1024 * 1024;
  for (let i = 0; i < 100; i++) {
    transmit(peer, to, messageBytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(peer.dropped).toBeGreaterThan(20);
  expect(peer.dropped).toBeLessThan(100 - outboundBytesMax / messageBytes + 2);
});

test('a peer that is not there is told as down, dialled again with back-off, and reached when it comes', async () => {
  const { wire: peer, reports } = await wire();
  const other = await wire();
  const { address } = other.wire;
  await other.wire.close();
  transmit(peer, address, 1);
  await until(() => reports.some(({ kind }) => kind === 'down'));
  const back = await TcpWire.open(address, quiet);
  if (!back.ok) throw new Error(back.error);
  ends.push(() => back.value.close());
  const heard: WireReport[] = [];
  back.value.listen({ tell: (report) => void heard.push(report), tellIf: () => undefined });
  transmit(peer, address, 2);
  await until(() => frames(heard).length === 1);
  expect(reports.map(({ kind }) => kind)).toEqual(['down', 'up']);
});

test('addresses that cannot be listened on are refused in a sentence, and leave nothing open', async () => {
  const { wire: taken } = await wire();
  const folder = mkdtempSync(join(tmpdir(), 'selfman-wire-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  const refusal = async (listen: string): Promise<string> => {
    const opened = await openPlatform({ data: join(folder, 'data'), name: 'a', listen, log: quiet });
    if (opened.ok) throw new Error('it was opened');
    return opened.error;
  };
  expect(await refusal(taken.address)).toBe(
    `${taken.address} is in use by another program: stop that one, or choose another port`,
  );
  expect(await refusal('nonsense')).toContain('is no address');
  expect(await refusal('127.0.0.1:99999')).toContain('is no address');
  expect(await refusal('192.0.2.1:7000')).toContain('is not an address of this machine');
  const opened = await openPlatform({ data: join(folder, 'data'), name: 'a', listen: '127.0.0.1:0', log: quiet });
  expect(opened.ok).toBe(true);
  if (opened.ok) await opened.value.close();
});
