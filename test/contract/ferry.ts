import { expect, test } from 'vitest';
import { nothing, record, varint } from '../../src/base/index.ts';
import {
  ask,
  component,
  correlation,
  event,
  type Hearer,
  openEvent,
  port,
  reference,
  subtype,
} from '../../src/component/index.ts';
import { abroad, Ferry, ferryProtocol, type Lost, type Offer, offer, watchLoss } from '../../src/ferry/index.ts';
import { type Arena, type Run, until, within } from './arena.ts';

type Context = Parameters<Parameters<typeof component>[1]['setup']>[0];

const Total = openEvent('total', event(record({ number: varint })));
const Even = subtype(Total, 'even', event(record({ half: varint })));
const Sums = port('sums', {
  requests: {
    add: event(varint),
    watch: event(record({ watcher: reference(varint) })),
    lend: event(nothing),
    get: event(record({ number: varint, correlation })),
  },
  indications: {
    total: Total,
    lent: event(record({ adder: reference(varint) })),
    got: event(record({ number: varint, correlation })),
  },
});

/** Adds, tells its watchers the totals, and lends out what adds. */
const Summer = component('summer', {
  provides: { sums: Sums },
  setup: ({ provides: { sums }, ref }) => {
    let total = 0;
    const watchers: Hearer<number>[] = [];
    const add = (number: number): void => {
      total += number;
      for (const one of watchers) one.tell(total);
      if (total % 2 === 0) sums.emit.total.of(Even)({ number: total, half: total / 2 });
      else sums.emit.total({ number: total });
    };
    const adder = ref(add);
    sums.on.add(add);
    sums.on.watch(({ watcher }) => watchers.push(watcher));
    sums.on.lend(() => sums.emit.lent({ adder }));
    sums.on.get(({ number, correlation: whose }) => sums.emit.got({ number: number + total, correlation: whose }));
  },
});

function placed(context: Context, ferry: Ferry, to: string) {
  const summer = context.create(abroad(Summer, { ferry, to, init: nothing }), undefined, {
    supervise: { on: 'destroy' },
  });
  const { on, emit } = context.attach(summer.provides.sums);
  return { summer, on, emit };
}

/** A component on another peer, over either world's network. */
export function ferryContract(make: () => Promise<Arena>): void {
  test(
    'a component on another peer gets all that it is told, and what it says comes back, once and in order',
    within(make, async (arena) => {
      const totals: number[] = [];
      const halves: number[] = [];
      const b = await arena.peer('b', (run) => board(run, [offer(Summer, nothing)]));
      await arena.peer('a', (run) =>
        board(run, [], (context, ferry) => {
          const { on, emit } = placed(context, ferry, b.platform.address);
          on.total(({ number }) => totals.push(number));
          on.total.of(Even)(({ half }) => halves.push(half));
          context.onStart(() => {
            for (let i = 0; i < 3000; i++) emit.add(1);
          });
        }),
      );
      await until(arena, () => totals.length === 3000);
      expect(totals).toEqual(Array.from({ length: 3000 }, (_, i) => i + 1));
      expect(halves).toEqual(Array.from({ length: 1500 }, (_, i) => i + 1));
      expect(arena.faults).toEqual([]);
    }),
  );

  test(
    'references lead from peer to peer and back, and questions are answered',
    within(make, async (arena) => {
      const heard: number[] = [];
      const answers: unknown[] = [];
      const b = await arena.peer('b', (run) => board(run, [offer(Summer, nothing)]));
      await arena.peer('a', (run) =>
        board(run, [], (context, ferry) => {
          const { summer, on, emit } = placed(context, ferry, b.platform.address);
          on.lent(({ adder }) => {
            for (let i = 0; i < 2000; i++) adder.tell(1);
          });
          context.onStart(() => {
            emit.watch({ watcher: context.ref((total: number) => heard.push(total)) });
            emit.lend();
          });
          const asker = context.create(Asker, answers);
          context.connect(summer.provides.sums, asker.requires.sums);
        }),
      );
      await until(arena, () => heard.length === 2000 && answers.length === 1);
      expect(heard).toEqual(Array.from({ length: 2000 }, (_, i) => i + 1));
      expect(answers).toEqual([expect.objectContaining({ ok: true })]);
      expect(arena.faults).toEqual([]);
    }),
  );

  test(
    'whoever holds a reference of another peer is told when it leads nowhere any more',
    within(make, async (arena) => {
      const losses: Lost[] = [];
      let end = (): void => {};
      const b = await arena.peer('b', (run) => board(run, [offer(Summer, nothing)]));
      await arena.peer('a', (run) =>
        board(run, [], (context, ferry) => {
          const { summer, on, emit } = placed(context, ferry, b.platform.address);
          on.lent(({ adder }) => {
            watchLoss(
              adder,
              context.ref((lost: Lost) => losses.push(lost)),
            );
            end = summer.kill;
          });
          context.onStart(() => emit.lend());
        }),
      );
      await until(arena, () => {
        end();
        return losses.length === 1;
      });
      expect(losses).toEqual([
        {
          kind: 'lost',
          peer: b.platform.address,
          reason: 'what came from there was killed or set up anew here',
          unconfirmed: 0,
        },
      ]);
    }),
  );
}

const Asker = component('asker', {
  requires: { sums: Sums },
  setup: ({ requires: { sums }, onStart }, answers: unknown[]) => {
    const get = ask(sums, 'get', 'got', { timeoutMs: 5000 });
    onStart(() => get({ number: 1 }, (answer) => answers.push(answer)));
  },
});

/** A peer with a ferry, and what it does with it. */
function board({ system, platform }: Run, offers: Offer[], act?: (context: Context, ferry: Ferry) => void): void {
  const ferry = new Ferry(platform.world, offers);
  const root = component('root', {
    setup: (context) => {
      const { links, ferry: network } = context.create(platform.transport({ ferry: ferryProtocol })).provides;
      context.attach(links).emit.setSystem({ systemId: 'cafe'.repeat(4) });
      context.connect(network, context.create(ferry.component).requires.network);
      act?.(context, ferry);
    },
  });
  system.create(root).start();
}
