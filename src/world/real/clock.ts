import { performance } from 'node:perf_hooks';
import type { Clock } from '../index.ts';

export const realClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
