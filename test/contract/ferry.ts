import { expect, test } from 'vitest';
import { nothing, varint } from '../../src/base/index.ts';
import { component, event, port } from '../../src/component/index.ts';
import { abroad, Ferry, ferryProtocol, offer } from '../../src/ferry/index.ts';
import { type Arena, type Run, until, within } from './arena.ts';

const Sums = port('sums', { requests: { add: event(varint) }, indications: { total: event(varint) } });

const Summer = component('summer', {
  provides: { sums: Sums },
  setup: ({ provides: { sums } }) => {
    let total = 0;
    sums.on.add((number) => sums.emit.total((total += number)));
  },
});

/** A component on another peer, over either world's network. */
export function ferryContract(make: () => Promise<Arena>): void {
  test(
    'a component on another peer gets all that it is told, and what it says comes back, once and in order',
    within(make, async (arena) => {
      const totals: number[] = [];
      const b = await arena.peer('b', (run) => board(run, undefined, totals));
      await arena.peer('a', (run) => board(run, b.platform.address, totals));
      await until(arena, () => totals.length === 3000);
      expect(totals).toEqual(Array.from({ length: 3000 }, (_, i) => i + 1));
      expect(arena.faults).toEqual([]);
    }),
  );
}

/** A peer with a ferry that offers a summer; with an address, it places one there and adds three thousand ones. */
function board({ system, platform }: Run, to: string | undefined, totals: number[]): void {
  const ferry = new Ferry(platform.world, [offer(Summer, nothing)]);
  const root = component('root', {
    setup: (context) => {
      const { links, ferry: network } = context.create(platform.transport({ ferry: ferryProtocol })).provides;
      context.attach(links).emit.setSystem({ systemId: 'cafe'.repeat(4) });
      context.connect(network, context.create(ferry.component).requires.network);
      if (to === undefined) return;
      const { on, emit } = context.attach(context.create(abroad(Summer, { ferry, to, init: nothing })).provides.sums);
      on.total((total) => totals.push(total));
      context.onStart(() => {
        for (let i = 0; i < 3000; i++) emit.add(1);
      });
    },
  });
  system.create(root).start();
}
