import { pino } from 'pino';
import type { Log } from '../world/index.ts';

/** Notes as JSON lines on the error stream, from the level of SELFMAN_LOG on: warnings by default. */
export function makeLog(): Log {
  const logger = pino({ level: process.env['SELFMAN_LOG'] ?? 'warn', base: null }, pino.destination(2));
  return {
    note: (level, topic, text) => {
      if (logger.isLevelEnabled(level)) logger[level]({ topic }, text());
    },
  };
}
