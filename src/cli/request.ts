import { candidates, firstAnswer } from './ask.ts';
import { Exit } from './exit.ts';
import { unreachable } from './status.ts';

/** Which peers are asked: the one at that address, or those that have their folders there. */
export interface PeerFlags {
  readonly http?: string;
  readonly data: string;
}

/** Asks a peer for something, and prints what it says: exits with 1 where it is not done, with 2 where it was asked wrongly. */
export async function request(path: string, words: Record<string, string>, flags: PeerFlags): Promise<void> {
  const urls = candidates(flags.http, flags.data);
  const response = await firstAnswer(urls, `${path}?${new URLSearchParams(words)}`, 'POST');
  if (response === undefined) throw new Exit(3, unreachable(urls, flags.data));
  const text = (await response.text()).trim();
  if (!response.ok) throw new Exit(response.status === 400 ? 2 : 1, text);
  console.log(text);
}
