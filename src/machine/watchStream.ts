import type { Bytes, Key } from '../base/index.ts';
import { bytesOfKey } from '../base/index.ts';
import type { Change, Watch } from '../client/index.ts';

/**
 * The changes of a watch as server-sent events: a browser, or anything else that reads them, comes back with the id of the last one
 * (`Last-Event-ID`) and goes on behind it. They are fetched as they are read.
 */
export function watchStream(watch: Watch<Bytes, Bytes>): ReadableStream<Uint8Array> {
  const changes = watch[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(`id: ${watch.token}\nevent: begun\ndata: {}\n\n`)),
    async pull(controller) {
      const { done, value } = await changes.next();
      if (done) return controller.close();
      // What no retry mends ends the stream; whoever reads it comes back, and is told in words.
      if (!value.ok) return controller.error(new Error(value.error.message));
      const { resume, ...change } = value.value;
      controller.enqueue(encoder.encode(`id: ${resume}\ndata: ${JSON.stringify(spelledChange(change))}\n\n`));
    },
    cancel: () => watch.close(),
  });
}

function spelledChange(change: Omit<Change<Bytes, Bytes>, 'resume'>): object {
  const one = change as Change<Bytes, Bytes>;
  switch (one.kind) {
    case 'put':
      return { kind: one.kind, ...spelled('key', one.key), ...spelled('value', one.value), version: one.version };
    case 'locked':
      return { kind: one.kind, ...spelled('key', one.key), by: one.by };
    case 'released':
      return { kind: one.kind, ...spelled('key', one.key) };
    case 'edited':
    case 'deleted':
    case 'expired':
      return { kind: one.kind, ...spelled('key', one.key), version: one.version };
    case 'cleared':
    case 'missed':
      return { kind: one.kind, ...spelledBound('from', one.bounds.from), ...spelledBound('to', one.bounds.to) };
  }
}

function spelledBound(name: string, bound: Key | undefined): object {
  return bound === undefined ? {} : spelled(name, bytesOfKey(bound));
}

/** Text as text, and what is none in base64 under another name, as in exported lines. */
function spelled(name: string, bytes: Bytes): object {
  const buffer = Buffer.from(bytes);
  const text = buffer.toString('utf8');
  return Buffer.from(text).equals(buffer) ? { [name]: text } : { [`${name}64`]: buffer.toString('base64') };
}
