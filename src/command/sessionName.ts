/** The cell that a system begins with. */
export const firstCell = '1';

/**
 * A session belongs to one cell for ever: its name says which, so that what became of an operation can be asked by any
 * peer. Names of the first cell's are the random digits alone.
 */
export function sessionNameOf(cell: string, digits: string): string {
  return cell === firstCell ? digits : `${digits}.${cell}`;
}

/** The cell that a session belongs to. */
export function cellOfSession(session: string): string {
  const dot = session.indexOf('.');
  return dot < 0 ? firstCell : session.slice(dot + 1);
}
