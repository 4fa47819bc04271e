/**
 * Assertions guard against bugs, never against the world: a message that is malformed, a disk that is full or a peer
 * that lies is an ordinary value. A failed assertion stops the component it happens in, and it is seen to stop.
 */

/** Thrown by a failed assertion. Only the component runtime catches it, to turn it into a fault. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/**
 * Stops the component unless `condition` holds. Begin the message with the number of the invariant, if it has one.
 * Pass a function where the message is costly: it is called only when the assertion fails.
 */
export function assert(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new AssertionError(typeof message === 'string' ? message : message());
}

/** The value itself, which a bug alone could make absent. */
export function must<T>(value: T | undefined | null, message: string | (() => string)): T {
  if (value === undefined || value === null) {
    throw new AssertionError(typeof message === 'string' ? message : message());
  }
  return value;
}

/** Marks the branch that the type checker proves cannot be reached: a switch over kinds stays exhaustive. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable value: ${String((value as { kind?: string }).kind ?? value)}`);
}
