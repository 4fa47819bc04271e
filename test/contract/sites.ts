import { expect, test } from 'vitest';
import { component, event, port, Rollout, type RolloutOutcome, Site, state } from '../../src/component/index.ts';
import { Ferry, ferryProtocol, type Offer, offerSite, siteAbroad } from '../../src/ferry/index.ts';
import { type Arena, type Run, until, within } from './arena.ts';

const Count = port('count', { requests: { add: event() }, indications: { total: event<number>() } });

const [Counter, NewCounter] = ([1, 2] as const).map((version) =>
  component('counter', {
    version,
    provides: { count: Count },
    setup: ({ provides: { count } }) => {
      let total = 0;
      count.on.add(() => count.emit.total((total += version)));
      return state({ dump: () => total, load: (kept: number) => void (total = kept) });
    },
  }),
);

/** A change of version in one running peer after the other, over either world's network. */
export function sitesContract(make: () => Promise<Arena>): void {
  test.each([
    { refuses: '', outcome: 'done', versions: ['2', '2'] },
    { refuses: 'c', outcome: 'undone', versions: ['1', '1'] },
  ])('a rollout over peers is $outcome, where $refuses refuses', ({ refuses, outcome, versions }) =>
    within(make, async (arena) => {
      const runs: Run[] = [];
      const outcomes: RolloutOutcome[] = [];
      const sites = ['b', 'c'];
      const addresses = new Map<string, string>();
      for (const name of sites) {
        const peer = await arena.peer(name, (run) => {
          runs.push(run);
          counts(run, name, name === refuses ? 'not here' : undefined);
        });
        addresses.set(name, peer.platform.address);
      }
      await arena.peer('a', (run) => changes(run, addresses, outcomes));
      await until(arena, () => outcomes.length === 1);
      expect(outcomes).toMatchObject([{ outcome }]);
      const counters = runs.flatMap(({ system }) => system.inventory().filter((one) => one.definition === 'counter'));
      expect(counters.map(({ version }) => version)).toEqual(versions);
      expect(arena.faults).toEqual([]);
    })(),
  );
}

function counts(run: Run, name: string, refusal: string | undefined): void {
  board(run, (context) => {
    context.create(Counter!);
    const init = { name, catalogue: [Counter!, NewCounter!], check: () => refusal };
    return [offerSite(context.create(Site, init))];
  });
}

function changes(run: Run, addresses: ReadonlyMap<string, string>, outcomes: RolloutOutcome[]): void {
  const { timer } = run.platform.world;
  board(
    run,
    () => [],
    (context, ferry) => {
      const rollout = context.create(Rollout, { after: (delayMs, notify) => timer.after(delayMs, notify) });
      for (const [name, address] of addresses) {
        const site = context.create(siteAbroad(ferry, address), undefined, { name });
        context.connect(site.provides.sites, rollout.requires.sites);
      }
      const { on, emit } = context.attach(rollout.provides.rollouts);
      on.ended((outcome) => outcomes.push(outcome));
      const plan = { number: 1, definition: 'counter', from: '1', to: '2', sites: [...addresses.keys()], soakMs: 20 };
      context.onStart(() => emit.start(plan));
    },
  );
}

type Context = Parameters<Parameters<typeof component>[1]['setup']>[0];

/** A peer with a ferry: what it offers, and what it does with it. */
function board(
  { system, platform }: Run,
  offers: (context: Context) => Offer[],
  act?: (context: Context, ferry: Ferry) => void,
): void {
  const root = component('root', {
    setup: (context) => {
      const ferry = new Ferry(platform.world, offers(context));
      const { links, ferry: network } = context.create(platform.transport({ ferry: ferryProtocol })).provides;
      context.attach(links).emit.setSystem({ systemId: 'cafe'.repeat(4) });
      context.connect(network, context.create(ferry.component).requires.network);
      act?.(context, ferry);
    },
  });
  system.create(root).start();
}
