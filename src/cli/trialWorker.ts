import { parentPort } from 'node:worker_threads';
import { loadTrial, runTrial, type TrialJob } from './trialJob.ts';

/** Runs one seed after the other for the thread that started this one, which is told all that can be sent. */
parentPort!.on('message', async (job: TrialJob) => {
  const { exchanges: _, ...report } = runTrial(await loadTrial(job.file), job);
  parentPort!.postMessage(report);
});
