import { type Bytes, unreachable } from '../base/index.ts';
import { component, type Ref } from '../component/index.ts';
import { type ConnectionId, Listener } from './listener.ts';

/** What happens on the streams of clients. */
export type StreamReport =
  | { readonly kind: 'opened'; readonly connection: ConnectionId; readonly remote: string }
  | { readonly kind: 'data'; readonly connection: ConnectionId; readonly bytes: Bytes }
  | { readonly kind: 'congested'; readonly connection: ConnectionId; readonly waitingBytes: number }
  | { readonly kind: 'drained'; readonly connection: ConnectionId }
  | { readonly kind: 'closed'; readonly connection: ConnectionId };

/** The streams of clients as the component of the listener's port sees them. Calls for a closed one do nothing. */
export interface ClientStreams {
  listen(reports: Ref<StreamReport>): void;
  write(connection: ConnectionId, bytes: Bytes): void;
  /** A chunk of this stream was handled: what waits to be is bounded. */
  taken(connection: ConnectionId, bytes: number): void;
  close(connection: ConnectionId): void;
  pause(connection: ConnectionId): void;
  resume(connection: ConnectionId): void;
}

/** The listener's port of both worlds, over their streams. */
export function listenerOver(streams: ClientStreams) {
  return component('listener', {
    provides: { listener: Listener },
    setup: (context) => {
      const { on, emit } = context.provides.listener;
      on.write(({ connection, bytes }) => streams.write(connection, bytes));
      on.close(({ connection }) => streams.close(connection));
      on.pause(({ connection }) => streams.pause(connection));
      on.resume(({ connection }) => streams.resume(connection));
      const hear = (report: StreamReport): void => {
        switch (report.kind) {
          case 'opened':
            emit.opened(report);
            break;
          case 'data':
            streams.taken(report.connection, report.bytes.length);
            emit.data(report);
            break;
          case 'congested':
            emit.congested(report);
            break;
          case 'drained':
            emit.drained(report);
            break;
          case 'closed':
            emit.closed(report);
            break;
          default:
            unreachable(report);
        }
      };
      streams.listen(context.ref(hear));
    },
  });
}
