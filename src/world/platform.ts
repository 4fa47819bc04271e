import type { Definition, Ports } from '../component/index.ts';
import type { Identity } from './identity.ts';
import type { Listener } from './listener.ts';
import type { Address, Links, Protocols } from './network.ts';
import type { Durability } from './storage.ts';
import type { World } from './world.ts';

/** The ports of a transport: one for each protocol, under the name that it has in the table, and `links`. */
export type TransportPorts<P extends Protocols> = { readonly [K in keyof P]: P[K]['port'] } & {
  readonly links: typeof Links;
};

// biome-ignore lint/complexity/noBannedTypes: a component that requires no ports has no port names, which is what {} says.
type Provider<P extends Ports> = Definition<P, {}, void>;

/**
 * What a world gives one peer for one run: its capabilities, and definitions of the components that provide the ports
 * of the outside. Both worlds give the same, so a peer is assembled the same way over either. Create each once.
 */
export interface Platform {
  readonly identity: Identity;
  /** Where this peer listens for other peers. */
  readonly address: Address;
  readonly world: World;
  transport<P extends Protocols>(protocols: P): Provider<TransportPorts<P>>;
  readonly listener: Provider<{ readonly listener: typeof Listener }>;
  readonly durability: Provider<{ readonly durability: typeof Durability }>;
}
