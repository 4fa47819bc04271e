import type { StatusReport } from '../api/index.ts';
import { assert, type Bytes, bytesOfText, failure, type Key, type Result } from '../base/index.ts';
import { type CellPolicy, Cells, checkpointBytes, type Loss, type PinReply, usualReplicas } from '../cell/index.ts';
import { bytes, bytesKey, json, Store, textKey, type Watch } from '../client/index.ts';
import type { Arrangement } from '../command/index.ts';
import { type Fault, System } from '../component/index.ts';
import { Figures } from '../gateway/index.ts';
import { EventualFigures } from '../store/index.ts';
import type { Log } from '../world/index.ts';
import { formatAddress, openPlatform, parseAddress, type RealPlatform } from '../world/real/index.ts';
import type { Arranger } from './arrangementRoutes.ts';
import type { DegreeKeeper } from './degreeRoutes.ts';
import { degreesIn, setDegree } from './degrees.ts';
import type { Ended } from './ended.ts';
import { writeNote } from './folderNote.ts';
import { FurtherSeats } from './furtherSeats.ts';
import { type HttpServer, serveHttp } from './httpServer.ts';
import {
  arrangeMsMax,
  handOnLookMs,
  handOnMsMax,
  leaveMsMax,
  mergeMsMax,
  pinMsMax,
  reportMsMax,
  splitMsMax,
} from './limits.ts';
import { makeLog } from './log.ts';
import { type CheckedOptions, checkOptions, isLoopback, type PeerOptions } from './options.ts';
import { outcomeOf } from './outcome.ts';
import { Reflection } from './reflection.ts';
import { type Hands, machineRoot } from './root.ts';
import { planSeats } from './seatPlan.ts';
import { StartError } from './startError.ts';
import { statusReport } from './statusReport.ts';
import { sentence, Trouble } from './trouble.ts';

/** A running peer: a part of the system, and the program's way into its store. */
export class Peer {
  /** The store with texts as keys and JSON as values; `store.as(keys, values)` sees it otherwise. */
  readonly store: Store<string, unknown>;
  /** Settles when the peer ends of itself: it left, its disk failed, or one of its further seats did. Never, where `stop` came first. */
  readonly ended: Promise<Ended>;
  readonly #options: CheckedOptions;
  readonly #platform: RealPlatform;
  readonly #system: System;
  readonly #hands: Hands;
  readonly #figures: Figures;
  readonly #eventual: EventualFigures;
  readonly #http: HttpServer | undefined;
  readonly #trouble: Trouble;
  readonly #seats: FurtherSeats;
  readonly #startedMs = performance.now();
  #isStopped = false;

  private constructor(parts: Parts) {
    this.#options = parts.options;
    this.#platform = parts.platform;
    this.#system = parts.system;
    this.#hands = parts.hands;
    this.#figures = parts.figures;
    this.#eventual = parts.eventual;
    this.#trouble = parts.trouble;
    this.#http = parts.http;
    this.#seats = parts.seats;
    this.store = new Store(parts.hands.bridge, textKey, json());
    this.ended = parts.trouble.ended.then(async (ended) => {
      if (ended.kind === 'left') this.#note({ hasLeft: true });
      await this.stop();
      return ended;
    });
  }

  /**
   * Starts a peer, and resolves when it serves: it has joined its system and knows a cell, and so have its further seats.
   * `progress` is told each step as a sentence. Rejects with a StartError whose message says what happened and what to do.
   */
  static async start(options: PeerOptions, progress: (text: string) => void = () => {}): Promise<Peer> {
    const checked = checkOptions(options);
    if (!checked.ok) throw new StartError(checked.error);
    const plan = planSeats(checked.value);
    if (!plan.ok) throw new StartError(plan.error);
    return begin(checked.value, plan.value, progress);
  }

  /** @internal Starts a further seat of a program, in the thread that is to be its own. */
  static startSeat(options: CheckedOptions, progress: (text: string) => void): Promise<Peer> {
    return begin(options, [], progress);
  }

  /** @internal */
  static of(parts: Parts): Peer {
    const peer = new Peer(parts);
    parts.reporter.report = () => peer.status();
    parts.reporter.leave = () => peer.leave();
    parts.reporter.split = (at) => peer.#split(at);
    parts.reporter.merge = (at) => peer.#merge(at);
    parts.reporter.arrange = (at, wish) => peer.#arrange(at, wish);
    parts.reporter.degrees = async () => degreesIn((await parts.hands.report()).cells);
    parts.reporter.setDegree = (prefix, replicas) => setDegree(parts.hands.bridge, prefix, replicas);
    parts.reporter.pin = (cell) => peer.#pin(cell);
    parts.reporter.rescue = (cell, consent) => parts.hands.rescue(cell, consent);
    parts.reporter.watch = (prefix, resume, locks) => peer.#watch(prefix, resume, locks);
    peer.#note({ hasLeft: false });
    return peer;
  }

  get name(): string {
    return this.#platform.identity.name;
  }

