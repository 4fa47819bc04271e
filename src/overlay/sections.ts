import { mix } from './hash.ts';
import { sections } from './limits.ts';

/**
 * What two peers compare before they tell each other anything: a number for each section of what they know, which
 * changes with every item in it and costs nothing to keep.
 */
export class Sections {
  readonly #digests = new Uint32Array(sections);
  #all = 0;

  /** One number for everything. */
  get digest(): number {
    return this.#all;
  }

  get digests(): readonly number[] {
    return [...this.#digests];
  }

  /** Puts an item in, or takes the same one out again. `place` names it, `state` says how it is. */
  toggle(place: number, state: number): void {
    const item = mix(place, state);
    const section = sectionOf(place);
    this.#digests[section] = (this.#digests[section]! ^ item) >>> 0;
    this.#all = (this.#all ^ item) >>> 0;
  }

  /** The sections that are not the same with the other peer. */
  different(others: readonly number[]): number[] {
    return others.flatMap((digest, section) => (digest === this.#digests[section] ? [] : [section]));
  }
}

export function sectionOf(place: number): number {
  return place % sections;
}
