import type { Bytes } from '../base/index.ts';
import { event, port } from '../component/index.ts';

/** A client's connection. Numbers are not used twice within a run. */
export type ConnectionId = number;

/** Byte streams of clients. Chunks come in order and are good only while the handler runs: copy what is kept. */
export const Listener = port('listener', {
  requests: {
    write: event<{ readonly connection: ConnectionId; readonly bytes: Bytes }>(),
    /** Closes after what was written before has been sent. */
    close: event<{ readonly connection: ConnectionId }>(),
    /** Back-pressure: no data comes from a paused connection until it is resumed. */
    pause: event<{ readonly connection: ConnectionId }>(),
    resume: event<{ readonly connection: ConnectionId }>(),
  },
  indications: {
    opened: event<{ readonly connection: ConnectionId; readonly remote: string }>(),
    data: event<{ readonly connection: ConnectionId; readonly bytes: Bytes }>(),
    /** More than `outputHighBytes` waits to be read by the client: write no more until `drained`. */
    congested: event<{ readonly connection: ConnectionId; readonly waitingBytes: number }>(),
    drained: event<{ readonly connection: ConnectionId }>(),
    closed: event<{ readonly connection: ConnectionId }>(),
  },
});
