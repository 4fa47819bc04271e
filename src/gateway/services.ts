import type { World } from '../world/index.ts';
import type { Client } from './client.ts';
import type { Cursors } from './cursors.ts';
import type { Figures } from './figures.ts';

/** Who this peer is, as INFO tells it. */
export interface Identity {
  readonly name: string;
  /** The version of the program. */
  readonly version: string;
  /** Where clients reach it: `host:port`. */
  readonly address: string;
  readonly platform: string;
  readonly processId: number;
}

/** What commands may look at besides their own client. */
export interface Services {
  readonly world: World;
  readonly identity: Identity;
  readonly figures: Figures;
  readonly cursors: Cursors;
  readonly clients: ReadonlyMap<number, Client>;
  /** Peers that this one believes alive. */
  peersAlive(): number;
  /** Closes the connection of a client. */
  disconnect(client: Client): void;
}
