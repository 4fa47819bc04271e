import { candidates } from './ask.ts';
import { Exit } from './exit.ts';
import { unreachable } from './status.ts';

interface WatchFlags {
  readonly http?: string;
  readonly data: string;
  readonly resume?: string;
  readonly locks?: boolean;
}

/** How long to rest before the next peer is tried, when one ends what it was telling. */
const restMs = 500;

/** Prints what changes, a line of JSON each, until it is stopped. It goes on through another peer where one ends. */
export async function watch(prefix: string | undefined, flags: WatchFlags): Promise<void> {
  const urls = candidates(flags.http, flags.data);
  const path = `/watch?prefix=${encodeURIComponent(prefix ?? '')}${flags.locks ? '&locks=1' : ''}`;
  let last = flags.resume;
  for (let failures = 0; failures < urls.length; ) {
    const url = urls[failures]!;
    const response = await open(`${url}${path}`, last);
    if (response === undefined) {
      failures++;
      continue;
    }
    if (!response.ok) throw new Exit(response.status === 400 ? 2 : 1, (await response.text()).trim());
    failures = 0;
    for await (const { id, event, data } of eventsOf(response)) {
      last = id;
      if (event === '') console.log(JSON.stringify({ ...JSON.parse(data), resume: id }));
    }
    urls.push(urls.shift()!);
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
  throw new Exit(3, unreachable(urls, flags.data));
}

/** A stream of events; undefined where the peer does not answer. */
async function open(url: string, last: string | undefined): Promise<Response | undefined> {
  try {
    return await fetch(url, last === undefined ? {} : { headers: { 'last-event-id': last } });
  } catch {
    return undefined;
  }
}

interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** The events of a stream, until it ends or breaks. */
async function* eventsOf({ body }: Response): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of body ?? []) {
      rest += decoder.decode(chunk, { stream: true });
      const events = rest.split('\n\n');
      rest = events.pop()!;
      for (const text of events) yield parsed(text);
    }
  } catch {
    // The peer is gone: another one tells the rest.
  }
}

function parsed(text: string): ServerSentEvent {
  const fields = new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
  );
  return { id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: fields.get('data') ?? '{}' };
}
