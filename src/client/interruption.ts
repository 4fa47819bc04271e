import type { StoreError } from './storeError.ts';

/** Carries out of the body of a transaction why it cannot go on: an error, or that it is to begin again. Whoever runs the body catches it. */
export class Interruption {
  readonly why: StoreError | 'again';

  constructor(why: StoreError | 'again') {
    this.why = why;
  }
}
