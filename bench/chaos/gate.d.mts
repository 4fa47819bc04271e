export class Gate {
  /** Runs `act` beside others, when nobody is alone. */
  beside(act: () => Promise<unknown>): Promise<void>;
  /** Runs `act` when nobody else is within, and keeps them out. */
  alone(act: () => Promise<unknown>): Promise<void>;
}
