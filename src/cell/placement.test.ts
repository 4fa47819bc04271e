import { describe, expect, test } from 'vitest';
import type { PeerInfo, PeerStatus } from '../overlay/index.ts';
import { place } from './placement.ts';

/** Peers by their letters, which are their seats; a mark behind a letter gives its status. */
function peers(text: string): PeerInfo[] {
  const marks: Readonly<Record<string, PeerStatus>> = { '?': 'suspected', '+': 'dead', '-': 'leaving', '.': 'left' };
  return [...text.matchAll(/([a-z])([?+.-]?)/g)].map(([, id = '', mark = '']) => ({
    id,
    name: id,
    address: `${id}:1`,
    redis: '',
    http: '',
    seat: id,
    status: marks[mark] ?? 'alive',
    statement: 0,
    life: 0,
    cut: 0,
    zone: '',
    host: '',
  }));
}

function placed(members: string, all: string, options: { lost?: string; leader?: string; replicas?: number } = {}) {
  const config = {
    cell: '1',
    epoch: 1,
    from: '',
    to: undefined,
    members: [...members].map((id) => ({ id, address: `${id}:1` })),
    degrees: [],
  };
  const lost = new Set(options.lost ?? '');
  const { leader = members[0]!, replicas = 3 } = options;
  const { members: wanted, learners } = place({ config, peers: peers(all), lost, leader, replicas });
  const names = (list: readonly { readonly id: string }[]) =>
    list
      .map(({ id }) => id)
      .sort()
      .join('');
  return `${names(wanted)}/${names(learners)}`;
}

describe('a cell grows as peers join', () => {
  test.each([
    ['a', 'a', 'a/'],
    ['a', 'ab', 'a/b'],
    ['a', 'abc', 'abc/bc'],
    ['abc', 'abcd', 'abc/'],
    ['abc', 'abcde', 'abc/'],
  ])('members %s of peers %s: %s', (members, all, expected) => expect(placed(members, all)).toBe(expected));

  test('to the degree that the policy asks for', () => {
    expect(placed('abc', 'abcd', { replicas: 5 })).toBe('abc/d');
    expect(placed('abc', 'abcde', { replicas: 5 })).toBe('abcde/de');
  });

  test('clockwise from the home seat, the highest of the range', () => {
    expect(placed('c', 'abcdef')).toBe('acf/af');
  });
});

describe('death never makes a cell smaller', () => {
  test('the dead stay members until they are lost', () => expect(placed('abc', 'abc+d')).toBe('abc/'));
  test('who is lost is replaced', () => expect(placed('abc', 'abc+d', { lost: 'c' })).toBe('abd/d'));
  test('unless nobody is there to replace it', () => expect(placed('abc', 'abc+', { lost: 'c' })).toBe('abc/'));
  test('who is only suspected gets no new duty', () => expect(placed('abc', 'abc+d?', { lost: 'c' })).toBe('abc/'));
});

describe('leaving makes it smaller where nobody takes the place', () => {
  test('another takes the place', () => expect(placed('abc', 'abc-d')).toBe('abd/d'));
  test('two that remain are one voter and one copy', () => expect(placed('abc', 'abc-', { leader: 'b' })).toBe('b/'));
  test('but it waits for one who may come back and take the place', () => {
    expect(placed('abc', 'abc-d+', { leader: 'b' })).toBe('abc/');
    expect(placed('abc', 'abc-d?', { leader: 'b' })).toBe('abc/');
  });
  test('and waits no more for one who has been dead for long', () => {
    expect(placed('abc', 'abc-d+', { leader: 'b', lost: 'd' })).toBe('b/');
  });
  test('the last voter hands over to the copy', () => expect(placed('a', 'a-b')).toBe('b/b'));
  test('the last peer cannot hand over', () => expect(placed('a', 'a-')).toBe('a/'));
});
