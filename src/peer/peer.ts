import { failure, parse } from '../base/index.ts';
import {
  Atlas,
  type CellPolicy,
  type CellReport,
  type CellStatus,
  Cells,
  cellHint,
  cellProtocol,
  cellTopicPrefix,
  type MakeState,
} from '../cell/index.ts';
import { accessProtocol } from '../command/index.ts';
import { type Context, component, type InsideRequired, type Ref } from '../component/index.ts';
import { Gateway, type GatewayInit } from '../gateway/index.ts';
import { type Membership, Overlay, overlayProtocol, type View } from '../overlay/index.ts';
import { stateRanges } from '../state/index.ts';
import { Access, type EventualFigures, Router } from '../store/index.ts';
import type { Address, Platform } from '../world/index.ts';
import { Life, type PeerState } from './life.ts';
import { waitForLeavingMs } from './limits.ts';

export interface PeerInit {
  readonly platform: Platform;
  /** Where clients reach it; empty where they do not. */
  readonly redis: Address;
  readonly http: Address;
  /** What fails together with it; empty where nothing is known of it. */
  readonly zone: string;
  readonly host: string;
  /** Peers to join through. */
  readonly contacts: readonly Address[];
  readonly policy: CellPolicy;
  readonly makeState: MakeState;
  readonly gateway: Omit<GatewayInit, 'world'>;
  /** Counted by this peer, read by whoever wants to know. */
  readonly eventual: EventualFigures;
}

export const protocols = { overlay: overlayProtocol, cell: cellProtocol, access: accessProtocol } as const;

const provides = { access: Access, life: Life } as const;
type PeerContext = Context<typeof provides, Record<never, never>>;

/** One whole peer over either world: the same assembly runs in production and in the simulator. */
export const Peer = component('peer', {
  provides,
  setup: (context, init: PeerInit) => void new Assembly(context, init),
});

class Assembly {
  readonly #context: PeerContext;
  readonly #init: PeerInit;
  readonly #parts: Outside;
  readonly #membership: InsideRequired<typeof Membership>;
  readonly #cells = new Atlas();
  #view: View | undefined;
  #status: InsideRequired<typeof CellStatus> | undefined;
  #isLeaving = false;
  #isReady = false;

  constructor(context: PeerContext, init: PeerInit) {
    this.#context = context;
    this.#init = init;
    this.#parts = outside(context, init);
    const { overlay, durability } = this.#parts;
    this.#membership = context.attach(overlay.provides.membership);
    const { life } = context.provides;
    this.#membership.on.joined(({ systemId, isFounding }) => {
      this.#begin(isFounding);
      life.emit.joined({ systemId });
    });
    this.#membership.on.trouble((trouble) => life.emit.trouble(trouble));
    this.#membership.on.view((view) => {
      this.#view = view;
    });
    this.#membership.on.hint(({ topic, version, bytes }) => this.#learn(topic, version, bytes));
    context
      .attach(durability.provides.durability)
      .on.failed(({ reason }) => life.emit.ended({ kind: 'failed', reason }));
    life.on.leave(() => this.#leave());
    life.on.report(({ reply }) => this.#report(reply));
    life.on.pin((wish) => {
      if (this.#status !== undefined) this.#status.emit.pin(wish);
      else wish.reply.tell({ kind: 'refused', reason: 'this peer belongs to no system yet' });
    });
    life.on.rescue((wish) => {
      if (this.#status !== undefined) this.#status.emit.rescue(wish);
      else wish.reply.tell(failure('this peer belongs to no system yet'));
    });
    this.#serveClients();
  }

  /** The peer belongs to a system: what holds its cells begins. */
  #begin(genesis: boolean): void {
    const { platform, policy, makeState } = this.#init;
    const { connect } = this.#context;
    const { transport, durability, overlay } = this.#parts;
    const self = { id: idOf(platform), address: platform.address };
    const { world } = platform;
    const cells = this.#context.create(Cells, { world, self, genesis, makeState, stateRanges, policy });
    connect(transport.provides.cell, cells.requires.network);
    connect(transport.provides.access, cells.requires.access);
    connect(durability.provides.durability, cells.requires.durability);
    connect(overlay.provides.membership, cells.requires.membership);
    this.#status = this.#context.attach(cells.provides.status);
    this.#status.on.vacated(() => this.#goodbye());
    // The cells missed what the overlay told when it became a member.
    this.#membership.emit.repeat();
    this.#readyIfServing();
  }

  /** Clients are heard from the start: until a cell is known their commands wait, and are refused in words. */
  #serveClients(): void {
    const { connect, inner } = this.#context;
    const { transport, listener, overlay } = this.#parts;
    const { platform, eventual } = this.#init;
    const { world } = platform;
    const router = this.#context.create(Router, { world, address: platform.address, eventual });
    const gateway = this.#context.create(Gateway, { ...this.#init.gateway, world });
    connect(transport.provides.access, router.requires.network);
    connect(overlay.provides.membership, router.requires.membership);
    connect(router.provides.access, inner.provides.access);
    connect(listener.provides.listener, gateway.requires.listener);
    connect(router.provides.access, gateway.requires.access);
    connect(overlay.provides.membership, gateway.requires.membership);
  }

  #learn(topic: string, version: number, bytes: Uint8Array): void {
    if (!topic.startsWith(cellTopicPrefix)) return;
    const parsed = parse(cellHint, bytes);
    if (!parsed.ok) return;
    this.#cells.learn(parsed.value, version);
    this.#readyIfServing();
  }

  /** A peer that joins hears of cells before it is a member, and serves nobody until then. */
  #readyIfServing(): void {
    if (this.#isReady || this.#status === undefined || this.#cells.hints.length === 0) return;
    this.#isReady = true;
    this.#context.provides.life.emit.ready();
  }

  #leave(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#membership.emit.prepareToLeave();
  }

  /** No cell needs this peer any more. */
  #goodbye(): void {
    if (!this.#isLeaving) return;
    this.#membership.emit.leave();
    // The goodbye travels at the end of this turn; a moment later nobody waits for an answer of this peer.
    const ended = this.#context.ref(() =>
      this.#context.provides.life.emit.ended({ kind: 'left', reason: 'this peer has left its system' }),
    );
    this.#init.platform.world.timer.after(waitForLeavingMs, ended);
  }

  #report(reply: Ref<PeerState>): void {
    const tell = (replicas: readonly CellReport[]): void => {
      reply.tell({ view: this.#view, replicas, cells: this.#cells.hints });
    };
    if (this.#status === undefined) tell([]);
    else this.#status.emit.ask({ reply: this.#context.ref(tell) });
  }
}

type Outside = ReturnType<typeof outside>;

/** The components of the world, and the overlay over them. */
function outside(context: PeerContext, init: PeerInit) {
  const { platform, contacts, redis, http, zone, host } = init;
  const transport = context.create(platform.transport(protocols));
  const durability = context.create(platform.durability);
  const listener = context.create(platform.listener);
  const addresses = { address: platform.address, redis, http };
  const self = { id: idOf(platform), name: platform.identity.name, ...addresses, zone, host };
  const overlay = context.create(Overlay, { world: platform.world, self, contacts });
  context.connect(transport.provides.overlay, overlay.requires.network);
  context.connect(transport.provides.links, overlay.requires.links);
  context.connect(durability.provides.durability, overlay.requires.durability);
  return { transport, durability, listener, overlay };
}

/** Who a peer is: its name and the incarnation of its disk. */
function idOf({ identity }: Platform): string {
  return `${identity.name}#${identity.incarnation}`;
}
