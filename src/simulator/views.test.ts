import { expect, test } from 'vitest';
import type { PeerState } from '../peer/index.ts';
import { disagreements } from './views.ts';

type Status = 'alive' | 'suspected' | 'dead' | 'leaving' | 'left';

function witness(name: string, self: string, statuses: Readonly<Record<string, Status>>) {
  const addresses = { address: '', redis: '', http: '', zone: '', host: '' };
  const peers = Object.entries(statuses).map(([id, status]) => ({
    ...{ id, status, name: id.split('#')[0]!, seat: '', statement: 1, life: 1, cut: 0 },
    ...addresses,
  }));
  const state: PeerState = { view: { systemId: '1', self, number: 0, peers }, replicas: [], cells: [] };
  return { name, state };
}

test('peers that all know one another agree, whoever else is dead or was here before', () => {
  const all: Record<string, Status> = { 'a#1': 'alive', 'b#1': 'dead', 'b#2': 'leaving', 'c#1': 'left' };
  expect(disagreements([witness('a', 'a#1', all), witness('b', 'b#2', all)])).toEqual([]);
});

test('who counts a running peer as dead, has not heard of it or is in no system is told', () => {
  const buried = witness('a', 'a#1', { 'a#1': 'alive', 'b#1': 'dead' });
  const unheard = witness('b', 'b#1', { 'b#1': 'alive' });
  expect(disagreements([buried, unheard])).toEqual([
    'MEM-2: to a, which runs, b, which runs too, is dead',
    'MEM-2: to b, which runs, a, which runs too, is unknown',
  ]);
  expect(disagreements([{ name: 'a', state: undefined }])).toEqual(['MEM-2: a belongs to no system']);
});
