import type { Bytes } from '../../base/index.ts';
import type { Ref } from '../../component/index.ts';
import { type ClientStreams, type ConnectionId, connectionsMax, outputHighBytes, type StreamReport } from '../index.ts';

/** The client's side of a connection. */
export interface Connection {
  write(bytes: Bytes): void;
  end(): void;
  pause(): void;
  resume(): void;
  break(): void;
}

/** The connections of clients to one run of a peer. */
export class SimulatedStreams implements ClientStreams {
  readonly #connections = new Map<ConnectionId, Connection>();
  readonly #closing = new Set<ConnectionId>();
  #reports: Ref<StreamReport> | undefined;
  #last: ConnectionId = 0;

  get hasRoom(): boolean {
    return this.#reports !== undefined && this.#connections.size < connectionsMax;
  }

  listen(reports: Ref<StreamReport>): void {
    this.#reports = reports;
  }

  report(report: StreamReport): void {
    if (this.#connections.has(report.connection)) this.#reports?.tell(report);
  }

  open(client: Connection): ConnectionId {
    const connection = ++this.#last;
    this.#connections.set(connection, client);
    this.report({ kind: 'opened', connection, remote: `client-${connection}` });
    return connection;
  }

  /** Says whether the connection is congested now, and reports when that changes. */
  reportWaiting(connection: ConnectionId, waitingBytes: number, isCongested: boolean): boolean {
    if (!isCongested && waitingBytes > outputHighBytes) {
      this.report({ kind: 'congested', connection, waitingBytes });
      return true;
    }
    if (isCongested && waitingBytes === 0) {
      this.report({ kind: 'drained', connection });
      return false;
    }
    return isCongested;
  }

  write(connection: ConnectionId, bytes: Bytes): void {
    if (!this.#closing.has(connection)) this.#connections.get(connection)?.write(bytes);
  }

  /** A turn takes no virtual time, so nothing waits to be handled. */
  taken(): void {}

  /** The peer closes it: behind its last bytes the client's side ends, and then it is closed. */
  close(connection: ConnectionId): void {
    const client = this.#connections.get(connection);
    if (client === undefined || this.#closing.has(connection)) return;
    this.#closing.add(connection);
    client.end();
  }

  /** The stream is over. */
  closed(connection: ConnectionId): void {
    this.report({ kind: 'closed', connection });
    this.#connections.delete(connection);
    this.#closing.delete(connection);
  }

  pause(connection: ConnectionId): void {
    this.#connections.get(connection)?.pause();
  }

  resume(connection: ConnectionId): void {
    this.#connections.get(connection)?.resume();
  }

  /** The peer died: every client loses its connection. */
  break(): void {
    for (const client of this.#connections.values()) client.break();
    this.#connections.clear();
  }
}
