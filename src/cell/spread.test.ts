import { describe, expect, test } from 'vitest';
import { Random } from '../base/index.ts';
import { type PeerInfo, programOf, seatName } from '../overlay/index.ts';
import type { CellConfig } from './cellConfig.ts';
import { place } from './placement.ts';
import { betterSpread, compareSpreads, crowding, spreadOf } from './spread.ts';

/** A peer for each word, as `a:east/1` or `a/2:east/1`: its name, its zone and its host there. */
function peers(text: string): PeerInfo[] {
  return text.split(' ').map((word) => {
    const [, id = '', zone = '', host = ''] = /^([\w/]+):(\w*)\/(\w*)$/.exec(word)!;
    const life = { statement: 0, life: 0, cut: 0, status: 'alive' } as const;
    return { id, name: id, address: `${id}:1`, redis: '', http: '', seat: id, ...life, zone, host };
  });
}

function cellOf(members: readonly string[]): CellConfig {
  return {
    cell: '1',
    epoch: 1,
    from: '',
    to: undefined,
    members: members.map((id) => ({ id, address: `${id}:1` })),
    degrees: [],
  };
}

/** Whom the cell comes to have, one change after the other, as `abc abd`. */
function course(members: string, all: string, leader = members[0]!): string {
  const told: string[] = [];
  let config = cellOf([...members]);
  for (let step = 0; step < 10; step++) {
    const wanted = place({ config, peers: peers(all), lost: new Set(), leader, replicas: 3 }).members;
    const names = wanted.map(({ id }) => id).sort();
    if (names.join() === config.members.map(({ id }) => id).join()) break;
    told.push(names.join(''));
    config = cellOf(names);
  }
  return told.join(' ');
}

describe('members stand apart where they can', () => {
  test('a cell that grows takes peers of other zones, and then of other hosts', () => {
    expect(course('a', 'a:x/1 b:x/1 c:x/2 d:y/3 e:z/4')).toBe('ade');
    expect(course('a', 'a:x/1 b:x/1 c:x/2 d:x/3')).toBe('acd');
  });

  test('peers of one host are members all the same where there are no others', () => {
    expect(course('a', 'a:x/1 b:x/1 c:x/1')).toBe('abc');
  });

  test('a newcomer in a zone of its own takes the place of one that shares its zone, one at a time', () => {
    expect(course('abc', 'a:x/1 b:x/1 c:x/1 d:y/2')).toBe('abd');
    expect(course('abc', 'a:x/1 b:x/1 c:x/1 d:y/2 e:z/3')).toBe('abe ade');
  });

  test('the leader stays where another can go', () => {
    expect(course('abc', 'a:x/1 b:x/1 c:y/2 d:z/3', 'b')).toBe('bcd');
  });

  test('a newcomer that is no better takes nobody’s place', () => {
    expect(course('abc', 'a:x/1 b:y/2 c:z/3 d:x/4 e:w/5')).toBe('');
    expect(course('abc', 'a:x/1 b:x/2 c:y/3 d:x/4')).toBe('');
  });
});

test('seats of one program are no members of one cell where there are other programs, even on one host', () => {
  const all = peers('a:x/1 a/2:x/1 b:x/1 b/2:x/1 c:x/1 c/2:x/1');
  const { members } = place({ config: cellOf(['a']), peers: all, lost: new Set(), leader: 'a', replicas: 3 });
  expect(members.map(({ id }) => programOf(id)).sort()).toEqual(['a', 'b', 'c']);
  const crowded = cellOf(['a', 'a/2', 'b']);
  const better = place({ config: crowded, peers: all, lost: new Set(), leader: 'a', replicas: 3 });
  expect(better.members.map(({ id }) => programOf(id)).sort()).toEqual(['a', 'b', 'c']);
});

test('every move makes the spread better, the number stays odd, and moves end where nothing better is left', () => {
  const random = new Random(7);
  for (let round = 0; round < 500; round++) {
    const programs = [...'abcdefghi'].slice(0, random.between(1, 9));
    const zones = random.between(1, 4);
    const hosts = random.between(1, 4);
    const seats = random.between(1, 3);
    const words = programs.flatMap((program) => {
      const stand = `z${random.between(1, zones)}/h${random.between(1, hosts)}`;
      return Array.from({ length: seats }, (_, i) => `${i === 0 ? program : seatName(program, i + 1)}:${stand}`);
    });
    const all = peers(words.join(' '));
    const replicas = random.pick([1, 3, 5, 7]);
    let config = cellOf([programs[0]!]);
    let spread = spreadOf([all[0]!]);
    for (let moves = 0; ; moves++) {
      expect(moves, words.join(' ')).toBeLessThan(9);
      const { members } = place({ config, peers: all, lost: new Set(), leader: config.members[0]!.id, replicas });
      const next = spreadOf(all.filter(({ id }) => members.some((member) => member.id === id)));
      expect(members.length % 2).toBe(1);
      const isSame = members.every(({ id }) => config.members.some((member) => member.id === id));
      if (isSame && members.length === config.members.length) break;
      expect(compareSpreads(next, spread)).toBeGreaterThanOrEqual(members.length > config.members.length ? 0 : 1);
      [config, spread] = [{ ...config, members }, next];
    }
    const could = spreadOf(all);
    const size = config.members.length;
    expect(spread).toEqual({
      zones: Math.min(size, could.zones),
      hosts: Math.min(size, could.hosts),
      programs: Math.min(size, could.programs),
    });
    expect(crowding(config.members, all)).toEqual([]);
  }
});

test('nothing better than the best is found', () => {
  expect(betterSpread(peers('a:x/1 b:y/1'), peers('c:x/2 d:y/3'))).toBeUndefined();
});

test('what stands together although it need not is named', () => {
  const all = peers('a:x/1 b:x/1 c:y/2 d:z/3');
  const members = cellOf(['a', 'b', 'c']).members;
  expect(crowding(members, all)).toEqual([
    'a and b share zone x, while peers run in 3 zones',
    'a and b share host 1, while peers run on 3 hosts',
  ]);
  expect(crowding(cellOf(['a', 'b']).members, peers('a:/ b:/'))).toEqual([]);
  expect(crowding(cellOf(['a', 'a/2', 'b']).members, peers('a:x/1 a/2:x/1 b:x/1 b/2:x/1 c:x/1'))).toEqual([
    'a and a/2 share program a, while 3 programs run',
  ]);
});
