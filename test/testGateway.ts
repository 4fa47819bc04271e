import {
  type Bytes,
  bytesOfText,
  concatBytes,
  encode,
  everything,
  parse,
  Random,
  textOfBytes,
} from '../src/base/index.ts';
import { batch, command, isRead, operationGroup, operationResult } from '../src/command/index.ts';
import { component, System } from '../src/component/index.ts';
import { type AdmissionPolicy, Figures, Gateway, type GatewayInit } from '../src/gateway/index.ts';
import { Membership } from '../src/overlay/index.ts';
import { type CellState, makeState } from '../src/state/index.ts';
import { Access, type Call, type Reply } from '../src/store/index.ts';
import { Listener, type World } from '../src/world/index.ts';
import { MemoryStorage } from './memoryStorage.ts';

const startMs = 1_700_000_000_000;
const session = 'test-session';
/** How long a leader keeps who waits for changes. */
const watchMs = 2_000;

/** How the next call fails: its reply is lost, it is lost itself, or it is refused. */
type Loss = 'none' | 'reply' | 'call' | 'refuse';

/** A gateway over one state without replication: what a client sends is answered when the test asks for replies. */
export class TestGateway {
  readonly figures = new Figures();
  loseNext: Loss = 'none';
  /** Replies of the store are kept until `release`. */
  isHolding = false;
  /** What the store was asked, in its order. */
  readonly calls: Call[] = [];
  readonly #held: (() => void)[] = [];
  readonly #admission: AdmissionPolicy | undefined;
  #nowMs = 0;
  #timers: { atMs: number; run: () => void }[] = [];
  readonly #system: System;
  readonly #clients = new Map<number, TestClient>();
  #wake: (() => void) | undefined;
  #emit!: {
    opened: (event: { connection: number; remote: string }) => void;
    data: (event: { connection: number; bytes: Bytes }) => void;
    congested: (event: { connection: number; waitingBytes: number }) => void;
    drained: (event: { connection: number }) => void;
    closed: (event: { connection: number }) => void;
  };
  #lastConnection = 0;

  constructor(admission?: AdmissionPolicy) {
    this.#admission = admission;
    this.#system = new System({
      scheduler: { nowMs: () => 0, wake: (run) => (this.#wake = run), after: () => {} },
      onFault: ({ error }) => {
        throw error;
      },
    });
    this.#system.create(this.#root()).start();
    this.settle();
  }

  connect(): TestClient {
    const connection = ++this.#lastConnection;
    const client = new TestClient(this, connection);
    this.#clients.set(connection, client);
    this.#emit.opened({ connection, remote: `127.0.0.1:${40_000 + connection}` });
    this.settle();
    return client;
  }

  data(connection: number, bytes: Bytes): void {
    this.#emit.data({ connection, bytes });
    this.settle();
    // What the gateway keeps it must have copied.
    bytes.fill(0xee);
  }

  /** Calls that wait for their reply. */
  get heldCalls(): number {
    return this.#held.length;
  }

  /** The store does one of the calls that wait, and replies. */
  release(index: number): void {
    this.#held.splice(index, 1)[0]?.();
    this.settle();
  }

  /** So much time passes, in steps. */
  pass(ms: number): void {
    for (const endMs = this.#nowMs + ms; this.#nowMs < endMs; ) {
      this.#nowMs = Math.min(endMs, this.#nowMs + 10);
      const due = this.#timers.filter(({ atMs }) => atMs <= this.#nowMs);
      this.#timers = this.#timers.filter(({ atMs }) => atMs > this.#nowMs);
      for (const { run } of due) run();
      this.settle();
    }
  }

  /** The client ends its connection. */
  hangUp(connection: number): void {
    this.#emit.closed({ connection });
    this.settle();
  }

  congest(connection: number, waitingBytes: number): void {
    this.#emit.congested({ connection, waitingBytes });
    this.settle();
  }

  drain(connection: number): void {
    this.#emit.drained({ connection });
    this.settle();
  }

  settle(): void {
    for (let run = this.#wake; run !== undefined; run = this.#wake) {
      this.#wake = undefined;
      run();
    }
  }

  #root() {
    const timer: World['timer'] = {
      after: (ms, ref) => {
        this.#timers.push({ atMs: this.#nowMs + ms, run: () => ref.tell() });
        return { cancel: () => undefined };
      },
    };
    const world = { ...makeWorld(), timer, clock: { wallMs: () => startMs, monotonicMs: () => this.#nowMs } };
    const listener = this.#listener();
    const access = this.#access();
    return component('test', {
      setup: (context) => {
        const identity = { name: 'a', version: '0.1.0', address: '127.0.0.1:6379', platform: 'Test', processId: 1 };
        const whole: GatewayInit = { world, identity, figures: this.figures };
        const admission = this.#admission;
        const gateway = context.create(Gateway, admission === undefined ? whole : { ...whole, admission });
        context.connect(context.create(listener).provides.listener, gateway.requires.listener);
        context.connect(context.create(access).provides.access, gateway.requires.access);
        context.connect(context.create(membership).provides.membership, gateway.requires.membership);
      },
    });
  }

  #listener() {
    return component('listener', {
      provides: { listener: Listener },
      setup: (context) => {
        const { on, emit } = context.provides.listener;
        this.#emit = emit;
        on.write(({ connection, bytes }) => this.#clients.get(connection)?.written.push(bytes));
        on.pause(({ connection }) => this.#pause(connection, true));
        on.resume(({ connection }) => this.#pause(connection, false));
        on.close(({ connection }) => {
          const client = this.#clients.get(connection);
          if (client !== undefined) client.isClosed = true;
          emit.closed({ connection });
        });
      },
    });
  }

  #pause(connection: number, isPaused: boolean): void {
    const client = this.#clients.get(connection);
    if (client !== undefined) client.isPaused = isPaused;
  }

  #access() {
    return component('access', {
      provides: { access: Access },
      setup: (context) => {
        const cell = new TestCell();
        let watching: Call[] = [];
        const tell = (call: Call, loss: Loss): void => {
          const reply = cell.take(call, loss);
          if (reply !== undefined) return call.reply.tell(reply);
          watching.push(call);
          this.#timers.push({ atMs: this.#nowMs + watchMs, run: () => release(call) });
        };
        /** As a leader does: who waits for changes is answered at last. */
        const release = (call: Call): void => {
          if (!watching.includes(call) || call.command.kind !== 'changes') return;
          watching = watching.filter((one) => one !== call);
          tell({ ...call, command: { ...call.command, waits: false } }, 'none');
        };
        context.provides.access.on.call((call) => {
          this.calls.push(call);
          const loss = this.loseNext;
          this.loseNext = 'none';
          const answer = (): void => {
            tell(call, loss);
            if (isRead(call.command)) return;
            const waiting = watching;
            watching = [];
            for (const one of waiting) tell(one, 'none');
          };
          if (this.isHolding) this.#held.push(answer);
          else answer();
        });
      },
    });
  }
}

