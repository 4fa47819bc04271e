import { candidates, firstAnswer } from './ask.ts';
import { Exit } from './exit.ts';
import { unreachable } from './status.ts';

interface BorderFlags {
  readonly http?: string;
  readonly data: string;
}

/** Has a cell begin at a key. It may be asked again: a border that is there stays as it is. */
export function split(key: string, flags: BorderFlags): Promise<void> {
  return ask('/split', key, flags);
}

/** Has no cell begin at a key. It may be asked again, and goes on where it was. */
export function merge(key: string, flags: BorderFlags): Promise<void> {
  return ask('/merge', key, flags);
}

async function ask(path: string, key: string, flags: BorderFlags): Promise<void> {
  const urls = candidates(flags.http, flags.data);
  const response = await firstAnswer(urls, `${path}?key=${encodeURIComponent(key)}`, 'POST');
  if (response === undefined) throw new Exit(3, unreachable(urls, flags.data));
  const text = (await response.text()).trim();
  if (!response.ok) throw new Exit(response.status === 400 ? 2 : 1, text);
  console.log(text);
}
