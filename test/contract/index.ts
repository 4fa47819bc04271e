/** The contract of the world: suites that both worlds pass. */
import { describe } from 'vitest';
import type { Arena } from './arena.ts';
import { componentContract } from './components.ts';
import { ferryContract } from './ferry.ts';
import { listenerContract } from './listener.ts';
import { networkContract } from './network.ts';
import { sitesContract } from './sites.ts';
import { engineContract, journalContract } from './storage.ts';
import { timerContract } from './timer.ts';

export type { Arena, ArenaPeer, Run, StreamEars, StreamEnd } from './arena.ts';

/** Runs all suites over the arenas that `make` makes. */
export function worldContract(make: () => Promise<Arena>): void {
  describe('components', () => componentContract(make));
  describe('ferry', () => ferryContract(make));
  describe('rollouts over peers', () => sitesContract(make));
  describe('network', () => networkContract(make));
  describe('listener', () => listenerContract(make));
  describe('timer, clock and entropy', () => timerContract(make));
  describe('journal', () => journalContract(make));
  describe('engine', () => engineContract(make));
}
