import { candidates, firstAnswer } from './ask.ts';
import { Exit } from './exit.ts';
import { unreachable } from './status.ts';

interface SplitFlags {
  readonly http?: string;
  readonly data: string;
}

/** Has a cell begin at a key. It may be asked again: a border that is there stays as it is. */
export async function split(key: string, flags: SplitFlags): Promise<void> {
  const urls = candidates(flags.http, flags.data);
  const response = await firstAnswer(urls, `/split?key=${encodeURIComponent(key)}`, 'POST');
  if (response === undefined) throw new Exit(3, unreachable(urls, flags.data));
  const text = (await response.text()).trim();
  if (!response.ok) throw new Exit(response.status === 400 ? 2 : 1, text);
  console.log(text);
}
