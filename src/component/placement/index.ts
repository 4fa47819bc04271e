/**
 * Placement: the same component in this thread or in a worker, by configuration. Events cross in batches through rings in
 * shared memory, written by the schemas that their port declares.
 */
export { type Placement, place } from './place.ts';
