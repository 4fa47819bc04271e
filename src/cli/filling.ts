import type { StatusReport } from '../api/index.ts';
import type { SourceFlags } from './archiveSource.ts';
import { candidates, firstAnswer } from './ask.ts';
import { Exit } from './exit.ts';
import { bytesOfRow, isFirst, type Row } from './jsonLine.ts';
import { Progress } from './progress.ts';
import { RedisWriter } from './redisWriter.ts';
import { unreachable } from './status.ts';

export interface FillingFlags extends SourceFlags {
  /** Write into a store that holds keys already. */
  readonly intoFilled?: boolean;
}

/** What a restore or an import has done, in the end or so far. */
export interface Filled {
  readonly written: number;
  /** Rows that had expired since they were saved. */
  readonly expired: number;
  readonly progress: Progress;
}

/**
 * Writes rows into the store of a running system. `again` says what to do where it does not come to its end: then some
 * rows are written, and whoever runs it is told how many.
 */
export async function fill(
  rows: AsyncIterable<Row>,
  flags: FillingFlags,
  { verb, again }: { readonly verb: string; readonly again: string },
): Promise<Filled> {
  const writer = new RedisWriter(await redisAddresses(flags));
  const progress = new Progress(verb);
  let expired = 0;
  try {
    if (flags.intoFilled !== true) await refuseFilled(writer, again);
    for await (const row of rows) {
      progress.add(isFirst(row) ? 1 : 0, bytesOfRow(row));
      if (row.expiresAtMs !== undefined && row.expiresAtMs <= Date.now()) expired += isFirst(row) ? 1 : 0;
      else await writer.put(row);
    }
    await writer.flush();
    return { written: writer.written, expired, progress };
  } catch (thrown) {
    if (!(thrown instanceof Exit) || writer.written === 0) throw thrown;
    throw new Exit(thrown.code, `${thrown.message} At least ${writer.written} keys are written already. ${again}`);
  } finally {
    progress.end();
    writer.close();
  }
}

async function refuseFilled(writer: RedisWriter, again: string): Promise<void> {
  const keys = await writer.countKeys();
  if (keys === 0) return;
  throw new Exit(
    1,
    `The store holds ${keys} ${keys === 1 ? 'key' : 'keys'} already, and nothing was written. ` +
      `To write over those that have the same names, and leave the others, say --into-filled. ${again}`,
  );
}

async function redisAddresses(flags: FillingFlags): Promise<readonly string[]> {
  const urls = candidates(flags.http, flags.data);
  const response = await firstAnswer(urls, '/status');
  if (response === undefined) throw new Exit(3, unreachable(urls, flags.data));
  const { self, peers } = (await response.json()) as StatusReport;
  const others = peers.filter(({ status, name }) => status === 'alive' && name !== self.name);
  const addresses = [self.redis, ...others.map(({ redis }) => redis)].filter((address) => address !== '');
  if (addresses.length === 0) throw new Exit(3, 'No peer of that system serves Redis clients: start one with --redis.');
  return addresses;
}

export function filledWords({ written, expired, progress }: Filled): string {
  const gone = expired === 0 ? '' : ` ${expired} more had expired since.`;
  return `${written} ${written === 1 ? 'key' : 'keys'} in ${progress.seconds}.${gone}`;
}
