import { expect, test } from 'vitest';
import { RingTown } from '../../test/ringTown.ts';
import { type Phase, phaseOf, Standing } from './phase.ts';

const well = {
  isAlone: false,
  hasSuccessor: true,
  isSuccessorLate: false,
  isPredecessorThere: true,
  isPredecessorHeard: true,
  isInBranch: false,
};

test('each lack makes a phase worse, and the gravest counts', () => {
  const phases = [
    {},
    { isInBranch: true },
    { isSuccessorLate: true, isInBranch: true },
    { isPredecessorHeard: false },
    { isPredecessorThere: false, isPredecessorHeard: false },
    { hasSuccessor: false },
    { isAlone: true },
  ].map((lack): Phase => phaseOf({ ...well, ...lack }));
  expect(phases).toEqual(['solid', 'liquid1', 'liquid2', 'liquid2', 'liquid3', 'liquid3', 'gas']);
});

test('it gets worse at once, and better when it was better for two rounds', () => {
  const standing = new Standing();
  const told = (['solid', 'liquid1', 'liquid1', 'liquid3', 'solid', 'liquid3', 'solid', 'solid'] as const).map(
    (seen) => {
      standing.see(seen);
      return standing.phase;
    },
  );
  expect(told).toEqual(['gas', 'liquid1', 'liquid1', 'liquid3', 'liquid3', 'liquid3', 'liquid3', 'solid']);
});

test('between two rounds it can only get worse', () => {
  const standing = new Standing();
  for (let i = 0; i < 2; i++) standing.see('solid');
  expect(standing.seeBetween('liquid2')).toBe(true);
  expect(standing.phase).toBe('liquid2');
  // However often it looks better meanwhile: rounds are what counts.
  for (let i = 0; i < 5; i++) expect(standing.seeBetween('solid')).toBe(false);
  expect(standing.phase).toBe('liquid2');
});

test('a ring freezes, melts where peers crash, boils where all are cut off, and freezes again', () => {
  const town = new RingTown(21);
  town.grow(12);
  town.universe.runFor(10_000);
  const phases = () => new Set(town.alive.map(({ phase }) => phase));
  expect(phases()).toEqual(new Set(['solid']));
  town.residents[3]!.host.crash();
  town.universe.runFor(2_500);
  expect(phases().size).toBeGreaterThan(1);
  town.universe.runFor(15_000);
  expect(phases()).toEqual(new Set(['solid']));
  town.universe.network.partition(town.alive.map(({ host }) => [host]));
  town.universe.runFor(60_000);
  expect(phases()).toEqual(new Set(['gas']));
  town.universe.network.heal();
  town.universe.runFor(40_000);
  expect(phases()).toEqual(new Set(['solid']));
  expect(town.misplaced()).toEqual([]);
});
