import { existsSync, readFileSync } from 'node:fs';
import { pino } from 'pino';
import { type Log, milestoneTopic } from '../world/index.ts';

/**
 * Notes as JSON lines on the error stream, each with the name of the peer, from the level of SELFMAN_LOG on: warnings by default. Where a file that SELFMAN_DIE_AT names says the
 * beginning of a milestone, the process ends there at once, as by kill -9: tests see what a death just there leaves behind.
 */
export function makeLog(peer: string): Log {
  const logger = pino({ level: process.env['SELFMAN_LOG'] ?? 'warn', base: { peer } }, pino.destination(2));
  const marks = process.env['SELFMAN_DIE_AT'];
  return {
    note: (level, topic, text) => {
      if (marks !== undefined && topic === milestoneTopic) dieAt(marks, text());
      if (logger.isLevelEnabled(level)) logger[level]({ topic }, text());
    },
  };
}

/** Looked up each time: whoever tests says where to die while peers run. */
function dieAt(path: string, milestone: string): void {
  const mark = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  if (mark !== '' && milestone.startsWith(mark)) process.kill(process.pid, 'SIGKILL');
}
