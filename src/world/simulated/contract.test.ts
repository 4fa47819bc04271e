import { describe } from 'vitest';
import { type Arena, type ArenaPeer, type Run, worldContract } from '../../../test/contract/index.ts';
import type { Platform } from '../index.ts';
import { Universe } from './index.ts';

async function simulatedArena(): Promise<Arena> {
  const universe = new Universe({ seed: 11, trace: {} });
  const peer = async (name: string, boot: (run: Run) => void): Promise<ArenaPeer> => {
    const host = universe.addHost(name, boot);
    host.start();
    return {
      get platform(): Platform {
        return host.life!.platform;
      },
      connect: (ears) => universe.connect(host, ears),
      restart: async () => {
        host.kill();
        host.start();
      },
      stop: async () => host.kill(),
    };
  };
  return {
    peer,
    pass: async (ms) => universe.runFor(ms),
    get faults() {
      return universe.faults.map(({ fault }) => String(fault.error));
    },
    close: async () => undefined,
  };
}

describe('the simulated world keeps the contract', () => worldContract(simulatedArena));
