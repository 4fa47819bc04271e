import { assert, type Bytes, MalformedError, parse, unreachable } from '../base/index.ts';
import { component, type Definition, type InsideProvided, type Ref } from '../component/index.ts';
import {
  type FrameStart,
  type FrameWriter,
  frameStart,
  MessageCursor,
  readSender,
  type Sender,
  systemIdOf,
  type WireSystem,
  wireSystem,
} from './frame.ts';
import { frameBytesGoal, messageBytesMax } from './limits.ts';
import { type Address, Links, type NetworkPort, noSystemId, type Protocol, type Protocols } from './network.ts';
import { Outbox } from './outbox.ts';
import type { TransportPorts } from './platform.ts';

/** A frame that came. Where the wire knows the sender, `at` is where the messages begin, else where the frame does. */
export interface ArrivedFrame {
  readonly kind: 'frame';
  /** The stream that it came on. */
  readonly link: number;
  readonly sender: Sender | undefined;
  readonly bytes: Bytes;
  readonly at: number;
  readonly end: number;
}

/** What the carrier of frames reports. */
export type WireReport =
  | ArrivedFrame
  | { readonly kind: 'up'; readonly address: Address }
  | { readonly kind: 'down'; readonly address: Address; readonly reason: string };

/** Carries frames: sockets in the real world, the simulated network in the other. It may lose, double and reorder. */
export interface Wire {
  /** Where this peer listens. */
  readonly address: Address;
  listen(reports: Ref<WireReport>): void;
  /** What was gathered is taken before this returns: it is gathered in again. */
  transmit(to: Address, start: FrameStart, messages: FrameWriter): void;
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
  #start: FrameStart;
  /** Who the last frame came from: often the next one does too. */
  #lastSender: Address = '';

  constructor(wire: Wire, links: InsideProvided<typeof Links>, atTurnEnd: (handler: () => void) => void) {
    this.#wire = wire;
    this.#links = links;
    this.#atTurnEnd = atTurnEnd;
    this.#start = frameStart(wireSystem(noSystemId), wire.address);
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
    this.#start = frameStart(wireSystem(systemId), this.#wire.address);
  }

  hear(report: WireReport): void {
    switch (report.kind) {
      case 'frame':
        this.#wire.taken(report.link, report.end - report.at);
        this.#receive(report);
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
    assert(mayJoin || !isNone(this.#start.system), () => `SYS-1: ${name} speaks before there is a system`);
    const writer = this.#writerOf(to);
    const saidIn = this.#saidIn;
    // The same message often goes to several peers in one turn: it is encoded once, while that frame is here.
    if (saidIn !== undefined && this.#said === message && this.#saidTag === tag && saidIn !== writer) {
      if (saidIn.lastBytes > 0) return writer.addLastOf(saidIn, tag);
    }
    writer.add(tag, schema, message);
    assert(writer.lastBytes <= messageBytesMax, () => `a message of ${name} has ${writer.lastBytes} bytes: too long`);
    this.#said = message;
    this.#saidTag = tag;
    this.#saidIn = writer;
  }

  #writerOf(to: Address): FrameWriter {
    const present = this.#outbox.find(to);
    if (present !== undefined) {
      if (this.#start.bytes.length + present.length >= frameBytesGoal) this.#transmit(to, present);
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

  readonly #transmit = (to: Address, writer: FrameWriter): void => this.#wire.transmit(to, this.#start, writer);

  #receive(frame: ArrivedFrame): void {
    try {
      if (frame.sender !== undefined) return this.#admit(frame, frame.sender, frame.at);
      const sender = readSender(frame.bytes, this.#lastSender);
      this.#lastSender = sender.from;
      this.#admit(frame, sender, sender.messagesAt);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#wire.reject(frame.link, error.message);
      this.#links.emit.refused({ address: '', reason: error.message });
    }
  }

  #admit(frame: ArrivedFrame, sender: Sender, messagesAt: number): void {
    const own = this.#start.system;
    const joiningOnly = isNone(sender.system) || isNone(own);
    if (joiningOnly || isSame(sender.system, own)) return this.#deliver(frame, sender.from, messagesAt, joiningOnly);
    const reason = `SYS-1: it belongs to system ${systemIdOf(sender.system)}, not to ${systemIdOf(own)}`;
    this.#links.emit.refused({ address: sender.from, reason });
  }

  #deliver({ link, bytes, end }: ArrivedFrame, from: Address, messagesAt: number, joiningOnly: boolean): void {
    let isRefused = false;
    const messages = new MessageCursor(bytes, messagesAt, end);
    while (messages.next()) {
      const route = this.#routes[messages.tag];
      if (route === undefined || (joiningOnly && !route.protocol.mayJoin)) {
        isRefused = true;
        continue;
      }
      const message = parse(route.protocol.schema, bytes, messages.at, messages.end);
      if (!message.ok) {
        this.#wire.reject(link, `${route.protocol.name}: ${message.error}`);
        return;
      }
      route.inside.emit.received({ from, message: message.value });
    }
    if (!isRefused) return;
    const reason = joiningOnly
      ? 'SYS-1: only joining passes between a peer with a system and one without'
      : 'unknown protocol';
    this.#links.emit.refused({ address: from, reason });
  }
}

function isNone(system: WireSystem): boolean {
  return system.high === 0 && system.low === 0;
}

function isSame(a: WireSystem, b: WireSystem): boolean {
  return a.high === b.high && a.low === b.low;
}
