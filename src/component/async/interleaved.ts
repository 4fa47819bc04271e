import { assert } from '../../base/index.ts';
import type { Context, Occupation, Ports } from '../index.ts';
import { begin } from './exclusive.ts';
import { underWayMax } from './limits.ts';

/** How much a component does side by side. */
export interface InterleaveOptions {
  /** How many promises may be under way at once; by default 1024. Events that find as many wait. */
  readonly underWayMax?: number;
}

/**
 * A handler that lets other events be handled while its promise is under way. Results come back as events, in the order in
 * which the promises settle; those of a set-up that is over are dropped. To be called at set-up.
 */
export function interleaved<E, T>(
  { occupy, ref }: Pick<Context<Ports, Ports>, 'occupy' | 'ref'>,
  work: (event: E) => Promise<T>,
  done: (result: T, event: E) => void = () => {},
  options: InterleaveOptions = {},
): (event: E) => void {
  const most = options.underWayMax ?? underWayMax;
  assert(most > 0, 'a handler needs at least one promise under way');
  let underWay = 0;
  let wait: Occupation | undefined;
  const settled = (): void => {
    underWay--;
    wait?.end(() => {});
    wait = undefined;
  };
  const resolved = ref<{ result: T; event: E }>(({ result, event }) => done(result, event));
  const rejected = ref<unknown>((error) => {
    throw error;
  });
  return (event) => {
    if (++underWay === most) wait = occupy(`${most} promises`, event);
    begin(() => work(event)).then(
      (result) => {
        resolved.tell({ result, event });
        settled();
      },
      (error) => {
        rejected.tell(error);
        settled();
      },
    );
  };
}
