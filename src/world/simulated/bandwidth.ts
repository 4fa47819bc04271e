/** What a host can send and receive, in bytes a millisecond (1,000 bytes/ms are 8 Mbit/s). */
export interface Bandwidth {
  readonly up: number;
  readonly down: number;
}

/** Bytes on their way between two hosts, as one flow. */
export interface Flow {
  readonly from: string;
  readonly to: string;
}

/**
 * Shares the links of hosts among flows so that no flow could have more without one that has no more than it having less:
 * max-min fairness by progressive filling (Bertsekas and Gallager 1992). All flows grow alike until a link is full;
 * those on it keep what they have, and the others go on. Returns bytes a millisecond, in the order of the flows.
 */
export function fairShares(flows: readonly Flow[], bandwidthOf: (host: string) => Bandwidth): number[] {
  const shares = flows.map(() => 0);
  const links = linksOf(flows, bandwidthOf);
  const open = new Set(flows.keys());
  while (open.size > 0) {
    let full: Link | undefined;
    let growth = Number.POSITIVE_INFINITY;
    for (const link of links) {
      if (link.open.size === 0) continue;
      const room = link.left / link.open.size;
      if (room < growth) [full, growth] = [link, room];
    }
    for (const index of open) shares[index]! += growth;
    if (full === undefined) return shares; // No link of theirs has an end.
    for (const link of links) link.left = Math.max(0, link.left - growth * link.open.size);
    for (const index of [...full.open]) {
      open.delete(index);
      for (const link of links) link.open.delete(index);
    }
  }
  return shares;
}

interface Link {
  left: number;
  readonly open: Set<number>;
}

function linksOf(flows: readonly Flow[], bandwidthOf: (host: string) => Bandwidth): readonly Link[] {
  const links = new Map<string, Link>();
  const join = (name: string, left: number, index: number): void => {
    const link = links.get(name) ?? { left, open: new Set() };
    links.set(name, link);
    link.open.add(index);
  };
  for (const [index, { from, to }] of flows.entries()) {
    join(`${from} up`, bandwidthOf(from).up, index);
    join(`${to} down`, bandwidthOf(to).down, index);
  }
  return [...links.values()];
}
