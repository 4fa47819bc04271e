import { NumberedMap } from '../base/index.ts';

/** What is open of one order: a line of calls that are to look as if each was made when the one before was done. */
interface Line {
  lastWrite: number;
  /** Reads without an answer, by their numbers. */
  readonly reads: number[];
  /** Those of them whose answer came before that of an earlier one, and so was of no use. */
  overtaking: number[];
}

/**
 * Calls of one order that are under way to one cell together. Messages may be lost or turned away one by one, so a later
 * call may arrive before an earlier one: the cell leaves a write undone that comes before the one it must follow, and
 * the answer of a read that overtook another is asked for again.
 */
export class CallOrders {
  readonly #lines = new NumberedMap<Line>();

  /** A call begins; returns the open write that a write must follow, 0 where there is none. */
  begin(order: number, sequence: number, isRead: boolean): number {
    if (order === 0) return 0;
    let line = this.#lines.get(order);
    if (line === undefined) {
      line = { lastWrite: 0, reads: [], overtaking: [] };
      this.#lines.set(order, line);
    }
    if (isRead) {
      line.reads.push(sequence);
      return 0;
    }
    const after = line.lastWrite;
    line.lastWrite = sequence;
    return after;
  }

  /** Whether the answer to a read comes before that of an earlier one: then it does not count. */
  overtakes(order: number, sequence: number): boolean {
    const line = this.#lines.get(order);
    if (line === undefined || line.reads[0] === sequence) return false;
    line.overtaking.push(sequence);
    return true;
  }

  /** A call is over, one way or another; returns the reads that overtook it, which are to be asked again. */
  end(order: number, sequence: number, isRead: boolean): readonly number[] {
    const line = this.#lines.get(order);
    if (line === undefined) return [];
    let again: readonly number[] = [];
    if (isRead) {
      if (line.reads[0] === sequence) line.reads.shift();
      else line.reads.splice(line.reads.indexOf(sequence), 1);
      again = line.overtaking.filter((one) => one !== sequence);
      line.overtaking = [];
    } else if (line.lastWrite === sequence) {
      line.lastWrite = 0;
    }
    if (line.lastWrite === 0 && line.reads.length === 0) this.#lines.delete(order);
    return again;
  }
}
