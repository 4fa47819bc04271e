import { assert, type Bytes, parse, unreachable } from '../base/index.ts';
import { component, type Definition, type InsideProvided, type Ref } from '../component/index.ts';
import {
  type Frame,
  type FrameWriter,
  frameStart,
  parseFrame,
  systemIdOf,
  type WireSystem,
  wireSystem,
} from './frame.ts';
import { frameBytesGoal, messageBytesMax } from './limits.ts';
import { type Address, Links, type NetworkPort, noSystemId, type Protocol, type Protocols } from './network.ts';
import { Outbox } from './outbox.ts';
import type { TransportPorts } from './platform.ts';

/** What the carrier of frames reports. `link` names the stream that a frame came on. */
export type WireReport =
  | { readonly kind: 'frame'; readonly link: number; readonly bytes: Bytes }
  | { readonly kind: 'up'; readonly address: Address }
  | { readonly kind: 'down'; readonly address: Address; readonly reason: string };

/** Carries frames: sockets in the real world, the simulated network in the other. It may lose, double and reorder. */
export interface Wire {
  /** Where this peer listens. */
  readonly address: Address;
  listen(reports: Ref<WireReport>): void;
  transmit(to: Address, frame: Bytes): void;
  /** A frame of this stream was handled: what waits to be is bounded. */
  taken(link: number, bytes: number): void;
  /** What came on this stream cannot be read: it is closed, and nobody else notices. */
  reject(link: number, reason: string): void;
}

interface Route {
  readonly protocol: Protocol<unknown>;
  readonly inside: InsideProvided<NetworkPort<unknown>>;
}

/** The transport of both worlds: codec, gathering and the guard of SYS-1 are the same code over either wire. */
export function transportOver<P extends Protocols>(
  wire: Wire,
  protocols: P,
  // biome-ignore lint/complexity/noBannedTypes: it requires no ports, which is what {} says.
): Definition<TransportPorts<P>, {}, void> {
  const provides: Record<string, Protocol<unknown>['port'] | typeof Links> = { links: Links };
  for (const [name, { port }] of Object.entries(protocols)) {
    assert(name !== 'links', 'a protocol is called links: that name stands for the port of the links');
    provides[name] = port;
  }
  const definition = component('transport', {
    provides,
    setup: (context) => {
      const ports = context.provides as unknown as Record<string, InsideProvided<NetworkPort<unknown>>> & {
        readonly links: InsideProvided<typeof Links>;
      };
      const transport = new Transport(wire, ports.links, context.atTurnEnd);
      for (const [name, protocol] of Object.entries(protocols)) {
        transport.carry({ protocol, inside: ports[name]! }, context.ref);
      }
      ports.links.on.setSystem(({ systemId }) => transport.setSystem(systemId));
      wire.listen(context.ref((report: WireReport) => transport.hear(report)));
    },
  });
  // The table of ports is built at run time from `protocols`, whose type says the same.
  // biome-ignore lint/complexity/noBannedTypes: it requires no ports, which is what {} says.
  return definition as unknown as Definition<TransportPorts<P>, {}, void>;
}

class Transport {
  readonly #wire: Wire;
  readonly #links: InsideProvided<typeof Links>;
  readonly #atTurnEnd: (handler: () => void) => void;
  readonly #routes: (Route | undefined)[] = [];
  readonly #outbox = new Outbox();
  /** What was said last in this turn, under which tag, and where it stands. */
  #said: unknown;
  #saidTag = 0;
  #saidIn: FrameWriter | undefined;
  #system: WireSystem = wireSystem(noSystemId);
  #frameStart: Bytes;
  /** Who the last frame came from: often the next one does too. */
  #lastSender: Address = '';

  constructor(wire: Wire, links: InsideProvided<typeof Links>, atTurnEnd: (handler: () => void) => void) {
    this.#wire = wire;
    this.#links = links;
    this.#atTurnEnd = atTurnEnd;
    this.#frameStart = frameStart(this.#system, wire.address);
  }

