/** Ends the program with a code, and with a sentence for its user unless it is empty. */
export class Exit extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
