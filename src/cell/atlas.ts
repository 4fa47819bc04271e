import { contains, type Key } from '../base/index.ts';
import type { CellHint } from './cellHint.ts';

/** What the leaders of cells have said last of theirs, as far as this peer has heard. */
export class Atlas {
  readonly #hints = new Map<string, { readonly hint: CellHint; readonly version: number }>();

  /** Of all cells that have not gone into others. */
  get hints(): readonly CellHint[] {
    return [...this.#hints.values()].map(({ hint }) => hint);
  }

  learn(hint: CellHint, version: number): void {
    const known = this.#hints.get(hint.cell);
    if (known !== undefined && known.version >= version) return;
    for (const { hint: other } of this.#hints.values()) {
      if (supersedes(hint, other)) this.#hints.delete(other.cell);
      else if (supersedes(other, hint)) return;
    }
    this.#hints.set(hint.cell, { hint, version });
  }

  get(cell: string): CellHint | undefined {
    return this.#hints.get(cell)?.hint;
  }

  /** The cell that ends where the key is. */
  below(key: Key): CellHint | undefined {
    for (const { hint } of this.#hints.values()) if (hint.to === key) return hint;
    return undefined;
  }
}

/**
 * Whether a cell has gone into another one: that holds, in a later epoch, the key with which it begins. A cell begins with the
 * same key for ever, and of two that held a key one after the other the later has the higher epoch.
 */
export function supersedes(
  { cell, epoch, from, to }: Pick<CellHint, 'cell' | 'epoch' | 'from' | 'to'>,
  other: Pick<CellHint, 'cell' | 'epoch' | 'from'>,
): boolean {
  return cell !== other.cell && epoch > other.epoch && contains({ from, to }, other.from);
}
