import { performance } from 'node:perf_hooks';
import { failure, type Result, success } from '../../base/index.ts';
import type { Scheduler } from '../../component/index.ts';
import { type Address, durabilityOver, type Log, listenerOver, type Platform, transportOver } from '../index.ts';
import { realClock } from './clock.ts';
import { realEntropy } from './entropy.ts';
import { Folder } from './folder.ts';
import { RealStorage } from './storage.ts';
import { TcpStreams } from './streams.ts';
import { TcpWire } from './tcpWire.ts';
import { RealTimer } from './timer.ts';

/** Where a peer keeps its data, what it is called, and where it listens. */
export interface PlatformOptions {
  /** The folder of this peer's data. */
  readonly data: string;
  /** The name of a new peer; a known folder keeps its own. */
  readonly name: string;
  /** Where to listen for peers. Port 0 takes any. */
  readonly listen: Address;
  /** Where to listen for clients, if at all. */
  readonly clients?: Address;
  readonly log: Log;
}

/** A machine that one peer runs on. */
export interface RealPlatform extends Platform {
  readonly folder: Folder;
  /** Where it listens for clients. */
  readonly clientAddress: Address | undefined;
  /** What the peer's component system runs on: a turn handles what one look at the sockets and disks brought. */
  readonly scheduler: Scheduler;
  /** Frames that were not sent because too many waited for their peer. */
  readonly framesDropped: number;
  /** Ends it all: what was appended is written first. Stop the peer before. */
  close(): Promise<void>;
}

const scheduler: Scheduler = {
  nowMs: () => performance.now(),
  wake: (run) => void setImmediate(run),
  after: (delayMs, run) => void setTimeout(run, delayMs).unref(),
};

/** Opens the folder, the disk and the sockets of a peer, or says in a sentence why it cannot. */
export async function openPlatform(options: PlatformOptions): Promise<Result<RealPlatform, string>> {
  const opened: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).reverse()) await end();
  };
  const fail = async (reason: string): Promise<Result<never, string>> => {
    await close();
    return failure(reason);
  };

  const folder = Folder.open(options.data, options.name);
  if (!folder.ok) return fail(folder.error);
  opened.push(() => folder.value.close());
  const storage = await RealStorage.open(folder.value.path, Number.parseInt(folder.value.incarnation.slice(0, 8), 16));
  if (!storage.ok) return fail(storage.error);
  opened.push(() => storage.value.close());
  const wire = await TcpWire.open(options.listen, options.log);
  if (!wire.ok) return fail(wire.error);
  opened.push(() => wire.value.close());
  const streams = await TcpStreams.open(options.clients, options.log);
  if (!streams.ok) return fail(streams.error);
  opened.push(() => streams.value.closeAll());
  const timer = new RealTimer();
  opened.push(() => timer.close());

  const { log } = options;
  return success({
    identity: folder.value,
    folder: folder.value,
    address: wire.value.address,
    clientAddress: streams.value.address,
    world: { clock: realClock, timer, entropy: realEntropy(), storage: storage.value, log },
    transport: (protocols) => transportOver(wire.value, protocols),
    listener: listenerOver(streams.value),
    durability: durabilityOver(storage.value),
    scheduler,
    get framesDropped() {
      return wire.value.dropped;
    },
    close,
  });
}
