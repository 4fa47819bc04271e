import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Threads that do jobs: what they run, how many there are, and when no more jobs are given out. */
export interface Crew {
  readonly file: URL;
  /** One for each core where it is left out. */
  readonly threads?: number;
  readonly isEnough?: () => boolean;
}

/** Has threads of one kind do jobs one after the other; `done` is told what came of each. */
export async function overWorkers<Job, Outcome>(
  { file, threads = availableParallelism(), isEnough = () => false }: Crew,
  jobs: readonly Job[],
  done: (outcome: Outcome) => void,
): Promise<void> {
  let next = 0;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(file);
      const give = (): void => {
        const job = isEnough() ? undefined : jobs[next++];
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
  await Promise.all(Array.from({ length: Math.min(threads, jobs.length) }, work));
}
