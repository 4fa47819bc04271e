import type { CellReport } from '../cell/index.ts';
import type { PeerState } from '../peer/index.ts';

/** What a run has seen happen: a check of what never happened proves nothing. */
export type Seen =
  | 'leader change'
  | 'member replacement'
  | 'snapshot catch-up'
  | 'torn-write recovery'
  | 'lease refusal'
  | 'unknown outcome resolved'
  | 'cell split'
  | 'cells merged'
  | 'transaction over cells'
  | 'read of a follower'
  | 'reserved and written'
  | 'rings merged'
  | 'branch'
  | 'key with two holders';

/** All that runs are watched for: which share of the seeds of a scenario came to see each. */
export const coverageNames: readonly Seen[] = [
  'leader change',
  'member replacement',
  'snapshot catch-up',
  'torn-write recovery',
  'lease refusal',
  'unknown outcome resolved',
  'cell split',
  'cells merged',
  'transaction over cells',
  'read of a follower',
  'reserved and written',
  'rings merged',
  'branch',
  'key with two holders',
];

/** Gathers from the reports of peers what happened in a run. */
export class Coverage {
  readonly seen = new Set<Seen>();
  readonly violations: string[] = [];
  readonly #leaders = new Map<string, string>();
  readonly #counted = new Map<string, number>();
  #isOn = false;
  #lastLeader = '';
  readonly #members = new Map<string, string>();
  readonly #ends = new Map<string, Pick<CellReport, 'epoch' | 'to'>>();

  /** From now on what happens counts: not what belongs to the making of the system. */
  begin(): void {
    this.#isOn = true;
  }

  /** Looks at what the peer on a host says of itself. */
  look(host: string, state: PeerState | undefined): void {
    for (const report of state?.replicas ?? []) {
      const { counters, transactions, role, epoch, ballot, leader, members } = report;
      if (role === 'leader') this.#spans(report);
      this.#count('snapshot catch-up', host, counters.snapshotsInstalled);
      this.#count('transaction over cells', host, transactions.votes);
      this.#count('lease refusal', host, counters.leaseRefusals);
      if (role === 'follower') this.#count('read of a follower', host, counters.readsNear);
      if (role !== 'leader') continue;
      this.#leads(`${report.cell}/${epoch}/${ballot.n}/${ballot.member}`, leader);
      const ids = members.map(({ id }) => id);
      this.#holds(report.cell, epoch, ids);
    }
  }

  /** A cell that holds more keys than it did has absorbed another. */
  #spans({ cell, epoch, to }: CellReport): void {
    const known = this.#ends.get(cell);
    if (known !== undefined && known.epoch >= epoch) return;
    if (known?.to !== undefined && (to === undefined || to > known.to)) this.#see('cells merged');
    this.#ends.set(cell, { epoch, to });
  }

  #count(what: Seen, host: string, value: number): void {
    const place = `${host}/${what}`;
    // A peer that was started anew counts from zero.
    const known = Math.min(this.#counted.get(place) ?? 0, value);
    if (value > known) this.#see(what);
    this.#counted.set(place, value);
  }

  #see(what: Seen): void {
    if (this.#isOn) this.seen.add(what);
  }

  #leads(ballot: string, leader: string): void {
    const known = this.#leaders.get(ballot);
    if (known !== undefined && known !== leader) {
      this.violations.push(`CELL: ballot ${ballot} is led by ${known} and by ${leader}`);
    }
    this.#leaders.set(ballot, leader);
    if (this.#lastLeader !== '' && this.#lastLeader !== leader) this.#see('leader change');
    this.#lastLeader = leader;
  }

  #holds(cell: string, epoch: number, members: readonly string[]): void {
    const sorted = members.slice().sort().join(' ');
    const before = this.#members.get(`${cell}/${epoch - 1}`);
    const isFull = before !== undefined && before.split(' ').length >= 3;
    if (isFull && before !== sorted && members.length >= 3) this.#see('member replacement');
    const known = this.#members.get(`${cell}/${epoch}`);
    if (known !== undefined && known !== sorted) {
      this.violations.push(`CELL: epoch ${epoch} of cell ${cell} has the members ${known} and ${sorted}`);
    }
    this.#members.set(`${cell}/${epoch}`, sorted);
  }
}
