import { expect, test } from 'vitest';
import { Routes } from '../store/index.ts';
import { Atlas, supersedes } from './atlas.ts';

const nobody = { members: [], degrees: [], learners: [], leader: '', leaderAddress: '', isFull: false };

function hint(cell: string, epoch: number, from: string, to: string | undefined) {
  return { ...nobody, cell, epoch, from, to };
}

test('a cell has gone into the one that holds its first key in a later epoch, and into no other', () => {
  const gone = hint('upper', 3, 'm', undefined);
  expect(supersedes(hint('1', 5, '', undefined), gone)).toBe(true);
  expect(supersedes(hint('1', 3, '', undefined), gone)).toBe(false);
  expect(supersedes(hint('1', 5, '', 'm'), gone)).toBe(false);
  expect(supersedes(hint('upper', 5, 'm', undefined), gone)).toBe(false);
});

test('what was heard late of a cell that is gone is not believed', () => {
  const atlas = new Atlas();
  atlas.learn(hint('1', 2, '', 'm'), 1);
  atlas.learn(hint('upper', 3, 'm', undefined), 1);
  expect(atlas.below('m')?.cell).toBe('1');
  atlas.learn(hint('1', 5, '', undefined), 2);
  expect(atlas.get('upper')).toBeUndefined();
  atlas.learn(hint('upper', 4, 'm', undefined), 2);
  expect(atlas.get('upper')).toBeUndefined();
});

test('calls for the keys of a cell that is gone, and about its operations, find the one that it has gone into', () => {
  const routes = new Routes();
  const steps = [hint('1', 2, '', 'm'), hint('upper', 3, 'm', 't'), hint('last', 3, 't', undefined)];
  for (const one of steps) routes.add(one, 1, `session of ${one.cell}`);
  const learn = (one: (typeof steps)[number], version: number) => {
    routes.get(one.cell)!.learn(one, version);
    return routes.retire(one, version);
  };
  expect(learn(hint('upper', 6, 'm', undefined), 2)).toHaveLength(1);
  expect(learn(hint('1', 8, '', undefined), 2)).toHaveLength(1);
  expect(routes.locate({ from: 'x', to: 'y' })).toBe(routes.get('1'));
  expect(routes.heirOf('last')).toBe(routes.get('1'));
  expect(routes.heirOf('nobody')).toBeUndefined();
  routes.add(steps[2]!, 1, 'again');
  expect(routes.get('last')).toBeUndefined();
});
