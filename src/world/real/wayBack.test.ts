import { connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Bytes } from '../../base/index.ts';
import { FrameWriter, frameStart, noSystemId, type WireReport, wireSystem } from '../index.ts';
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

const beginning = (from: string) => frameStart(wireSystem(noSystemId), from);

/** A frame without messages, of a peer that says that it listens there. */
const frameOf = (from: string): Bytes => new FrameWriter().takeWhole(beginning(from));

/** Transmits one. */
const transmit = (wire: TcpWire, to: string, from: string): void =>
  wire.transmit(to, beginning(from), new FrameWriter());

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

  transmit(wire, hidden, 'first');
  transmit(wire, hidden, 'second');
  await until(() => Buffer.concat(heard).includes('second'));
  expect(Buffer.concat(heard).toString('latin1')).toMatch(/first.*second/s);
  expect(kinds(reports)).toEqual(['frame']);

  socket.destroy();
  await until(() => {
    transmit(wire, hidden, 'third');
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
  transmit(wire, `127.0.0.1:${port}`, 'question');
  await until(() => kinds(reports).includes('frame'));
  expect(kinds(reports)).toEqual(['up', 'frame']);
});
