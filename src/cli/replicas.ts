import type { DegreeReport } from '../api/index.ts';
import { degreesAllowed } from '../cell/index.ts';
import { candidates, firstAnswer } from './ask.ts';
import { Exit } from './exit.ts';
import { type PeerFlags, request } from './request.ts';
import { unreachable } from './status.ts';
import { table } from './words.ts';

interface ReplicaFlags extends PeerFlags {
  readonly default?: boolean;
}

interface Listing {
  readonly usual: number;
  readonly prefixes: readonly DegreeReport[];
}

/** Shows how many copies are wanted, of the keys of one prefix or of all, or changes it. It may be asked again. */
export async function replicas(
  prefix: string | undefined,
  number: number | undefined,
  flags: ReplicaFlags,
): Promise<void> {
  if (flags.default && (prefix === undefined || number !== undefined)) {
    throw new Exit(2, 'Name a prefix and no number with --default.');
  }
  const wanted = flags.default ? 0 : number;
  if (prefix === undefined || wanted === undefined) return list(prefix, flags);
  if (!flags.default && !degreesAllowed.includes(wanted)) {
    const numbers = degreesAllowed.join(', ');
    throw new Exit(2, `Copies of keys are ${numbers}, and not ${wanted}. As many as usual come with --default.`);
  }
  await request('/replicas', { prefix, n: String(wanted) }, flags);
}

async function list(prefix: string | undefined, flags: ReplicaFlags): Promise<void> {
  const urls = candidates(flags.http, flags.data);
  const response = await firstAnswer(urls, '/replicas');
  if (response === undefined) throw new Exit(3, unreachable(urls, flags.data));
  const { usual, prefixes } = (await response.json()) as Listing;
  const shown = prefixes.filter((one) => prefix === undefined || one.prefix === prefix);
  const rows = shown.map((one) => [JSON.stringify(one.prefix), String(one.replicas), one.cells.join(' ')]);
  if (rows.length > 0) console.log(table(['PREFIX', 'COPIES', 'CELLS'], rows));
  console.log(`${rows.length > 0 ? 'Of all other keys' : 'Of all keys'} ${usual} copies are wanted.`);
}
