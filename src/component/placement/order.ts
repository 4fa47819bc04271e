/** What is said to a worker beside the events, and by it. */
export type Control =
  | { readonly kind: 'start' | 'stop' }
  /** There is something in the ring, or room in the other one. */
  | { readonly kind: 'work' | 'room' }
  /** The component failed, and nobody in the worker knew what to do about it. */
  | { readonly kind: 'fault'; readonly path: string; readonly event: string; readonly message: string };

/** What a worker is started with. */
export interface Order {
  readonly module: string;
  readonly name: string;
  readonly init: unknown;
  readonly hears: SharedArrayBuffer;
  readonly says: SharedArrayBuffer;
}
