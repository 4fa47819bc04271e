/** Something that a client asked of one peer, and what it was answered. */
export interface Exchange<Call, Answer> {
  readonly client: number;
  readonly call: Call;
  /** The peer that was asked. */
  readonly via: string;
  readonly invokedMs: number;
  /** Infinity where no answer came: then it may have happened at any time since, or never. */
  readonly returnedMs: number;
  readonly answer: Answer | undefined;
}

/** One line for people: who asked what of whom, from when to when, and what came of it. */
export function exchangeText({ client, call, via, invokedMs, returnedMs, answer }: Exchange<unknown, unknown>): string {
  const outcome = answer === undefined ? 'unanswered' : JSON.stringify(answer);
  const span = `${invokedMs.toFixed(1)} .. ${returnedMs.toFixed(1)}`;
  return `${span}  client ${client}  ${JSON.stringify(call)} through ${via}  ${outcome}`;
}

/** A history as people read it. */
export function exchangesText(exchanges: readonly Exchange<unknown, unknown>[]): string {
  return exchanges.map((one) => `  ${exchangeText(one)}`).join('\n');
}
