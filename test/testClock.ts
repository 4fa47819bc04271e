/** Both clocks in the hands of a test. */
export class TestClock {
  wall = 1_000_000;
  monotonic = 0;

  wallMs(): number {
    return this.wall;
  }

  monotonicMs(): number {
    return this.monotonic;
  }

  pass(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }
}
