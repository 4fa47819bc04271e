import { expect, test } from 'vitest';
import { type Ballot, compareBallots, noBallot } from './ballot.ts';
import { Election } from './election.ts';
import { beatMs, hearingMs } from './limits.ts';

/** Members that hear one another by links that the test cuts: rounds go on in step. */
class Members {
  readonly all = new Map<string, Election>();
  readonly #cut = new Set<string>();
  #nowMs = 0;
  elected: Ballot[] = [];

  constructor(names: string) {
    for (const name of names) this.all.set(name, new Election(name, names.length, noBallot, 0));
  }

  cut(a: string, b: string): void {
    this.#cut.add(`${a}${b}`);
    this.#cut.add(`${b}${a}`);
  }

  rounds(count: number): void {
    for (let i = 0; i < count; i++) {
      this.#nowMs += beatMs;
      for (const [name, election] of this.all) {
        for (const [other, { ballot, hasQuorum }] of this.all) {
          if (other !== name && !this.#cut.has(`${name}${other}`)) election.hear(other, ballot, hasQuorum, this.#nowMs);
        }
      }
      for (const [name, election] of this.all) {
        const elected = election.endRound(this.#nowMs, true);
        if (elected?.member === name) this.elected.push(elected);
      }
    }
  }

  /** The highest ballot that its own holder takes as elected. */
  get leader(): string {
    let best = noBallot;
    for (const [name, { leader }] of this.all)
      if (leader.member === name && compareBallots(leader, best) > 0) best = leader;
    return best.member;
  }
}

/** Rounds after which silence counts, a ballot is drawn, shown and elected. */
const failOver = Math.ceil(hearingMs / beatMs) + 4;

test('members that hear each other agree on one leader and keep it', () => {
  const members = new Members('abc');
  members.rounds(failOver);
  expect(members.elected).toHaveLength(1);
  members.rounds(100);
  expect(members.elected).toHaveLength(1);
  for (const { leader } of members.all.values()) expect(leader).toEqual(members.elected[0]);
});

test('when only one member hears a majority, it leads', () => {
  const members = new Members('abcde');
  members.rounds(failOver);
  const hub = [...members.all.keys()].find((name) => name !== members.leader)!;
  for (const a of 'abcde') for (const b of 'abcde') if (a !== hub && b !== hub && a !== b) members.cut(a, b);
  members.rounds(failOver);
  expect(members.leader).toBe(hub);
  const before = members.elected.length;
  members.rounds(100);
  expect(members.elected).toHaveLength(before);
});

test('in a chain the lead changes once and stays', () => {
  const members = new Members('abc');
  members.rounds(failOver);
  const [end] = [...members.all.keys()].filter((name) => name !== members.leader);
  members.cut(end!, members.leader);
  members.rounds(failOver);
  expect(members.leader).toBe(end);
  const before = members.elected.length;
  members.rounds(100);
  expect(members.elected).toHaveLength(before);
});

test('a member that was promised a ballot which nobody leads draws a higher one', () => {
  const members = new Members('abc');
  members.rounds(failOver);
  const follower = [...members.all.keys()].find((name) => name !== members.leader)!;
  members.all.get(follower)!.observe({ n: 9, member: 'z' });
  members.rounds(failOver);
  expect(members.leader).toBe(follower);
  expect(members.all.get(follower)!.leader.n).toBe(10);
});

test('who stood still itself takes no silence as proof', () => {
  const election = new Election('a', 3, { n: 1, member: 'b' }, 0);
  for (let nowMs = beatMs; nowMs <= 1_000; nowMs += beatMs) {
    election.hear('b', { n: 1, member: 'b' }, true, nowMs);
    election.hear('c', { n: 0, member: 'c' }, true, nowMs);
    election.endRound(nowMs, true);
  }
  election.endRound(5_000, true);
  election.hear('c', { n: 0, member: 'c' }, true, 5_050);
  election.endRound(5_100, true);
  expect(election.ballot.n).toBe(0);
});
