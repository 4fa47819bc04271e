import { type PeerId, type PeerInfo, programOf } from '../overlay/index.ts';

/** Where a peer stands: what fails at once takes all that stand there. */
export type Stand = Pick<PeerInfo, 'zone' | 'host'>;

/** A peer with its stand; its id says of which program it is a seat. */
export interface Standing extends Stand {
  readonly id: PeerId;
}

/** Over how much some peers are spread. Of two spreads that over more zones is the better, then that over more hosts, then over more programs. */
export interface Spread {
  readonly zones: number;
  readonly hosts: number;
  readonly programs: number;
}

/** A host stands in one zone, a program on one host: two of one name in two of them are two. */
export function spreadOf(stands: readonly Standing[]): Spread {
  const zones = new Set(stands.map(({ zone }) => zone));
  const hosts = new Set(stands.map(hostOf));
  const programs = new Set(stands.map(programAt));
  return { zones: zones.size, hosts: hosts.size, programs: programs.size };
}

/** Above 0 where the first is better. */
export function compareSpreads(a: Spread, b: Spread): number {
  return a.zones - b.zones || a.hosts - b.hosts || a.programs - b.programs;
}

/**
 * The first `count` of them to be chosen beside those who are there already: each time one that makes the spread better,
 * and of two that do so alike the one that stands earlier in the list.
 */
export function spreadOut<T extends Standing>(
  there: readonly Standing[],
  candidates: readonly T[],
  count: number,
): T[] {
  const chosen: T[] = [];
  const zones = new Set(there.map(({ zone }) => zone));
  const hosts = new Set(there.map(hostOf));
  const programs = new Set(there.map(programAt));
  const left = [...candidates];
  while (chosen.length < count && left.length > 0) {
    const gains = left.map(
      (one) =>
        (zones.has(one.zone) ? 0 : 4) + (hosts.has(hostOf(one)) ? 0 : 2) + (programs.has(programAt(one)) ? 0 : 1),
    );
    const [next] = left.splice(gains.indexOf(Math.max(...gains)), 1);
    zones.add(next!.zone);
    hosts.add(hostOf(next!));
    programs.add(programAt(next!));
    chosen.push(next!);
  }
  return chosen;
}

/**
 * The members with one replaced, where that makes the spread better; undefined where nothing does. It is the last that will
 * do, so that the first one stays where another can go, for the first newcomer that is as good as any.
 */
export function betterSpread<T extends Standing>(members: readonly T[], fresh: readonly T[]): T[] | undefined {
  let best: T[] | undefined;
  let most = spreadOf(members);
  for (let i = members.length - 1; i >= 0; i--) {
    const others = members.filter((_, at) => at !== i);
    const [newcomer] = spreadOut(others, fresh, 1);
    if (newcomer === undefined) return undefined;
    const spread = spreadOf([...others, newcomer]);
    if (compareSpreads(spread, most) <= 0) continue;
    [best, most] = [[...others, newcomer], spread];
  }
  return best;
}

/**
 * Where the members of a cell fail together although they need not, as sentences: fewer zones, hosts or programs than there are members,
 * while more take part. Nothing is said where nothing can be done.
 */
export function crowding(members: readonly { readonly id: PeerId }[], peers: readonly PeerInfo[]): string[] {
  const stands = peers.filter(({ id }) => members.some((member) => member.id === id));
  const alive = peers.filter(({ status }) => status === 'alive');
  const has = spreadOf(stands);
  const could = spreadOf(alive);
  const warnings: string[] = [];
  if (has.zones < Math.min(stands.length, could.zones)) {
    warnings.push(`${together(stands, ({ zone }) => zone, 'zone')}, while peers run in ${could.zones} zones`);
  }
  if (has.hosts < Math.min(stands.length, could.hosts)) {
    warnings.push(`${together(stands, hostOf, 'host')}, while peers run on ${could.hosts} hosts`);
  }
  if (has.programs < Math.min(stands.length, could.programs)) {
    warnings.push(`${together(stands, programAt, 'program')}, while ${could.programs} programs run`);
  }
  return warnings;
}

/** Whom one failure would take: `a and b share zone east`. */
function together(
  stands: readonly PeerInfo[],
  place: (peer: PeerInfo) => string,
  what: 'zone' | 'host' | 'program',
): string {
  const first = stands.find((one) => stands.some((other) => other !== one && place(other) === place(one)))!;
  const names = stands.filter((one) => place(one) === place(first)).map(({ name }) => name);
  const called = what === 'program' ? programOf(first.id) : first[what];
  const name = called === '' ? `the ${what} without a name` : `${what} ${called}`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)} share ${name}`;
}

function hostOf({ zone, host }: Stand): string {
  return `${zone}\n${host}`;
}

function programAt(peer: Standing): string {
  return `${hostOf(peer)}\n${programOf(peer.id)}`;
}
