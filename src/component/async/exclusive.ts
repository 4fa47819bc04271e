import type { Context, OccupyOptions, Ports } from '../index.ts';

/** How long a promise may take, in milliseconds, before it counts as a fault. */
export type AsyncOptions = OccupyOptions;

/** What a promise's function may know of the component that waits for it. */
export interface Undertaking {
  /** The component was restarted or killed, or time was up: nobody waits any more. */
  readonly isOver: boolean;
  /** Calls `hook` if the component is restarted or killed meanwhile: the place to abort a request. */
  onDismissed(hook: () => void): void;
}

/**
 * A handler whose component handles no other event until the promise of `work` settles; what comes meanwhile waits, and
 * too much of it is a fault. `done` is given the result as the component's next event: what changes state or emits
 * belongs there, since it never runs for a set-up that is over. A rejection is a fault, at the event that began it.
 */
export function exclusive<E, T>(
  { occupy }: Pick<Context<Ports, Ports>, 'occupy'>,
  work: (event: E, undertaking: Undertaking) => Promise<T>,
  done: (result: T, event: E) => void = () => {},
  options: AsyncOptions = {},
): (event: E) => void {
  return (event) => {
    const occupation = occupy(work.name === '' ? 'a promise' : work.name, event, options);
    begin(() => work(event, occupation)).then(
      (result) => occupation.end(() => done(result, event)),
      (error) => occupation.fail(error),
    );
  };
}

/** What is thrown before there is a promise is a rejection too. */
export function begin<T>(work: () => Promise<T>): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