  /** Where it listens for peers: what others give as `join`. */
  get address(): string {
    return this.#platform.address;
  }

  /** Where Redis clients reach it; empty where they do not. */
  get redis(): string {
    return this.#platform.clientAddress ?? '';
  }

  get http(): string {
    return this.#http?.address ?? '';
  }

  get data(): string {
    return this.#options.data;
  }

  /** How this peer sees the system now. */
  async status(): Promise<StatusReport> {
    const state = await withTimeLimit(this.#hands.report(), reportMsMax);
    const { listen, redis, http } = this.#options;
    const policy = this.#system.query(Cells).first()?.attributes;
    const open = [listen, redis, http].some((one) => one !== undefined && !isLoopback(one.host));
    return statusReport({
      state,
      self: {
        id: `${this.name}#${this.#platform.identity.incarnation}`,
        name: this.name,
        address: this.address,
        redis: this.redis,
        http: this.http,
        data: this.data,
        processId: process.pid,
        uptimeMs: Math.round(performance.now() - this.#startedMs),
        isInsecure: open,
        memberDeadMs: policy?.memberDeadMs.get() ?? this.#options.memberDeadMs,
      },
      figures: this.#figures,
      eventual: this.#eventual,
      platform: this.#platform,
      events: this.#system.eventsHandled,
      troubles: this.#trouble.current,
    });
  }

  /** Hands over what it holds, leaves the system for good and stops. Its folder is of no more use. */
  async leave(): Promise<'left' | 'not yet'> {
    // Before it: once this one is gone the program cannot be started again, and what its seats held would be out of reach.
    if ((await this.#seats.leave()) === 'not yet') return 'not yet';
    this.#hands.leave();
    // Not `this.ended`: that waits for the HTTP server, which waits for the answer to whoever asked this.
    const ended = await withTimeLimit(this.#trouble.ended, leaveMsMax);
    return ended?.kind === 'left' ? 'left' : 'not yet';
  }

  async #split(at: Key): Promise<Result<unknown, string>> {
    return outcomeOf(await this.#hands.bridge.call({ kind: 'border', at }, splitMsMax), 'split');
  }

  async #merge(at: Key): Promise<Result<unknown, string>> {
    return outcomeOf(await this.#hands.bridge.call({ kind: 'merge', at }, mergeMsMax), 'been merged');
  }

  async #arrange(at: Key, wish: Arrangement): Promise<Result<unknown, string>> {
    return outcomeOf(await this.#hands.bridge.call({ kind: 'arrange', at, wish }, arrangeMsMax), 'done it');
  }

  async #watch(
    prefix: string,
    resume: string | undefined,
    locks: boolean,
  ): Promise<Result<Watch<Bytes, Bytes>, string>> {
    const query = { prefix: bytesOfText(prefix), locks, ...(resume === undefined ? {} : { resume }) };
    const watch = await this.store.as(bytesKey, bytes).watch(query);
    return watch.ok ? watch : failure(watch.error.message);
  }

  async #pin(cell: string): Promise<PinReply> {
    const pinning = this.#hands.pin(cell);
    const reply = await withTimeLimit(pinning, pinMsMax);
    if (reply !== undefined) return reply;
    // It may come yet, when nobody waits for it any more.
    void pinning.then((late) => late.kind === 'pinned' && late.pin.close());
    return { kind: 'refused', reason: `what it holds was not on the disk of its leader within ${pinMsMax / 1000} s` };
  }

  /** Stops the process's part. The peer stays a member of its system and comes back with its folder. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    await this.#seats.stop();
    await this.#handOn();
    this.#hands.stop();
    await this.#platform.close();
    await this.#http?.close();
  }

  /** Nobody else knows of the eventual writes that it owes. Clients may go on writing: so not for long. */
  async #handOn(): Promise<void> {
    for (const endMs = performance.now() + handOnMsMax; this.#eventual.owed > 0 && performance.now() < endMs; ) {
      await new Promise((resolve) => setTimeout(resolve, handOnLookMs));
    }
  }

  /** Leaves word in the folder for the tools of this machine. */
  #note(fate: { readonly hasLeft: boolean }): void {
    const { name, address, redis, http } = this;
    writeNote(this.data, { name, processId: process.pid, address, redis, http, ...fate });
  }
}

interface Foundation {
  readonly options: CheckedOptions;
  readonly platform: RealPlatform;
  readonly trouble: Trouble;
  readonly figures: Figures;
  readonly seats: FurtherSeats;
  readonly eventual: EventualFigures;
}

interface Parts extends Foundation {
  readonly system: System;
  readonly hands: Hands;
  readonly http: HttpServer | undefined;
  readonly reporter: LateReporter;
}

/** The HTTP server is there before the peer is: it reports what there is. */
interface LateReporter extends Arranger, DegreeKeeper {
  report(): Promise<StatusReport>;
  readonly reflection: Reflection;
  leave(): Promise<'left' | 'not yet'>;
  split(at: Key): Promise<Result<unknown, string>>;
  merge(at: Key): Promise<Result<unknown, string>>;
  pin(cell: string): Promise<PinReply>;
  rescue(cell: string, consent: string | undefined): Promise<Result<Loss, string>>;
  watch(prefix: string, resume: string | undefined, locks: boolean): Promise<Result<Watch<Bytes, Bytes>, string>>;
}

/** Opens the disk and the sockets, and starts the seats: all at once, because cells may lie on any of them, and the first may wait for those. */
async function begin(
  options: CheckedOptions,
  plan: readonly CheckedOptions[],
  progress: (text: string) => void,
): Promise<Peer> {
  const platform = await open(options, makeLog(options.name));
  progress(`Peer ${platform.identity.name} has opened ${options.data} and listens at ${platform.address}.`);
  const trouble = new Trouble(progress);
  const own = parseAddress(platform.address);
  assert(own.ok, () => `${platform.address} is where this peer listens`);
  const join = [own.value, ...options.join];
  const seats = new FurtherSeats(
    plan.map((seat) => ({ ...seat, join })),
    progress,
  );
  void seats.failed.then((reason) => trouble.end({ kind: 'failed', reason: sentence(reason) }));
  try {
    const eventual = new EventualFigures();
    return await assemble({ options, platform, trouble, figures: new Figures(), eventual, seats });
  } catch (thrown) {
    await seats.stop();
    await platform.close();
    throw thrown;
  }
}

async function open(options: CheckedOptions, log: Log): Promise<RealPlatform> {
  const { data, name, listen, redis } = options;
  const platform = await openPlatform({
    data,
    name,
    listen: formatAddress(listen),
    ...(redis === undefined ? {} : { clients: formatAddress(redis) }),
    log,
  });
  if (!platform.ok) throw new StartError(sentence(platform.error));
  return platform.value;
}

async function assemble(foundation: Foundation): Promise<Peer> {
  const { options, platform, trouble, figures, eventual } = foundation;
  const reporter: LateReporter = {
    report: () => Promise.reject(new Error('the peer is starting')),
    reflection: new Reflection(),
    leave: () => Promise.resolve('not yet'),
    split: () => Promise.resolve(failure('the peer is starting')),
    merge: () => Promise.resolve(failure('the peer is starting')),
    arrange: () => Promise.resolve(failure('the peer is starting')),
    degrees: () => Promise.reject(new Error('the peer is starting')),
    setDegree: () => Promise.resolve(failure('the peer is starting')),
    pin: () => Promise.resolve({ kind: 'refused', reason: 'the peer is starting' }),
    rescue: () => Promise.resolve(failure('the peer is starting')),
    watch: () => Promise.resolve(failure('the peer is starting')),
  };
  const http = options.http === undefined ? undefined : await serveHttp(options.http, reporter);
  if (http !== undefined && !http.ok) throw new StartError(http.error);
  const system = new System({
    scheduler: platform.scheduler,
    onFault: (fault) => platform.world.log.note('error', 'fault', () => describe(fault)),
    onHalt: (fault) => trouble.end({ kind: 'failed', reason: `A bug stopped this peer, at ${describe(fault)}` }),
  });
  reporter.reflection.open(system);
  const hands = machineRoot(system, {
    platform,
    figures,
    eventual,
    policy: policyOf(options),
    contacts: options.join.map(formatAddress),
    http: http?.value.address ?? '',
    zone: options.zone,
    host: options.host,
    joined: () => {},
    ready: () => trouble.isReady(),
    trouble: (reason, isFinal) => trouble.tell(reason, isFinal),
    ended: (ended) => trouble.end(ended),
  });
  const peer = Peer.of({ ...foundation, system, hands, http: http?.value, reporter });
  try {
    await Promise.race([Promise.all([trouble.ready, foundation.seats.ready]), peer.ended.then(failOnEnd)]);
  } catch (thrown) {
    await peer.stop();
    throw thrown;
  }
  return peer;
}

function failOnEnd(ended: Ended): never {
  throw new StartError(ended.kind === 'left' ? 'The peer left while it was starting.' : sentence(ended.reason));
}

function describe({ path, event, error }: Fault): string {
  return `${path}, ${event}: ${error instanceof Error ? error.message : String(error)}`;
}

function withTimeLimit<T>(promise: Promise<T>, limitMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

function policyOf(options: CheckedOptions): CellPolicy {
  const { reads, memberDeadMs, splitBytes, splitCommands, mergeBytes, scrubHours } = options;
  const never = Number.POSITIVE_INFINITY;
  const isAsked = splitBytes !== undefined || splitCommands !== undefined;
  const split = isAsked ? { bytes: splitBytes ?? never, commandsPerSecond: splitCommands ?? never } : undefined;
  const scrubEveryMs = scrubHours === undefined ? undefined : scrubHours * 3_600_000;
  const merge = mergeBytes === undefined ? undefined : { bytes: mergeBytes };
  return { replicas: usualReplicas, reads, memberDeadMs, checkpointBytes, split, merge, scrubEveryMs };
}
