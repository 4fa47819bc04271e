import { type Bytes, must, parseBy, Reader, type Result, type Schema, Writer } from '../base/index.ts';
import type { Hearer } from './ref.ts';

/** Where events leave a system for another peer: what stands there for that which means something here alone. */
export interface Border {
  /** Tells the askers of this system from those of all others. */
  readonly home: string;
  /** Writes what stands for a reference; those who have it there may tell it events of this schema. */
  writeReference(writer: Writer, hearer: Hearer<never>, event: Schema<unknown>): void;
  /** Reads what stands for a reference: somebody to tell events of this schema. */
  readReference(reader: Reader, event: Schema<unknown>): Hearer<unknown>;
}

class BorderWriter extends Writer {
  border: Border | undefined = undefined;
}

class BorderReader extends Reader {
  readonly border: Border;

  constructor(border: Border, bytes: Bytes) {
    super(bytes);
    this.border = border;
  }
}

const scratch = new BorderWriter();

/** The bytes of a value that crosses a border, as an exact copy. */
export function encodeAcross<T>(border: Border, schema: Schema<T>, value: T): Bytes {
  scratch.reset();
  scratch.border = border;
  schema.write(scratch, value);
  return scratch.take();
}

/** The value that came across a border, or why there is none. */
export function parseAcross<T>(border: Border, schema: Schema<T>, bytes: Bytes): Result<T, string> {
  return parseBy(schema, new BorderReader(border, bytes));
}

/** The border that is crossed now; undefined on the way to another thread, or to a disk. */
export function borderOf(stream: Writer | Reader): Border | undefined {
  return stream instanceof BorderWriter || stream instanceof BorderReader ? stream.border : undefined;
}

/**
 * How a reference is written that goes along with an event to another peer: `event(record({ reply: reference(text) }))`. What it
 * leads to is told events of the given schema from there, in order with all else that comes from that component.
 */
export function reference<E>(event: Schema<E>): Schema<Hearer<E>> {
  const known = event as Schema<unknown>;
  const crossed = (stream: Writer | Reader): Border =>
    must(
      borderOf(stream),
      () => 'a reference goes to other peers alone: nothing stands for it in a worker or on a disk',
    );
  return {
    write: (writer, hearer) => crossed(writer).writeReference(writer, hearer as Hearer<never>, known),
    read: (reader) => crossed(reader).readReference(reader, known) as Hearer<E>,
  };
}
