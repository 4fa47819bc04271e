import { must } from '../src/base/index.ts';
import { component } from '../src/component/index.ts';
import { Ferry, ferryProtocol, type Offer } from '../src/ferry/index.ts';
import { type Life, type SimulatedHost, Universe } from '../src/world/simulated/index.ts';

/** What the root of a peer is given at its set-up. */
export type RootContext = Parameters<Parameters<typeof component>[1]['setup']>[0];

/** What one peer offers, and what it does once its ferry runs. */
export interface Part {
  readonly offers?: (ferry: () => Ferry) => readonly Offer[];
  readonly act?: (context: RootContext, ferry: Ferry) => void;
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
  let ferry: Ferry | undefined;
  const aboard = new Ferry(platform.world, offers?.(() => must(ferry, () => 'no ferry yet')) ?? []);
  ferry = aboard;
  const root = component('root', {
    setup: (context) => {
      const transport = context.create(platform.transport({ ferry: ferryProtocol })).provides;
      context.attach(transport.links).emit.setSystem({ systemId: 'cafe'.repeat(4) });
      context.connect(transport.ferry, context.create(aboard.component).requires.network);
      act?.(context, aboard);
    },
  });
  system.create(root).start();
}
