import { parentPort } from 'node:worker_threads';
import { loadTrial, runTrial, type TrialJob, type Verdict } from './trialJob.ts';

/** Runs one seed after the other for the thread that started this one. */
parentPort!.on('message', async (job: TrialJob) => {
  const trial = await loadTrial(job.file);
  // Whoever sent the job has loaded it: here alone something else stands there now.
  if (!trial.ok) throw new Error(trial.error);
  const { exchanges: _, ...verdict } = runTrial(trial.value, job);
  parentPort!.postMessage(verdict satisfies Verdict);
});
