/** Why a text is no path. */
export interface PathError {
  /** The character at which it stops being one, counted from 1. */
  readonly position: number;
  /** All of it in one sentence: the path, the position, what was expected there and what stands there. */
  readonly text: string;
}

/** Thrown inside `parsePath`, which makes it a value. */
export class PathSyntaxError extends Error {
  readonly error: PathError;

  constructor(error: PathError) {
    super(error.text);
    this.error = error;
  }
}

export interface Token {
  readonly kind: 'sign' | 'name' | 'number' | 'text' | 'end';
  readonly text: string;
  /** Where it begins, from 0. */
  readonly at: number;
}

const tokens =
  /\s*(?:(::|\/\/|\.\.|!=|<=|>=|[/.@[\]()|&\\=<>*])|([\p{L}_$][\p{L}\p{N}_$-]*\*?)|(-?\d+(?:\.\d+)?)|'([^']*)'|"([^"]*)")/uy;

/** The words and signs of a path, one after the other. */
export class PathReader {
  readonly #source: string;
  #token: Token;
  #end = 0;

  constructor(source: string) {
    this.#source = source;
    this.#token = this.#read();
  }

  get next(): Token {
    return this.#token;
  }

  /** What comes after the next one. */
  get afterNext(): Token {
    const [token, end] = [this.#token, this.#end];
    this.#token = this.#read();
    const after = this.#token;
    this.#token = token;
    this.#end = end;
    return after;
  }

  isAt(...signs: readonly string[]): boolean {
    return this.#token.kind === 'sign' && signs.includes(this.#token.text);
  }

  take(): Token {
    const token = this.#token;
    this.#token = this.#read();
    return token;
  }

  /** Goes past a sign if it stands here. */
  skip(sign: string): boolean {
    if (!this.isAt(sign)) return false;
    this.take();
    return true;
  }

  require(sign: string): void {
    if (!this.skip(sign)) this.refuse(sign);
  }

  refuse(expected: string, token: Token = this.#token): never {
    const position = token.at + 1;
    const found = token.kind === 'end' ? 'it ends' : `there is ${this.#source.slice(token.at, token.at + 20)}`;
    throw new PathSyntaxError({
      position,
      text: `${this.#source} at ${position}: expected ${expected}, and ${found}`,
    });
  }

  #read(): Token {
    const start = this.#end;
    tokens.lastIndex = start;
    const match = tokens.exec(this.#source);
    const rest = this.#source.slice(start);
    const at = start + (rest.length - rest.trimStart().length);
    if (match === null) {
      if (rest.trim() !== '') this.refuse('a name, a value or a sign', { kind: 'sign', text: '', at });
      return { kind: 'end', text: '', at: this.#source.length };
    }
    this.#end = tokens.lastIndex;
    const [, sign, name, number, single, double] = match;
    if (sign !== undefined) return { kind: 'sign', text: sign, at };
    if (name !== undefined) return { kind: 'name', text: name, at };
    if (number !== undefined) return { kind: 'number', text: number, at };
    return { kind: 'text', text: (single ?? double)!, at };
  }
}
