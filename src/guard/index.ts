/** Guard: catches simulated code that reaches for a clock, for randomness, for timers, promises, files or sockets. */
export { type Escape, escapeText, type Guarded, guarded } from './guard.ts';
