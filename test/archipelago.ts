import { must } from '../src/base/index.ts';
import { component, type System } from '../src/component/index.ts';
import { Ferry, ferryProtocol, type Offer } from '../src/ferry/index.ts';
import type { World } from '../src/world/index.ts';
import { type Life, type SimulatedHost, Universe } from '../src/world/simulated/index.ts';

/** What the root of a peer is given at its set-up. */
export type RootContext = Parameters<Parameters<typeof component>[1]['setup']>[0];

/** What one peer is made of. */
export interface Parts {
  readonly context: RootContext;
  readonly system: System;
  readonly world: World;
  /** To be called once the peer is set up. */
  readonly ferry: () => Ferry;
}

/** What one peer offers, and what it does once its ferry runs. */
export interface Part {
  readonly offers?: (parts: Parts) => readonly Offer[];
  readonly act?: (context: RootContext, ferry: Ferry, parts: Parts) => void;
}

/** Peers with a ferry each, over a simulated network. */
export class Archipelago {
  readonly universe: Universe;
  readonly hosts: Record<string, SimulatedHost> = {};

  constructor(parts: Readonly<Record<string, Part>>, network = {}) {
    this.universe = new Universe({ seed: 1, network });
    for (const [name, part] of Object.entries(parts)) {
      const host = this.universe.addHost(name, (life) => board(life, part));
      this.hosts[name] = host;
      host.start();
    }
  }

  faults(): readonly string[] {
    return this.universe.faults.map(({ host, fault }) => `${host}: ${(fault.error as Error).message}`);
  }
}

function board({ system, platform }: Life, { offers, act }: Part): void {
  const root = component('root', {
    setup: (context) => {
      let aboard: Ferry | undefined;
      const parts = { context, system, world: platform.world, ferry: () => must(aboard, () => 'no ferry yet') };
      const ferry = new Ferry(platform.world, offers?.(parts) ?? []);
      aboard = ferry;
      const transport = context.create(platform.transport({ ferry: ferryProtocol })).provides;
      context.attach(transport.links).emit.setSystem({ systemId: 'cafe'.repeat(4) });
      context.connect(transport.ferry, context.create(ferry.component).requires.network);
      act?.(context, ferry, parts);
    },
  });
  system.create(root).start();
}
