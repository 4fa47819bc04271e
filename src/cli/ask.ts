import { Exit } from './exit.ts';
import { localPeers } from './localPeers.ts';

/** How long a peer may take to answer one question over HTTP. */
export const answerMsMax = 3_000;
/** How long it may take to do what it is asked. */
const workMsMax = 20_000;

/** The HTTP addresses to try: the one that is named, else those of the peers found below `data`. */
export function candidates(http: string | undefined, data: string): string[] {
  if (http !== undefined) return [urlOf(http)];
  return localPeers(data)
    .filter((peer) => !peer.hasLeft && peer.http !== '')
    .map((peer) => urlOf(peer.http));
}

export function urlOf(address: string): string {
  const text = /^https?:\/\//.test(address) ? address : `http://${address}`;
  try {
    return new URL(text).origin;
  } catch {
    throw new Exit(2, `${address} is no address: write it as http://host:port or host:port.`);
  }
}

/** The first answer to a question, or to a request; undefined where nobody answers. */
export async function firstAnswer(
  urls: readonly string[],
  path: string,
  method: 'GET' | 'POST' = 'GET',
): Promise<Response | undefined> {
  const patienceMs = method === 'GET' ? answerMsMax : workMsMax;
  for (const url of urls) {
    try {
      return await fetch(`${url}${path}`, { method, signal: AbortSignal.timeout(patienceMs) });
    } catch {
      // This one is not reachable: the next may be.
    }
  }
  return undefined;
}
