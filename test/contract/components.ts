import { expect, test } from 'vitest';
import { type Bytes, bytes, record, varint } from '../../src/base/index.ts';
import {
  ask,
  awakened,
  type Correlated,
  component,
  event,
  type InsideRequired,
  passivate,
  port,
  state,
} from '../../src/component/index.ts';
import { protocol } from '../../src/world/index.ts';
import { type Arena, type Run, until, within } from './arena.ts';

const Store = port('store', {
  requests: { get: event<{ key: string } & Correlated>() },
  indications: { value: event<{ value: string } & Correlated>() },
});

const Count = port('count', { requests: { add: event<number>() }, indications: { total: event<number>() } });
const counted = { schema: record({ total: varint }), version: 1 };

/** Adds up what it is told. */
const Counter = component('counter', {
  provides: { count: Count },
  setup: ({ provides: { count } }) => {
    let total = 0;
    count.on.add((number) => count.emit.total((total += number)));
    return state({ dump: () => ({ total }), load: (kept) => void ({ total } = kept) });
  },
});

const move = protocol('move', 1, bytes, { mayJoin: true });

/** What the component model promises over either world. */
export function componentContract(make: () => Promise<Arena>): void {
  test(
    'a question is answered, or ends in the time of its world and not before',
    within(make, async (arena) => {
      const heard: string[] = [];
      await arena.peer('a', (run) => askTwice(run, heard));
      await until(arena, () => heard.length === 2);
      expect(heard).toEqual(['known: its value', 'unknown: timeout, in time']);
    }),
  );

  test(
    'a component is brought to rest on one peer and goes on with its state on another',
    within(make, async (arena) => {
      const totals: string[] = [];
      const b = await arena.peer('b', (run) => void land(run, totals));
      let resend = (): void => {};
      await arena.peer('a', (run) => {
        resend = depart(run, totals, b.platform.address);
      });
      // The network may lose it, and may bring it twice.
      await until(arena, () => {
        resend();
        return totals.includes('b 42');
      });
      expect(totals).toEqual(['a 40', 'b 42']);
      expect(arena.faults).toEqual([]);
    }),
  );
}

function askTwice({ system, platform }: Run, heard: string[]): void {
  const { clock } = platform.world;
  const Forgetful = component('forgetful', {
    provides: { store: Store },
    setup: ({ provides: { store } }) =>
      store.on.get(({ key, correlation }) => {
        if (key === 'known') store.emit.value({ correlation, value: 'its value' });
      }),
  });
  const Asker = component('asker', {
    requires: { store: Store },
    setup: ({ requires: { store }, onStart }) => {
      const get = ask(store, 'get', 'value', { timeoutMs: 30 });
      const note = (key: string): void => {
        const startedMs = clock.monotonicMs();
        get({ key }, (outcome) => {
          const isInTime = clock.monotonicMs() - startedMs >= 30 - 1e-6;
          heard.push(
            `${key}: ${outcome.ok ? outcome.value.value : `${outcome.error.kind}${isInTime ? ', in time' : ''}`}`,
          );
        });
      };
      onStart(() => ['unknown', 'known'].forEach(note));
    },
  });
  const root = component('root', {
    setup: ({ create, connect }) => void connect(create(Forgetful).provides.store, create(Asker).requires.store),
  });
  system.create(root).start();
}

/** Counts to forty, brings the counter to rest, and sends it to `address` each time that the test asks for it. */
function depart({ system, platform }: Run, totals: string[], address: string): () => void {
  let sent = (): void => {};
  const root = component('root', {
    setup: (context) => {
      const counter = context.create(Counter);
      const { on, emit } = context.attach(counter.provides.count);
      on.total((total) => totals.push(`a ${total}`));
      const network = context.attach(context.create(platform.transport({ move })).provides.move);
      let packet: Bytes | undefined;
      const resend = context.ref(() => {
        if (packet !== undefined) network.emit.send({ to: address, message: packet });
      });
      sent = () => resend.tell(undefined);
      context.onStart(() => {
        emit.add(40);
        const rested = context.ref(() =>
          passivate(counter, counted, (outcome) => {
            if (outcome.ok) packet = outcome.value.bytes;
          }),
        );
        rested.tell(undefined);
      });
    },
  });
  system.create(root).start();
  return () => sent();
}

/** Awakens what arrives, once, and lets it count on. */
function land({ system, platform }: Run, totals: string[]): void {
  const root = component('root', {
    setup: (context) => {
      const network: InsideRequired<typeof move.port> = context.attach(
        context.create(platform.transport({ move })).provides.move,
      );
      let isHere = false;
      network.on.received(({ message }) => {
        if (isHere) return;
        isHere = true;
        const definition = awakened(Counter, message, counted);
        if (!definition.ok) throw new Error(definition.error);
        const { on, emit } = context.attach(context.create(definition.value).provides.count);
        on.total((total) => totals.push(`b ${total}`));
        emit.add(2);
      });
    },
  });
  system.create(root).start();
}
