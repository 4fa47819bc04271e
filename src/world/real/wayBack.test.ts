import { connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Bytes, Writer } from '../../base/index.ts';
import { frameLengthBytes, type WireReport, wireVersion } from '../index.ts';
import { parseAddress } from './address.ts';
import { TcpWire } from './tcpWire.ts';

const quiet = { note: () => undefined };
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function openWire(): Promise<{ wire: TcpWire; reports: WireReport[] }> {
  const opened = await TcpWire.open('127.0.0.1:0', quiet);
  if (!opened.ok) throw new Error(opened.error);
  ends.push(() => opened.value.close());
  const reports: WireReport[] = [];
  opened.value.listen({ tell: (report) => void reports.push(report), tellIf: () => undefined });
  return { wire: opened.value, reports };
}

/** A frame without messages, of a peer that says that it listens there. */
function frameOf(from: string): Bytes {
  const writer = new Writer();
  writer.u32(0);
  writer.u8(wireVersion);
  writer.u32(0);
  writer.u32(0);
  writer.text(from);
  writer.patchU32(0, writer.length - frameLengthBytes);
  return writer.take();
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('it did not happen within five seconds');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const kinds = (reports: readonly WireReport[]) => reports.map(({ kind }) => kind);

test('a peer that cannot be dialled is spoken to on the connection that it made, and dialled again when that ends', async () => {
  const { wire, reports } = await openWire();
  const parsed = parseAddress(wire.address);
  if (!parsed.ok) throw new Error(parsed.error);
  // Nobody listens at port 1: this peer stands behind something that lets nobody in.
  const hidden = '127.0.0.1:1';
  const socket = connect(parsed.value);
  ends.push(() => socket.destroy());
  const heard: Buffer[] = [];
  socket.on('data', (chunk) => void heard.push(chunk));
  socket.write(frameOf(hidden));
  await until(() => kinds(reports).includes('frame'));

  wire.transmit(hidden, frameOf('first'));
  wire.transmit(hidden, frameOf('second'));
  await until(() => Buffer.concat(heard).includes('second'));
  expect(Buffer.concat(heard).toString('latin1')).toMatch(/first.*second/s);
  expect(kinds(reports)).toEqual(['frame']);

  socket.destroy();
  await until(() => {
    wire.transmit(hidden, frameOf('third'));
    return kinds(reports).includes('down');
  });
});

test('whoever dials hears on that connection too', async () => {
  const { wire, reports } = await openWire();
  const answerer = createServer((socket: Socket) => {
    socket.on('data', () => socket.write(frameOf('answer')));
  });
  await new Promise<void>((resolve) => answerer.listen(0, '127.0.0.1', resolve));
  ends.push(() => answerer.close());
  const bound = answerer.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  wire.transmit(`127.0.0.1:${port}`, frameOf('question'));
  await until(() => kinds(reports).includes('frame'));
  expect(kinds(reports)).toEqual(['up', 'frame']);
});
