import { describe, expect, test } from 'vitest';
import { Archipelago, type RootContext } from '../../test/archipelago.ts';
import { bytes, nothing, record, text, varint } from '../base/index.ts';
import {
  awakened,
  component,
  event,
  type Hearer,
  passivate,
  port,
  reference,
  type Supervision,
  state,
} from '../component/index.ts';
import { abroad, type Ferry, type Lost, offer, watchLoss } from './index.ts';
import { referencesMax } from './limits.ts';

const Counts = port('counts', {
  requests: {
    watch: event(record({ watcher: reference(varint) })),
    add: event(varint),
    /** Who wants to add later, alone. */
    lend: event(nothing),
    show: event(record({ watcher: reference(varint) })),
  },
  indications: {
    adder: event(record({ adder: reference(record({ number: varint, reply: reference(text) })) })),
    shown: event(record({ watcher: reference(varint) })),
  },
});

/** Counts, tells its watchers, and lends out what adds. */
const Counter = component('counter', {
  provides: { counts: Counts },
  setup: ({ provides: { counts }, ref }, { watcher }: { readonly watcher: Hearer<number> | undefined }) => {
    let count = 0;
    const watchers: Hearer<number>[] = watcher === undefined ? [] : [watcher];
    const add = (number: number): void => {
      count += number;
      for (const one of watchers) one.tell(count);
    };
    const adder = ref(({ number, reply }: { number: number; reply: Hearer<string> }) => {
      add(number);
      reply.tell(`it is ${count} now`);
    });
    counts.on.add(add);
    counts.on.watch((one) => watchers.push(one.watcher));
    counts.on.lend(() => counts.emit.adder({ adder }));
    counts.on.show(counts.emit.shown);
  },
});
const nobody = { watcher: undefined };
const noInit = { write: () => {}, read: () => nobody };
const counterInit = record({ watcher: reference(varint) });
const often: Supervision = { on: 'restart', restartsMax: 9, withinMs: 600_000 };

type Counting = ReturnType<typeof attach>;

function attach(context: RootContext, ferry: Ferry, to = 'b:7000') {
  const there = abroad(Counter, { ferry, to, init: noInit });
  return context.attach(context.create(there, nobody, { supervise: often }).provides.counts);
}

/** Peer b offers a counter, and peer a has one there. */
function pair(act: (context: RootContext, counts: Counting) => void, network = {}): Archipelago {
  return new Archipelago(
    {
      b: { offers: () => [offer(Counter, noInit)] },
      a: { act: (context, ferry) => act(context, attach(context, ferry)) },
    },
    network,
  );
}

