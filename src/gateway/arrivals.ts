interface Chunk {
  /** How many bytes had come with it. */
  readonly end: number;
  readonly atMs: number;
}

/** When the bytes of a connection came that are not understood yet. */
export class Arrivals {
  #chunks: Chunk[] = [];
  #end = 0;

  add(length: number, atMs: number): void {
    this.#end += length;
    this.#chunks.push({ end: this.#end, atMs });
  }

  /** When the last byte came that is understood by now, where so many wait behind it; forgets what came before. */
  take(waitingBytes: number): number {
    const understood = this.#end - waitingBytes;
    let at = 0;
    while (at < this.#chunks.length - 1 && this.#chunks[at]!.end < understood) at++;
    if (at > 0) this.#chunks.splice(0, at);
    return this.#chunks[0]?.atMs ?? 0;
  }
}
