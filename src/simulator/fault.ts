/** Something that goes wrong, said in full: what, to whom, and how badly. Peers stand by their names. */
export type Fault =
  | { readonly kind: PeerFault; readonly peer: string }
  /** Gone, and back so much later. */
  | { readonly kind: 'flicker'; readonly peer: string; readonly backMs: number }
  | { readonly kind: 'slowDisk'; readonly peer: string; readonly slowness: number }
  | { readonly kind: 'drift'; readonly peer: string; readonly msPerSecond: number }
  | { readonly kind: 'jump'; readonly peer: string; readonly byMs: number }
  | { readonly kind: 'partition'; readonly left: readonly string[]; readonly right: readonly string[] }
  | {
      readonly kind: 'bridge';
      readonly left: readonly string[];
      readonly bridge: string;
      readonly right: readonly string[];
    }
  | { readonly kind: 'oneWay'; readonly from: string; readonly to: string }
  | { readonly kind: 'clog'; readonly from: string; readonly to: string; readonly delayMs: number }
  | {
      readonly kind: 'storm';
      readonly lossProbability: number;
      readonly duplicateProbability: number;
      readonly tailMs: number;
    }
  | { readonly kind: 'slowDisks'; readonly slowness: number }
  /** The leader is told apart when it happens, not when it is planned. */
  | { readonly kind: 'outvote' }
  | { readonly kind: 'join' }
  /** The first peer that reaches the milestone loses power right there, and comes back so much later. */
  | { readonly kind: 'milestone'; readonly milestone: string; readonly backMs: number }
  /** No fault: every path is open again. */
  | { readonly kind: 'heal' }
  | {
      readonly kind: 'blackout';
      readonly peers: readonly string[];
      /** Of this peer one of the last records is bad when it comes back. */
      readonly spoiled: string | undefined;
      /** How long after the end each comes back; drawn when it ends, where it is not written down. */
      backMs: readonly number[] | undefined;
    };

/** Faults of which only has to be said whom they hit. */
export type PeerFault =
  | 'crash'
  | 'kill'
  | 'stall'
  | 'sleep'
  | 'fullDisk'
  | 'failedSync'
  | 'corruptRecord'
  | 'damageRow'
  | 'wipe'
  | 'leave';

/** The kinds of faults that a nemesis knows. */
export type FaultKind = Fault['kind'];

/** A fault as people read it: its kind, and then its words by name. */
export function faultText({ kind, ...words }: Fault): string {
  const texts = Object.entries(words)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.map(shortText).join(',') : shortText(value)}`);
  return [kind, ...texts].join(' ');
}

function shortText(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toFixed(3))) : String(value);
}
