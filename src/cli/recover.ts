import { Exit } from './exit.ts';
import { chosen } from './leave.ts';

interface RecoverFlags {
  readonly http?: string;
  readonly name?: string;
  readonly data: string;
  readonly unsafe?: boolean;
  readonly loss?: string;
}

/** Says what going on without a majority would give up; does it where that was spelled out. */
export async function recover(cell: string, flags: RecoverFlags): Promise<void> {
  const { name, url } = chosen(flags);
  if (!flags.unsafe) {
    throw new Exit(2, 'This gives up acknowledged writes: read what operating.md says of it, then add --unsafe.');
  }
  const query = `cell=${encodeURIComponent(cell)}`;
  if (flags.loss === undefined) {
    const { lost, index, sentence } = JSON.parse(await asked(`${url}/recover?${query}`, 'GET')) as Loss;
    throw new Exit(1, `${describe(cell, name, lost, index)}\nIf that is what you want: --loss "${sentence}"`);
  }
  console.log(await asked(`${url}/recover?${query}&loss=${encodeURIComponent(flags.loss)}`, 'POST'));
}

interface Loss {
  readonly lost: readonly string[];
  readonly index: number;
  readonly sentence: string;
}

function describe(cell: string, name: string, lost: readonly string[], index: number): string {
  const others = lost.join(' and ');
  return [
    `Cell ${cell} would go on as peer ${name} has it, up to entry ${index} of its log.`,
    `Whatever ${others} acknowledged without it is gone for ever, and may have been seen by others.`,
    `${others} must never come back: destroy those folders first.`,
  ].join('\n');
}

async function asked(url: string, method: 'GET' | 'POST'): Promise<string> {
  const response = await fetch(url, { method }).catch(() => undefined);
  if (response === undefined) throw new Exit(3, `No peer answers at ${url}: start it first.`);
  const text = (await response.text()).trim();
  if (!response.ok) throw new Exit(1, text);
  return text;
}
