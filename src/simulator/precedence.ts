/** A transaction that happened: what it read and wrote, values as texts. */
export interface TransactionRecord {
  readonly invokedMs: number;
  readonly returnedMs: number;
  readonly reads: ReadonlyMap<string, string>;
  readonly writes: ReadonlyMap<string, string>;
}

/** One transaction must come before another, and why. */
export interface Precedence {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** How a key without a value is written. */
export const undefinedText = 'nothing';

interface Version {
  readonly writer: number | undefined;
  readonly readers: number[];
  /** Who read it and wrote the next: nothing came between. */
  readonly successors: number[];
}

/**
 * What must come before what, whatever the order: who wrote before who read it; who read before who overwrote what was
 * read; who overwrote behind who wrote. Anomalies need no cycle: reads of what nobody wrote, and two transactions that
 * both read a value and overwrote it.
 */
export function precedences(records: readonly TransactionRecord[], initial: (key: string) => string) {
  const edges: Precedence[] = [];
  const anomalies: { readonly index: number; readonly text: string }[] = [];
  for (const [key, versions] of versionsOf(records)) {
    for (const [text, { writer, readers, successors }] of versions) {
      if (writer === undefined && text !== initial(key)) {
        anomalies.push({ index: readers[0]!, text: `${text} was read of ${key}, which nobody wrote` });
      }
      if (successors.length > 1) {
        anomalies.push({
          index: successors[1]!,
          text: `an update was lost: two that read ${text} of ${key} wrote to it`,
        });
      }
      const write = (from: number | undefined, to: number, why: string): void => {
        if (from !== undefined && from !== to) edges.push({ from, to, why });
      };
      for (const reader of readers) write(writer, reader, `which read its ${text} of ${key}`);
      const [next] = successors;
      if (next === undefined) continue;
      for (const reader of readers) write(reader, next, `which overwrote the ${text} of ${key} that it read`);
    }
    addFirstWrites(key, versions, initial(key), edges);
  }
  addTimes(records, edges);
  return { edges, anomalies };
}

function versionsOf(records: readonly TransactionRecord[]): ReadonlyMap<string, Map<string, Version>> {
  const keys = new Map<string, Map<string, Version>>();
  const at = (key: string, text: string, writer?: number): Version => {
    const versions = keys.get(key) ?? new Map<string, Version>();
    keys.set(key, versions);
    const version = versions.get(text) ?? { writer, readers: [], successors: [] };
    versions.set(text, version);
    return version;
  };
  for (const [index, { writes }] of records.entries()) for (const [key, text] of writes) at(key, text, index);
  for (const [index, { reads, writes }] of records.entries()) {
    for (const [key, text] of reads) {
      const version = at(key, text);
      version.readers.push(index);
      if (writes.has(key)) version.successors.push(index);
    }
  }
  return keys;
}

/** Who read a key as it was at the beginning comes before all who wrote it. */
function addFirstWrites(
  key: string,
  versions: ReadonlyMap<string, Version>,
  initial: string,
  edges: Precedence[],
): void {
  const first = versions.get(initial);
  if (first === undefined || first.writer !== undefined) return;
  for (const { writer } of versions.values()) {
    if (writer === undefined) continue;
    for (const from of first.readers) {
      if (from !== writer) edges.push({ from, to: writer, why: `which wrote ${key}, of which it read ${initial}` });
    }
  }
}

/**
 * Who had ended comes before who began later. So that there are not as many edges as pairs, each leads only to those that
 * began before any other that began behind its end had ended: the rest follows.
 */
function addTimes(records: readonly TransactionRecord[], edges: Precedence[]): void {
  const byBegin = records.map((_, index) => index).sort((a, b) => records[a]!.invokedMs - records[b]!.invokedMs);
  for (const [from, { returnedMs }] of records.entries()) {
    let endMs = Number.POSITIVE_INFINITY;
    for (let i = firstBehind(records, byBegin, returnedMs); i < byBegin.length; i++) {
      const to = byBegin[i]!;
      if (records[to]!.invokedMs > endMs) break;
      endMs = Math.min(endMs, records[to]!.returnedMs);
      edges.push({ from, to, why: 'which began when it had ended' });
    }
  }
}

/** The first place in the order of begins that is behind a time. */
function firstBehind(records: readonly TransactionRecord[], byBegin: readonly number[], timeMs: number): number {
  let [low, high] = [0, byBegin.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (records[byBegin[middle]!]!.invokedMs <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A cycle of edges, each leading to where the next begins; undefined where there is none. */
export function findCycle(edges: readonly Precedence[], nodes: number): Precedence[] | undefined {
  const out: Precedence[][] = Array.from({ length: nodes }, () => []);
  for (const edge of edges) out[edge.from]!.push(edge);
  const state = new Uint8Array(nodes); // 0: not seen, 1: on the path, 2: leads to no cycle
  for (let start = 0; start < nodes; start++) {
    if (state[start] !== 0) continue;
    const path: { readonly node: number; readonly by: Precedence | undefined; next: number }[] = [];
    const enter = (node: number, by: Precedence | undefined): void => {
      state[node] = 1;
      path.push({ node, by, next: 0 });
    };
    enter(start, undefined);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = out[top.node]![top.next++];
      if (edge === undefined) {
        state[top.node] = 2;
        path.pop();
      } else if (state[edge.to] === 1) {
        const from = path.findIndex(({ node }) => node === edge.to);
        return [...path.slice(from + 1).map(({ by }) => by!), edge];
      } else if (state[edge.to] === 0) {
        enter(edge.to, edge);
      }
    }
  }
  return undefined;
}
