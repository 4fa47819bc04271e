/**
 * Async: handlers that return promises. Closed to pure rooms: what a promise does, and when, no seed decides. By default
 * a handler is exclusive, as in Kompact: nothing else happens in the component until its promise settles.
 */
export { type AsyncOptions, exclusive, type Undertaking } from './exclusive.ts';
export { type InterleaveOptions, interleaved } from './interleaved.ts';
