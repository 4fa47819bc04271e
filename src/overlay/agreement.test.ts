import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Coordination, fastQuorum, majority } from './coordination.ts';
import type { Accepted } from './messages.ts';
import { Tallies } from './tallies.ts';

const fast = { round: 0, coordinator: 0 };

describe('votes', () => {
  test('MEM-5: those that were passed on twice count once', () => {
    const [one, two] = [new Tallies(9), new Tallies(9)];
    one.vote([4], 0);
    two.vote([4], 8);
    for (const tally of one.all) expect(two.add(tally)).toBe(true);
    for (const tally of one.all) expect(two.add(tally)).toBe(false);
    expect(two.winner(2)).toEqual([4]);
    expect(two.winner(3)).toBeUndefined();
  });

  test('those for different cuts do not add up, and those of another electorate are no votes', () => {
    const tallies = new Tallies(4);
    tallies.vote([1], 0);
    tallies.vote([1, 2], 1);
    tallies.vote([1, 2], 2);
    expect(tallies.add({ lives: [1], voters: new Uint8Array(2).fill(255) })).toBe(false);
    expect(tallies.winner(3)).toBeUndefined();
    expect(tallies.winner(2)).toEqual([1, 2]);
  });
});

describe('a coordinator', () => {
  test('proposes its own wish where nobody voted', () => {
    const round = new Coordination({ round: 1, coordinator: 3 }, 3, [9]);
    expect(round.promised(1, undefined)).toBeUndefined();
    expect(round.promised(2, undefined)).toEqual([9]);
    expect(round.accepted(1)).toBeUndefined();
    expect(round.accepted(1)).toBeUndefined();
    expect(round.accepted(2)).toEqual([9]);
  });

  test('MEM-4: proposes what an earlier coordinator may have had decided', () => {
    const round = new Coordination({ round: 3, coordinator: 3 }, 3, [9]);
    round.promised(1, { ballot: { round: 2, coordinator: 1 }, lives: [7] });
    expect(round.promised(2, { ballot: { round: 1, coordinator: 2 }, lives: [8] })).toEqual([7]);
  });

  test('MEM-4: whatever majority answers, what the fast round decided is what is proposed', () => {
    const cases = fc.record({
      electors: fc.integer({ min: 1, max: 40 }),
      dissent: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 40 }),
      order: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
    });
    fc.assert(
      fc.property(cases, ({ electors, dissent, order }) => {
        const votes: (Accepted | undefined)[] = Array.from({ length: electors }, (_, i) => {
          if (i < fastQuorum(electors)) return { ballot: fast, lives: [100] };
          const other = dissent[i];
          return other === undefined ? undefined : { ballot: fast, lives: [other] };
        });
        const asked = [...votes.keys()].sort((a, b) => order[a]! - order[b]!).slice(0, majority(electors));
        const round = new Coordination({ round: 1, coordinator: 5 }, electors, [9]);
        const proposals = asked.map((voter) => round.promised(voter, votes[voter]));
        expect(proposals.at(-1)).toEqual([100]);
      }),
    );
  });
});
