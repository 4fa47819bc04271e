import type { InventoryEntry } from '../component/index.ts';
import { candidates, firstAnswer } from './ask.ts';
import { Exit } from './exit.ts';
import { unreachable } from './status.ts';
import { table } from './words.ts';

interface ComponentsFlags {
  readonly json?: boolean;
  readonly http?: string;
  readonly data: string;
}

/** Prints the inventory of one peer. */
export async function components(flags: ComponentsFlags): Promise<void> {
  const urls = candidates(flags.http, flags.data);
  const response = await firstAnswer(urls, '/components');
  if (response === undefined) throw new Exit(3, unreachable(urls, flags.data));
  if (!response.ok) throw new Exit(3, (await response.text()).trim());
  const entries = (await response.json()) as readonly InventoryEntry[];
  console.log(flags.json ? JSON.stringify(entries, undefined, 2) : describe(entries));
}

function describe(entries: readonly InventoryEntry[]): string {
  const rows = entries.map(({ definition, version, count, speaksWith }) => {
    const partners = speaksWith.map((partner) => `${partner.definition} ${partner.version} (${partner.type})`);
    return [definition, version, String(count), [...new Set(partners)].join(', ')];
  });
  return table(['COMPONENT', 'VERSION', 'RUNNING', 'SPEAKS WITH'], rows);
}
