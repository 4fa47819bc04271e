import type { NodeReport, NodesReport } from '../api/index.ts';
import type { InventoryEntry } from '../component/index.ts';
import { candidates, firstAnswer } from './ask.ts';
import { Exit } from './exit.ts';
import { unreachable } from './status.ts';
import { table } from './words.ts';

export interface ComponentsFlags {
  readonly json?: boolean;
  readonly http?: string;
  readonly data: string;
}

/** Prints the inventory of one peer, or what a path through its components leads to. */
export async function components(path: string | undefined, flags: ComponentsFlags): Promise<void> {
  const query = path === undefined ? '' : `?${new URLSearchParams({ path })}`;
  const answer = await answerTo(`/components${query}`, 'GET', flags);
  const known = (await answer.json()) as readonly InventoryEntry[] | NodesReport;
  if (flags.json) console.log(JSON.stringify(known, undefined, 2));
  else console.log('nodes' in known ? nodesTable(known) : inventoryTable(known));
}

/** Sets the attributes that a path leads to, at one peer. */
export async function setAttributes(path: string, value: string, flags: ComponentsFlags): Promise<void> {
  const answer = await answerTo(`/components?${new URLSearchParams({ path, value })}`, 'POST', flags);
  const { set } = (await answer.json()) as { readonly set: number };
  console.log(`Set ${set === 1 ? 'one attribute' : `${set} attributes`} to ${value}, until the peer is started again.`);
}

async function answerTo(path: string, method: 'GET' | 'POST', flags: ComponentsFlags): Promise<Response> {
  const urls = candidates(flags.http, flags.data);
  const response = await firstAnswer(urls, path, method);
  if (response === undefined) throw new Exit(3, unreachable(urls, flags.data));
  if (!response.ok) throw new Exit(response.status === 400 ? 2 : 3, (await response.text()).trim());
  return response;
}

function inventoryTable(entries: readonly InventoryEntry[]): string {
  const rows = entries.map(({ definition, version, count, speaksWith }) => {
    const partners = speaksWith.map((partner) => `${partner.definition} ${partner.version} (${partner.type})`);
    return [definition, version, String(count), [...new Set(partners)].join(', ')];
  });
  return table(['COMPONENT', 'VERSION', 'RUNNING', 'SPEAKS WITH'], rows);
}

function nodesTable({ found, nodes }: NodesReport): string {
  if (found === 0) return 'Nothing is there.';
  const rows = nodes.map((node) => [
    node.path || '/',
    node.type ?? '',
    node.state ?? '',
    waitingOf(node),
    valuesOf(node),
  ]);
  const whole = table([nodes[0]!.kind.toUpperCase(), 'TYPE', 'STATE', 'WAITING', 'VALUES'], rows);
  return found > nodes.length ? `${whole}\n... and ${found - nodes.length} more` : whole;
}

function waitingOf({ waiting }: NodeReport): string {
  return waiting === undefined ? '' : String(waiting);
}

function valuesOf({ value, attributes = {} }: NodeReport): string {
  if (value !== undefined) return JSON.stringify(value);
  return Object.entries(attributes)
    .map(([name, one]) => `${name}=${JSON.stringify(one)}`)
    .join(' ');
}
