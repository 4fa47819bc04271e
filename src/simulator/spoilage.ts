import type { SimulatedHost } from '../world/simulated/index.ts';

/** Which disk of a run spoils. One does, because damage may lie hidden for long, and the others must hold what it lost. */
export class Spoilage {
  readonly #isWhole: () => boolean;
  #weak: SimulatedHost | undefined;

  /** `isWhole` says whether the system has all its members in service: only then is it fair to destroy anything. */
  constructor(isWhole: () => boolean) {
    this.#isWhole = isWhole;
  }

  /** The host whose disk spoiled: it may do so again, but no other. */
  get weak(): SimulatedHost | undefined {
    return this.#weak;
  }

  /** Whether this host's disk may spoil now. */
  maySpoil(host: SimulatedHost): boolean {
    return (this.#weak ?? host) === host && this.#isWhole();
  }

  /** It did. */
  note(host: SimulatedHost): void {
    this.#weak = host;
  }

  /** Whether a disk may be replaced by an empty one now. */
  mayWipe(): boolean {
    return this.#weak === undefined && this.#isWhole();
  }
}