const membership = component('membership', { provides: { membership: Membership }, setup: () => undefined });

/** A state whose log is the order of the calls. */
class TestCell {
  readonly #state: CellState = makeState({ storage: new MemoryStorage(), cell: '1', range: everything });
  #index = 0;
  #sequence = 0;

  constructor() {
    this.#apply(encode(command, { kind: 'openSession', openedMs: startMs }));
  }

  /** Undefined where somebody waits for a change that has not come. */
  take({ command: asked, tag }: Call, loss: Loss): Reply | undefined {
    if (loss === 'refuse') return { kind: 'refused', tag, reason: 'no leader is known' };
    const bytes = encode(command, asked);
    if (loss === 'call') return { kind: 'unknown', tag, operation: { session, sequence: this.#sequence++ } };
    const result = isRead(asked) ? this.#state.read(bytes, startMs) : this.#apply(bytes);
    if (loss === 'reply') return { kind: 'unknown', tag, operation: { session, sequence: this.#sequence - 1 } };
    if (result === 'needs change') return undefined;
    if (typeof result === 'string') throw new Error(`the read ${result}`);
    const parsed = parse(operationResult, result);
    if (!parsed.ok || parsed.value.kind !== 'done') throw new Error('the operation was not done');
    return { kind: 'done', tag, answer: parsed.value.answer };
  }

  #apply(asked: Bytes): Bytes {
    const operations = [{ sequence: this.#sequence++, after: 0, command: asked }];
    const group = encode(operationGroup, { session, acknowledgedBelow: 0, operations });
    const bytes = encode(batch, { timeMs: startMs, groups: [group] });
    return this.#state.apply({ epoch: 1, index: ++this.#index }, bytes)[0]!.results[0]!.result;
  }
}

/** A client of a test gateway. */
export class TestClient {
  isClosed = false;
  isPaused = false;
  written: Bytes[] = [];
  readonly #gateway: TestGateway;
  readonly connection: number;

  constructor(gateway: TestGateway, connection: number) {
    this.#gateway = gateway;
    this.connection = connection;
  }

  send(text: string): void {
    this.sendBytes(bytesOfText(text));
  }

  sendBytes(bytes: Bytes): void {
    this.#gateway.data(this.connection, bytes.slice());
  }

  /** What was written since the last call. */
  replyBytes(): Bytes {
    const bytes = concatBytes(this.written);
    this.written = [];
    return bytes;
  }

  replies(): string {
    return textOfBytes(this.replyBytes());
  }
}

function makeWorld(): World {
  const random = new Random(1);
  return {
    clock: { wallMs: () => startMs, monotonicMs: () => 0 },
    timer: { after: () => ({ cancel: () => undefined }) },
    entropy: random,
    storage: new MemoryStorage(),
    log: { note: () => undefined },
  };
}
