import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Has threads of one kind, one for each core, do jobs one after the other; `done` is told what came of each. */
export async function overWorkers<Job, Outcome>(
  file: URL,
  jobs: readonly Job[],
  done: (outcome: Outcome) => void,
): Promise<void> {
  let next = 0;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(file);
      const give = (): void => {
        const job = jobs[next++];
        if (job !== undefined) return worker.postMessage(job);
        void worker.terminate();
        resolve();
      };
      worker.on('message', (outcome: Outcome) => {
        done(outcome);
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, work));
}

/** How far a long run is, for people: in place where they look, a line now and then where nobody does. */
export function showProgress(done: number, total: number, failed: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${total} seeds, ${failed} failed `);
  else if (done % 100 === 0 || done === total) console.error(`${done} of ${total} seeds, ${failed} failed`);
}
