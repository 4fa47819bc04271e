import { createServer, type Server, type Socket } from 'node:net';
import { type Bytes, failure, type Result, success } from '../../base/index.ts';
import type { Ref } from '../../component/index.ts';
import {
  type Address,
  addressOfSender,
  type FrameStart,
  type FrameWriter,
  type Log,
  type Wire,
  type WireReport,
} from '../index.ts';
import { listenOn } from './address.ts';
import { FrameSplitter } from './frameSplitter.ts';
import { Intake } from './intake.ts';
import { inboundBytesMax, inboundLinksMax } from './limits.ts';
import { OutboundLink } from './outboundLink.ts';

/**
 * Frames over TCP. Each side dials to send, so that a stream carries frames one way; where one side cannot be dialled the stream that
 * it made itself carries them both ways.
 */
export class TcpWire implements Wire {
  readonly address: Address;
  readonly #server: Server;
  readonly #log: Log;
  readonly #outbound = new Map<Address, OutboundLink>();
  /** Streams that are read, by number. */
  readonly #inbound = new Map<number, { readonly socket: Socket; readonly intake: Intake }>();
  /** The stream that each peer made last. */
  readonly #waysBack = new Map<Address, Socket>();
  #reports: Ref<WireReport> | undefined;
  #lastLink = 0;

  private constructor(server: Server, address: Address, log: Log) {
    this.#server = server;
    this.address = address;
    this.#log = log;
    server.on('connection', (socket) => this.#accept(socket));
    server.on('error', (error) => log.note('error', 'network', () => error.message));
  }

  /** Listens for peers, or says in a sentence why it cannot. */
  static async open(address: Address, log: Log): Promise<Result<TcpWire, string>> {
    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 5000 });
    const bound = await listenOn(server, address);
    return bound.ok ? success(new TcpWire(server, bound.value, log)) : failure(bound.error);
  }

  /** Frames that were not sent because too many waited. */
  get dropped(): number {
    let sum = 0;
    for (const { dropped } of this.#outbound.values()) sum += dropped;
    return sum;
  }

  listen(reports: Ref<WireReport>): void {
    this.#reports = reports;
  }

  transmit(to: Address, start: FrameStart, messages: FrameWriter): void {
    let link = this.#outbound.get(to);
    if (link === undefined) {
      link = new OutboundLink(to, {
        report: (report) => this.#report(report),
        opened: (socket) => void this.#read(socket),
        wayBack: (address) => this.#waysBack.get(address),
      });
      this.#outbound.set(to, link);
    }
    link.transmit(messages.takeWhole(start));
  }

  taken(link: number, bytes: number): void {
    this.#inbound.get(link)?.intake.taken(bytes);
  }

  reject(link: number, reason: string): void {
    this.#log.note(
      'warn',
      'network',
      () => `closed the connection of ${this.#inbound.get(link)?.socket.remoteAddress}: ${reason}`,
    );
    this.#inbound.get(link)?.socket.destroy();
  }

  async close(): Promise<void> {
    for (const link of this.#outbound.values()) link.close();
    for (const { socket } of this.#inbound.values()) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    if (this.#inbound.size >= inboundLinksMax) {
      socket.destroy();
      return;
    }
    let from: Address | undefined;
    this.#read(socket, (frame) => {
      if (from !== undefined) return;
      from = addressOfSender(frame);
      if (from !== undefined) this.#waysBack.set(from, socket);
    });
    socket.on('error', (error) =>
      this.#log.note('debug', 'network', () => `a peer's connection broke: ${error.message}`),
    );
    socket.on('close', () => {
      if (from !== undefined && this.#waysBack.get(from) === socket) this.#waysBack.delete(from);
    });
  }

  /** Hands on the frames of a stream; `look` sees each before. */
  #read(socket: Socket, look?: (frame: Bytes) => void): void {
    const link = ++this.#lastLink;
    const intake = new Intake(socket, inboundBytesMax);
    this.#inbound.set(link, { socket, intake });
    const splitter = new FrameSplitter();
    socket.on('data', (chunk: Buffer) => {
      const frames = splitter.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
      if (frames === undefined) {
        this.reject(link, 'it announces a frame that is too long');
        return;
      }
      for (const bytes of frames) {
        look?.(bytes);
        intake.arrived(bytes.length);
        this.#report({ kind: 'frame', link, sender: undefined, bytes, at: 0, end: bytes.length });
      }
    });
    socket.on('close', () => this.#inbound.delete(link));
  }

  #report(report: WireReport): void {
    this.#reports?.tell(report);
  }
}
