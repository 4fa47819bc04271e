import type { Ended } from './ended.ts';
import type { CheckedOptions } from './options.ts';

/** What the thread of a further seat is started with. */
export interface SeatTask {
  readonly options: CheckedOptions;
}

/** What a program tells the thread of a further seat. */
export type SeatOrder = { readonly kind: 'leave' } | { readonly kind: 'stop' };

/** What the thread of a further seat tells its program. After `refused` and `ended` it says nothing any more. */
export type SeatWord =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'ready'; readonly address: string; readonly redis: string; readonly http: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'notYetLeft' }
  | { readonly kind: 'ended'; readonly ended: Ended };
