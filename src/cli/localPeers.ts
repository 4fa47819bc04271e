import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a peer leaves in its folder for the tools of its machine. */
export interface LocalPeer {
  readonly name: string;
  readonly folder: string;
  readonly processId: number;
  readonly address: string;
  readonly redis: string;
  readonly http: string;
  /** It has left its system for good: the folder may be removed. */
  readonly hasLeft: boolean;
}

/** The peers that keep their folders below `data`, by name. */
export function localPeers(data: string): LocalPeer[] {
  if (!existsSync(data)) return [];
  const found: LocalPeer[] = [];
  for (const entry of readdirSync(data, { withFileTypes: true })) {
    const folder = join(data, entry.name);
    const peer = entry.isDirectory() ? readPeer(folder) : undefined;
    if (peer !== undefined) found.push(peer);
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readPeer(folder: string): LocalPeer | undefined {
  try {
    const record = JSON.parse(readFileSync(join(folder, 'addresses.json'), 'utf8')) as Omit<LocalPeer, 'folder'>;
    return { ...record, folder };
  } catch {
    // No such file, or half of one: the peer never came so far as to listen.
    return undefined;
  }
}
