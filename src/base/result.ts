/** The world's failures are values: a result is either what was asked for, or a typed reason why not. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** A result that holds what was asked for. */
export function success<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

/** A result that holds the reason of a failure. */
export function failure<E>(error: E): Result<never, E> {
  return { ok: false, error };
}
