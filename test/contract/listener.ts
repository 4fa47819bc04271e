import { expect, test } from 'vitest';
import { bytesOfText, textOfBytes } from '../../src/base/index.ts';
import { component, type InsideRequired } from '../../src/component/index.ts';
import { type ConnectionId, Listener, outputHighBytes } from '../../src/world/index.ts';
import { type Arena, type ArenaPeer, type Run, type StreamEnd, until, within } from './arena.ts';

type Port = InsideRequired<typeof Listener>;

/** A peer's listener in the hands of a test. */
class Counter {
  readonly told: string[] = [];
  readonly received = new Map<ConnectionId, string>();
  #act!: (action: () => void) => void;
  #port!: Port;

  boot({ system, platform }: Run): void {
    const user = component('user', {
      requires: { listener: Listener },
      setup: (context) => {
        this.#port = context.requires.listener;
        const { on } = this.#port;
        on.opened(({ connection }) => void this.told.push(`opened ${connection}`));
        on.data(({ connection, bytes }) =>
          this.received.set(connection, (this.received.get(connection) ?? '') + textOfBytes(bytes)),
        );
        on.congested(({ connection }) => void this.told.push(`congested ${connection}`));
        on.drained(({ connection }) => void this.told.push(`drained ${connection}`));
        on.closed(({ connection }) => void this.told.push(`closed ${connection}`));
        const run = context.ref((action: () => void) => action());
        this.#act = (action) => run.tell(action);
      },
    });
    const root = component('root', {
      setup: (context) => {
        const { listener } = context.create(platform.listener).provides;
        context.connect(listener, context.create(user).requires.listener);
      },
    });
    system.create(root).start();
  }

  act(action: (port: Port) => void): void {
    this.#act(() => action(this.#port));
  }
}

/** A client that keeps what it hears. */
class Client {
  heard = '';
  heardBytes = 0;
  isClosed = false;
  readonly end: StreamEnd;

  constructor(peer: ArenaPeer) {
    this.end = peer.connect({
      data: (bytes) => {
        this.heardBytes += bytes.length;
        if (this.heard.length < 10_000) this.heard += textOfBytes(bytes);
      },
      closed: () => {
        this.isClosed = true;
      },
    });
  }
}

async function open(arena: Arena) {
  const counter = new Counter();
  const peer = await arena.peer('a', (run) => counter.boot(run));
  return { counter, peer };
}

/** What every listener promises. */
export function listenerContract(make: () => Promise<Arena>): void {
  test(
    'clients have streams of their own, in order both ways',
    within(make, async (arena) => {
      const { counter, peer } = await open(arena);
      const clients = [new Client(peer), new Client(peer)];
      for (const [i, client] of clients.entries()) {
        for (let line = 0; line < 50; line++) client.end.send(bytesOfText(`client ${i} line ${line}\n`));
      }
      const sent = (i: number) => Array.from({ length: 50 }, (_, line) => `client ${i} line ${line}\n`).join('');
      await until(arena, () => [...counter.received.values()].join('').length === sent(0).length + sent(1).length);
      expect([...counter.received.values()].sort()).toEqual([sent(0), sent(1)]);
      counter.act(({ emit }) => {
        for (const connection of counter.received.keys()) {
          emit.write({ connection, bytes: bytesOfText('one ') });
          emit.write({ connection, bytes: bytesOfText('two') });
        }
      });
      await until(arena, () => clients.every(({ heard }) => heard === 'one two'));
    }),
  );

  test(
    'a close comes behind what was written, and is told on both sides',
    within(make, async (arena) => {
      const { counter, peer } = await open(arena);
      const client = new Client(peer);
      client.end.send(bytesOfText('hello'));
      await until(arena, () => counter.received.get(1) === 'hello');
      counter.act(({ emit }) => {
        emit.write({ connection: 1, bytes: bytesOfText('goodbye') });
        emit.close({ connection: 1 });
        emit.write({ connection: 1, bytes: bytesOfText('never') });
      });
      await until(arena, () => client.isClosed && counter.told.includes('closed 1'));
      expect(client.heard).toBe('goodbye');
      const other = new Client(peer);
      await until(arena, () => counter.told.includes('opened 2'));
      other.end.close();
      await until(arena, () => counter.told.includes('closed 2'));
      counter.act(({ emit }) => emit.write({ connection: 2, bytes: bytesOfText('nobody') }));
      await arena.pass(5);
      expect(arena.faults).toEqual([]);
    }),
  );

  test(
    'a paused connection brings nothing until it is resumed',
    within(make, async (arena) => {
      const { counter, peer } = await open(arena);
      const client = new Client(peer);
      await until(arena, () => counter.told.includes('opened 1'));
      counter.act(({ emit }) => emit.pause({ connection: 1 }));
      await arena.pass(5);
      client.end.send(bytesOfText('later'));
      await arena.pass(30);
      expect(counter.received.size).toBe(0);
      counter.act(({ emit }) => emit.resume({ connection: 1 }));
      await until(arena, () => counter.received.get(1) === 'later');
    }),
  );

  test(
    'a client that does not read is told as congested, and as drained when it has read',
    within(make, async (arena) => {
      const { counter, peer } = await open(arena);
      const client = new Client(peer);
      await until(arena, () => counter.told.includes('opened 1'));
      client.end.stopReading();
      const chunk = new Uint8Array(outputHighBytes);
      let written = 0;
      await until(arena, () => {
        if (counter.told.includes('congested 1')) return true;
        counter.act(({ emit }) => emit.write({ connection: 1, bytes: chunk }));
        written += chunk.length;
        return false;
      });
      expect(counter.told).not.toContain('drained 1');
      client.end.startReading();
      await until(arena, () => counter.told.includes('drained 1'));
      await until(arena, () => client.heardBytes >= written);
    }),
  );
}
