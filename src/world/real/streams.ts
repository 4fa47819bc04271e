import { createServer, type Server, type Socket } from 'node:net';
import { type Bytes, failure, type Result, success } from '../../base/index.ts';
import type { Ref } from '../../component/index.ts';
import {
  type Address,
  type ClientStreams,
  type ConnectionId,
  connectionsMax,
  type Log,
  outputHighBytes,
  type StreamReport,
} from '../index.ts';
import { listenOn } from './address.ts';
import { Intake } from './intake.ts';
import { clientInboundBytesMax } from './limits.ts';

interface Stream {
  readonly socket: Socket;
  readonly intake: Intake;
  isCongested: boolean;
}

/** Streams of clients over TCP. */
export class TcpStreams implements ClientStreams {
  /** Where it listens; undefined where this peer takes no clients. */
  readonly address: Address | undefined;
  readonly #server: Server | undefined;
  readonly #log: Log;
  readonly #streams = new Map<ConnectionId, Stream>();
  #reports: Ref<StreamReport> | undefined;
  #last: ConnectionId = 0;

  private constructor(server: Server | undefined, address: Address | undefined, log: Log) {
    this.#server = server;
    this.address = address;
    this.#log = log;
    server?.on('connection', (socket) => this.#accept(socket));
    server?.on('error', (error) => log.note('error', 'listener', () => error.message));
  }

  /** Listens for clients, or says in a sentence why it cannot. Without an address nobody can come. */
  static async open(address: Address | undefined, log: Log): Promise<Result<TcpStreams, string>> {
    if (address === undefined) return success(new TcpStreams(undefined, undefined, log));
    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });
    const bound = await listenOn(server, address);
    return bound.ok ? success(new TcpStreams(server, bound.value, log)) : failure(bound.error);
  }

  listen(reports: Ref<StreamReport>): void {
    this.#reports = reports;
  }

  write(connection: ConnectionId, bytes: Bytes): void {
    const stream = this.#streams.get(connection);
    if (stream === undefined || !stream.socket.writable) return;
    stream.socket.write(bytes);
    const waitingBytes = stream.socket.writableLength;
    if (stream.isCongested || waitingBytes <= outputHighBytes) return;
    stream.isCongested = true;
    this.#report({ kind: 'congested', connection, waitingBytes });
  }

  taken(connection: ConnectionId, bytes: number): void {
    this.#streams.get(connection)?.intake.taken(bytes);
  }

  close(connection: ConnectionId): void {
    const socket = this.#streams.get(connection)?.socket;
    if (socket === undefined) return;
    socket.end();
    socket.removeAllListeners('data').resume();
    // A client that neither reads nor goes would keep its end open for ever.
    socket.setTimeout(5000, () => socket.destroy());
  }

  pause(connection: ConnectionId): void {
    this.#streams.get(connection)?.intake.pause();
  }

  resume(connection: ConnectionId): void {
    this.#streams.get(connection)?.intake.resume();
  }

  async closeAll(): Promise<void> {
    for (const { socket } of this.#streams.values()) socket.destroy();
    const server = this.#server;
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    if (this.#streams.size >= connectionsMax) {
      socket.destroy();
      return;
    }
    const connection = ++this.#last;
    const intake = new Intake(socket, clientInboundBytesMax);
    const stream: Stream = { socket, intake, isCongested: false };
    this.#streams.set(connection, stream);
    this.#report({ kind: 'opened', connection, remote: `${socket.remoteAddress}:${socket.remotePort}` });
    socket.on('data', (chunk: Buffer) => {
      intake.arrived(chunk.length);
      this.#report({ kind: 'data', connection, bytes: new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length) });
    });
    socket.on('drain', () => {
      if (!stream.isCongested) return;
      stream.isCongested = false;
      this.#report({ kind: 'drained', connection });
    });
    socket.on('error', (error) =>
      this.#log.note('debug', 'listener', () => `connection ${connection}: ${error.message}`),
    );
    socket.on('close', () => {
      this.#streams.delete(connection);
      this.#report({ kind: 'closed', connection });
    });
  }

  #report(report: StreamReport): void {
    this.#reports?.tell(report);
  }
}