describe('a reference that crosses to another peer', () => {
  test('is told there as it would be here, in order with all else', () => {
    const heard: number[] = [];
    const peers = pair(({ ref, onStart }, { emit }) => {
      onStart(() => {
        emit.watch({ watcher: ref((count: number) => heard.push(count)) });
        for (let i = 0; i < 100; i++) emit.add(1);
      });
    });
    peers.universe.runFor(1000);
    expect(heard).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(peers.faults()).toEqual([]);
  });

  test('may go along with the init, and be told from the set-up on', () => {
    const heard: number[] = [];
    const Eager = component('eager', {
      provides: { counts: Counts },
      setup: (_context, { watcher }: { readonly watcher: Hearer<number> }) => watcher.tell(7),
    });
    const peers = new Archipelago({
      b: { offers: () => [offer(Eager, counterInit)] },
      a: {
        act: ({ create, ref }, ferry) => {
          const there = abroad(Eager, { ferry, to: 'b:7000', init: counterInit });
          create(there, { watcher: ref((count: number) => heard.push(count)) });
        },
      },
    });
    peers.universe.runFor(1000);
    expect(heard).toEqual([7]);
  });

  test('may come from there, be told here, and be answered by another one', () => {
    const answers: string[] = [];
    const peers = pair(({ ref, onStart }, { on, emit }) => {
      on.adder(({ adder }) => adder.tell({ number: 5, reply: ref((answer: string) => answers.push(answer)) }));
      onStart(() => emit.lend());
    });
    peers.universe.runFor(1000);
    expect(answers).toEqual(['it is 5 now']);
  });

  test('is itself again when it comes back', () => {
    const back: unknown[] = [];
    let sent: unknown;
    const peers = pair(({ ref, onStart }, { on, emit }) => {
      const watcher = ref<number>(() => {});
      sent = watcher;
      on.shown((shown) => back.push(shown.watcher));
      onStart(() => {
        emit.show({ watcher });
        emit.show({ watcher });
      });
    });
    peers.universe.runFor(1000);
    expect(back).toEqual([sent, sent]);
    expect(back[0]).toBe(sent);
  });

  test('gets all, once and in order, over a network that loses and doubles, however much at once', () => {
    const heard: number[] = [];
    const bad = { lossProbability: 0.2, duplicateProbability: 0.2, latencyMs: 5, tailMs: 30 };
    const peers = pair(({ ref, onStart }, { emit }) => {
      onStart(() => {
        emit.watch({ watcher: ref((count: number) => heard.push(count)) });
        for (let i = 0; i < 5000; i++) emit.add(1);
      });
    }, bad);
    peers.universe.runFor(120_000, () => heard.length === 5000);
    expect(heard).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
    expect(peers.faults()).toEqual([]);
  });

  test('leads on over a third peer, and its loss is told along the way', () => {
    const answers: string[] = [];
    const losses: Lost[] = [];
    const kept: Hearer<{ number: number; reply: Hearer<string> }>[] = [];
    let add = (): void => {};
    /** Has a counter on peer c, and hands on what that lends. */
    const broker = (ferry: () => Ferry) =>
      component('broker', {
        provides: { counts: Counts },
        setup: (context) => {
          const { counts } = context.provides;
          const { on, emit } = attach(context as unknown as RootContext, ferry(), 'c:7000');
          on.adder(counts.emit.adder);
          counts.on.lend(() => emit.lend());
        },
      });
    const peers = new Archipelago({
      c: { offers: () => [offer(Counter, noInit)] },
      b: { offers: ({ ferry }) => [offer(broker(ferry), nothing)] },
      a: {
        act: (context, ferry) => {
          const there = abroad(
            broker(() => ferry),
            { ferry, to: 'b:7000', init: nothing },
          );
          const { on, emit } = context.attach(context.create(there, undefined, { supervise: often }).provides.counts);
          on.adder(({ adder }) => {
            kept.push(adder);
            watchLoss(
              adder,
              context.ref((lost: Lost) => losses.push(lost)),
            );
            add();
          });
          const reply = context.ref((answer: string) => answers.push(answer));
          add = () => kept[0]!.tell({ number: 5, reply });
          context.onStart(() => emit.lend());
        },
      },
    });
    peers.universe.runFor(1000);
    expect(answers).toEqual(['it is 5 now']);
    peers.hosts['c']!.kill();
    peers.universe.runFor(15_000);
    const reason = 'nothing was heard of c:7000 for 10000 ms';
    expect(losses).toEqual([{ kind: 'lost', peer: 'b:7000', reason, unconfirmed: 0 }]);
    add();
    peers.universe.runFor(1000);
    expect(answers.length).toBe(1);
  });

  test('is lost with its peer, and whoever watches it is told, with how much may not have come', () => {
    const losses: Lost[] = [];
    let adder: Hearer<{ number: number; reply: Hearer<string> }> | undefined;
    const peers = pair(({ ref, onStart }, { on, emit }) => {
      on.adder((lent) => {
        adder ??= lent.adder;
        watchLoss(
          adder,
          ref((lost: Lost) => losses.push(lost)),
        );
      });
      onStart(() => emit.lend());
    });
    peers.universe.runFor(1000);
    peers.hosts['b']!.kill();
    for (let i = 0; i < 3; i++) adder!.tell({ number: 1, reply: { tell: () => {} } });
    peers.universe.runFor(15_000);
    const reason = 'nothing was heard of b:7000 for 10000 ms';
    const loss = { kind: 'lost', peer: 'b:7000', reason, unconfirmed: 3 };
    expect(losses).toEqual([loss]);
    const late: Lost[] = [];
    watchLoss(adder!, { tell: (lost) => late.push(lost) });
    expect(late).toEqual([loss]);
  });

  test('of this peer is never lost', () => {
    const losses: Lost[] = [];
    watchLoss({ tell: () => {} }, { tell: (lost) => losses.push(lost) })();
    expect(losses).toEqual([]);
  });

  test('is forgotten when many came after it, and whoever holds it there is told', () => {
    const losses: string[] = [];
    const heard: number[] = [];
    const Keeper = component('keeper', {
      provides: { counts: Counts },
      setup: ({ provides: { counts } }) => {
        const held: Hearer<number>[] = [];
        counts.on.watch(({ watcher }) => {
          held.push(watcher);
          watchLoss(watcher, { tell: ({ reason }) => losses.push(`${held.indexOf(watcher)}: ${reason}`) });
        });
        counts.on.add((which) => held[which]!.tell(which));
      },
    });
    const peers = new Archipelago({
      b: { offers: () => [offer(Keeper, nothing)] },
      a: {
        act: (context, ferry) => {
          const { emit } = context.attach(
            context.create(abroad(Keeper, { ferry, to: 'b:7000', init: nothing })).provides.counts,
          );
          context.onStart(() => {
            for (let i = 0; i < referencesMax + 2; i++)
              emit.watch({ watcher: context.ref((which: number) => heard.push(which)) });
            for (const which of [0, 1, 2, referencesMax + 1]) emit.add(which);
          });
        },
      },
    });
    peers.universe.runFor(60_000, () => heard.length === 2);
    expect(losses).toEqual(['0: so many came after it', '1: so many came after it']);
    expect(heard).toEqual([2, referencesMax + 1]);
    expect(peers.faults()).toEqual([]);
  });

  test('goes along with a component that is moved with its state', () => {
    const heard: number[] = [];
    const preservation = { schema: varint, version: 1 };
    const Mover = component('mover', {
      provides: { counts: Counts },
      setup: ({ provides: { counts } }, { watcher }: { readonly watcher: Hearer<number> }) => {
        let count = 0;
        counts.on.add((number) => watcher.tell((count += number)));
        return state({ dump: () => count, load: (kept) => (count = kept) });
      },
    });
    /** A mover that goes on from where another one stopped. */
    const Moved = component('moved', {
      provides: { counts: Counts },
      setup: (context, { packet, watcher }: { readonly packet: Uint8Array; readonly watcher: Hearer<number> }) => {
        const going = awakened(Mover, packet, preservation);
        if (!going.ok) throw new Error(going.error);
        return going.value.setup(context, { watcher });
      },
    });
    const init = record({ packet: bytes, watcher: reference(varint) });
    let move = (): void => {};
    let add: (number: number) => void = () => {};
    const peers = new Archipelago({
      b: { offers: () => [offer(Moved, init)] },
      a: {
        act: (context, ferry) => {
          const watcher = context.ref((count: number) => heard.push(count));
          const mover = context.create(Mover, { watcher });
          const User = component('user', {
            requires: { counts: Counts },
            setup: ({ requires: { counts } }) => {
              add = (number) => counts.emit.add(number);
            },
          });
          context.connect(mover.provides.counts, context.create(User).requires.counts);
          move = () =>
            passivate(mover, preservation, (dormant) => {
              if (!dormant.ok) throw new Error(dormant.error);
              const there = abroad(Moved, { ferry, to: 'b:7000', init });
              dormant.value.moor(context.create(there, { packet: dormant.value.bytes, watcher }));
            });
        },
      },
    });
    peers.universe.runFor(100);
    add(1);
    peers.universe.runFor(100);
    move();
    add(2);
    peers.universe.runFor(500);
    add(3);
    peers.universe.runFor(500);
    expect(heard).toEqual([1, 3, 6]);
    expect(peers.faults()).toEqual([]);
  });
});
