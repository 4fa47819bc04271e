import { parentPort } from 'node:worker_threads';
import { runJob, type SeedJob } from './seedJob.ts';

/** Runs one seed after the other for the thread that started this one. */
parentPort!.on('message', (job: SeedJob) => parentPort!.postMessage(runJob(job)));
