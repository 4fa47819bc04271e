import { release } from 'node:os';
import type { Range, Result } from '../base/index.ts';
import type { CellPolicy, Loss, PinReply } from '../cell/index.ts';
import { type Bridge, BridgeComponent } from '../client/index.ts';
import { component, type Ref, type System } from '../component/index.ts';
import type { Figures } from '../gateway/index.ts';
import { Peer, type PeerState } from '../peer/index.ts';
import { makeState, type RowReader } from '../state/index.ts';
import type { EventualFigures } from '../store/index.ts';
import type { RealPlatform } from '../world/real/index.ts';
import type { Ended } from './ended.ts';
import { version } from './version.ts';

/** What the root is made of, and whom it tells. */
export interface RootInit {
  readonly platform: RealPlatform;
  readonly figures: Figures;
  readonly eventual: EventualFigures;
  readonly policy: CellPolicy;
  readonly contacts: readonly string[];
  readonly http: string;
  readonly zone: string;
  readonly host: string;
  readonly joined: (systemId: string) => void;
  readonly ready: () => void;
  readonly trouble: (reason: string, isFinal: boolean) => void;
  readonly ended: (ended: Ended) => void;
}

/** What holds a running root. */
export interface Hands {
  readonly bridge: Bridge;
  report(): Promise<PeerState>;
  pin(cell: string): Promise<PinReply>;
  rescue(cell: string, consent: string | undefined): Promise<Result<Loss, string>>;
  leave(): void;
  stop(): void;
}

/** Creates and starts the components of one peer on a real machine. */
export function machineRoot(system: System, init: RootInit): Hands {
  let bridge: Bridge | undefined;
  let leave: Ref<void> | undefined;
  let report: Ref<(state: PeerState) => void> | undefined;
  let rescue:
    | Ref<{ cell: string; consent: string | undefined; done: (loss: Result<Loss, string>) => void }>
    | undefined;
  let pin: Ref<{ cell: string; done: (reply: PinReply) => void }> | undefined;
  const root = component('root', {
    setup: (context) => {
      const peer = context.create(Peer, peerInit(init));
      const ends = context.create(BridgeComponent, {
        world: init.platform.world,
        hand: (made) => {
          bridge = made;
        },
      });
      context.connect(peer.provides.access, ends.requires.access);
      const life = context.attach(peer.provides.life);
      life.on.joined(({ systemId }) => init.joined(systemId));
      life.on.ready(init.ready);
      life.on.trouble(({ reason, isFinal }) => init.trouble(reason, isFinal));
      life.on.ended(({ kind, reason }) => init.ended(kind === 'left' ? { kind } : { kind, reason }));
      leave = context.ref(() => life.emit.leave());
      pin = context.ref(({ cell, done }) => life.emit.pin({ cell, reply: context.ref(done) }));
      rescue = context.ref(({ done, ...wish }) => life.emit.rescue({ ...wish, reply: context.ref(done) }));
      report = context.ref((done) => life.emit.report({ reply: context.ref(done) }));
    },
  });
  const handle = system.create(root);
  handle.start();
  return {
    bridge: bridge!,
    report: () => new Promise((done) => report!.tell(done)),
    pin: (cell) => new Promise((done) => pin!.tell({ cell, done })),
    rescue: (cell, consent) => new Promise((done) => rescue!.tell({ cell, consent, done })),
    leave: () => leave!.tell(),
    stop: () => handle.kill(),
  };
}

function peerInit({ platform, contacts, policy, http, zone, host, figures, eventual }: RootInit) {
  const redis = platform.clientAddress ?? '';
  return {
    platform,
    redis,
    http,
    zone,
    host,
    contacts,
    policy,
    makeState: (cell: string, range: Range, storage: RowReader) => makeState({ storage, cell, range }),
    eventual,
    gateway: {
      figures,
      identity: {
        name: platform.identity.name,
        version,
        address: redis,
        platform: `${process.platform} ${release()} ${process.arch}`,
        processId: process.pid,
      },
    },
  };
}
