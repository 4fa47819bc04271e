import { expect, test } from 'vitest';
import { component } from '../../src/component/index.ts';
import type { Timeout, World } from '../../src/world/index.ts';
import { type Arena, type Run, until, within } from './arena.ts';

/** Runs `story` in a component of a peer; `hear` makes references of that component. */
function withWorld(
  story: (world: World, hear: (handler: () => void) => Parameters<World['timer']['after']>[1]) => void,
) {
  return ({ system, platform }: Run): void => {
    const root = component('root', {
      setup: (context) => {
        context.onStart(() => story(platform.world, (handler) => context.ref<void>(handler)));
      },
    });
    system.create(root).start();
  };
}

/** What timers, clocks and entropy promise. */
export function timerContract(make: () => Promise<Arena>): void {
  test(
    'timers come in the order of their delays and never early',
    within(make, async (arena) => {
      const fired: { delayMs: number; tookMs: number }[] = [];
      const delays = [30, 10, 0, 20, 1, 15.5];
      await arena.peer(
        'a',
        withWorld(({ timer, clock }, hear) => {
          const started = clock.monotonicMs();
          for (const delayMs of delays) {
            const ref = hear(() => void fired.push({ delayMs, tookMs: clock.monotonicMs() - started }));
            timer.after(delayMs, ref);
          }
        }),
      );
      await until(arena, () => fired.length === delays.length);
      expect(fired.map(({ delayMs }) => delayMs)).toEqual(delays.toSorted((x, y) => x - y));
      for (const { delayMs, tookMs } of fired) expect(tookMs).toBeGreaterThanOrEqual(delayMs - 1e-6);
    }),
  );

  test(
    'a timer that was cancelled is never told, not even by another one that was due with it',
    within(make, async (arena) => {
      const fired: string[] = [];
      await arena.peer(
        'a',
        withWorld(({ timer }, hear) => {
          const cancelled = timer.after(
            5,
            hear(() => void fired.push('cancelled')),
          );
          cancelled.cancel();
          cancelled.cancel();
          const all: Timeout[] = [];
          const cancelOthers = hear(() => {
            fired.push('first');
            for (const timeout of all) timeout.cancel();
          });
          for (let i = 0; i < 10; i++) all.push(timer.after(10, cancelOthers));
          // All of them are due before any is told.
          timer.after(
            8,
            hear(() => busy(5)),
          );
          timer.after(
            40,
            hear(() => void fired.push('last')),
          );
        }),
      );
      await until(arena, () => fired.includes('last'));
      expect(fired).toEqual(['first', 'last']);
    }),
  );

  test(
    'the clocks go on, and entropy draws names that nobody else draws',
    within(make, async (arena) => {
      const names = new Set<string>();
      const clocks: number[] = [];
      const words: number[] = [];
      await arena.peer(
        'a',
        withWorld(({ clock, timer, entropy }, hear) => {
          for (let i = 0; i < 1000; i++) names.add(entropy.hex(16));
          for (let i = 0; i < 1000; i++) words.push(entropy.fraction());
          clocks.push(clock.monotonicMs(), clock.wallMs());
          timer.after(
            20,
            hear(() => void clocks.push(clock.monotonicMs(), clock.wallMs())),
          );
        }),
      );
      await until(arena, () => clocks.length === 4);
      expect(names.size).toBe(1000);
      expect([...names].every((name) => /^[0-9a-f]{16}$/.test(name))).toBe(true);
      expect(words.every((word) => word >= 0 && word < 1)).toBe(true);
      expect(words.reduce((sum, word) => sum + word, 0) / 1000).toBeGreaterThan(0.4);
      expect(clocks[2]! - clocks[0]!).toBeGreaterThanOrEqual(20 - 1e-6);
      expect(clocks[3]! - clocks[1]!).toBeGreaterThanOrEqual(18);
    }),
  );
}

/** Keeps a real peer busy for a while; in virtual time a turn takes none. */
function busy(durationMs: number): void {
  const end = performance.now() + durationMs;
  while (performance.now() < end);
}
