/** A peer could not start. The message is a sentence that says what happened and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
