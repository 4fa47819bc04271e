import { parentPort } from 'node:worker_threads';
import { runSeed, scenarios } from '../simulator/index.ts';

/** Runs one seed after the other for the thread that started this one. */
parentPort!.on('message', ({ scenario, seed }: { readonly scenario: string; readonly seed: number }) => {
  const chosen = scenarios.find(({ name }) => name === scenario)!;
  parentPort!.postMessage(runSeed(chosen, seed));
});