  carry(route: Route, makeRef: (handler: (message: unknown) => void) => Ref<unknown>): void {
    const { protocol, inside } = route;
    const taken = this.#routes[protocol.tag];
    assert(taken === undefined, () => `tag ${protocol.tag} stands for ${taken?.protocol.name} and ${protocol.name}`);
    this.#routes[protocol.tag] = route;
    const own = this.#wire.address;
    const toSelf = makeRef((message) => inside.emit.received({ from: own, message }));
    inside.on.send(({ to, message }) => {
      if (to === own) toSelf.tell(message);
      else this.#send(protocol, to, message);
    });
  }

  setSystem(systemId: string): void {
    this.#flush();
    this.#system = wireSystem(systemId);
    this.#frameStart = frameStart(this.#system, this.#wire.address);
  }

  hear(report: WireReport): void {
    switch (report.kind) {
      case 'frame':
        this.#wire.taken(report.link, report.bytes.length);
        this.#receive(report.link, report.bytes);
        break;
      case 'up':
        this.#links.emit.up({ address: report.address });
        break;
      case 'down':
        this.#links.emit.down({ address: report.address, reason: report.reason });
        break;
      default:
        unreachable(report);
    }
  }

  #send({ name, tag, mayJoin, schema }: Protocol<unknown>, to: Address, message: unknown): void {
    assert(mayJoin || !isNone(this.#system), () => `SYS-1: ${name} speaks before there is a system`);
    const writer = this.#writerOf(to);
    const saidIn = this.#saidIn;
    // The same message often goes to several peers in one turn: it is encoded once, while that frame is here.
    if (saidIn !== undefined && this.#said === message && this.#saidTag === tag && saidIn !== writer) {
      if (saidIn.lastBytes > 0) return writer.addLastOf(saidIn, this.#frameStart, tag);
    }
    writer.add(this.#frameStart, tag, schema, message);
    assert(writer.lastBytes <= messageBytesMax, () => `a message of ${name} has ${writer.lastBytes} bytes: too long`);
    this.#said = message;
    this.#saidTag = tag;
    this.#saidIn = writer;
  }

  #writerOf(to: Address): FrameWriter {
    const present = this.#outbox.find(to);
    if (present !== undefined) {
      if (present.length >= frameBytesGoal) this.#wire.transmit(to, present.take());
      return present;
    }
    if (this.#outbox.isEmpty) this.#atTurnEnd(this.#flush);
    return this.#outbox.begin(to);
  }

  readonly #flush = (): void => {
    this.#said = undefined;
    this.#saidIn = undefined;
    this.#outbox.empty(this.#transmit);
  };

  readonly #transmit = (to: Address, writer: FrameWriter): void => this.#wire.transmit(to, writer.take());

  #receive(link: number, bytes: Bytes): void {
    const frame = parseFrame(bytes, this.#lastSender);
    if (!frame.ok) {
      this.#wire.reject(link, frame.error);
      this.#links.emit.refused({ address: '', reason: frame.error });
      return;
    }
    this.#lastSender = frame.value.from;
    const joiningOnly = isNone(frame.value.system) || isNone(this.#system);
    if (!joiningOnly && !isSame(frame.value.system, this.#system)) {
      const reason = `SYS-1: it belongs to system ${systemIdOf(frame.value.system)}, not to ${systemIdOf(this.#system)}`;
      this.#links.emit.refused({ address: frame.value.from, reason });
      return;
    }
    this.#deliver(link, bytes, frame.value, joiningOnly);
  }

  #deliver(link: number, bytes: Bytes, frame: Frame, joiningOnly: boolean): void {
    let isRefused = false;
    for (const { tag, at, end } of frame.messages) {
      const route = this.#routes[tag];
      if (route === undefined || (joiningOnly && !route.protocol.mayJoin)) {
        isRefused = true;
        continue;
      }
      const message = parse(route.protocol.schema, bytes, at, end);
      if (!message.ok) {
        this.#wire.reject(link, `${route.protocol.name}: ${message.error}`);
        return;
      }
      route.inside.emit.received({ from: frame.from, message: message.value });
    }
    if (!isRefused) return;
    const reason = joiningOnly
      ? 'SYS-1: only joining passes between a peer with a system and one without'
      : 'unknown protocol';
    this.#links.emit.refused({ address: frame.from, reason });
  }
}

function isNone(system: WireSystem): boolean {
  return system.high === 0 && system.low === 0;
}

function isSame(a: WireSystem, b: WireSystem): boolean {
  return a.high === b.high && a.low === b.low;
}
