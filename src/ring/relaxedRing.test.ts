import { expect, test } from 'vitest';
import type { Contact } from './contact.ts';
import type { RingMessage } from './messages.ts';
import { RelaxedRing } from './relaxedRing.ts';
import { Suspects } from './suspects.ts';

function at(id: string): Contact {
  return { id, address: `${id}:1` };
}

/** One peer, h, between two others, and what it says to whom. */
function peer() {
  const said: { readonly to: string; readonly message: RingMessage }[] = [];
  const clock = { nowMs: 0 };
  const effects = {
    send: (to: string, message: RingMessage) => void said.push({ to: to.slice(0, 1), message }),
    nowMs: () => clock.nowMs,
    silentMs: 3_500,
    unheardMs: 20_000,
    moved: () => undefined,
  };
  const suspects = new Suspects(at('h'), effects.nowMs);
  const ring = new RelaxedRing(at('h'), suspects, effects);
  ring.neighbours.follow(at('p'), []);
  const hears = (message: RingMessage, from: string): boolean => ring.receive(message, `${from}:1`);
  const stabilise = (from: string, before: string): boolean =>
    hears({ kind: 'stabilise', self: at(from), predecessor: at(before) }, from);
  stabilise('d', 'a');
  said.length = 0;
  return { ring, suspects, clock, said, hears, stabilise };
}

const kinds = (said: readonly { readonly to: string; readonly message: RingMessage }[]): string[] =>
  said.map(({ to, message }) => `${message.kind} ${to}`);

test('who has no successor lets nobody join', () => {
  const { ring, said, hears } = peer();
  ring.lose(at('p'));
  said.length = 0;
  hears({ kind: 'join', self: at('f') }, 'f');
  expect(kinds(said)).toEqual(['tryLater f']);
  expect(ring.neighbours.predecessor).toEqual(at('d'));
});

test('a joiner is told once more of its predecessor where it did not hear the answer', () => {
  const { said, hears } = peer();
  for (let i = 0; i < 2; i++) hears({ kind: 'join', self: at('f') }, 'f');
  const answers = said.filter(({ message }) => message.kind === 'joinOk');
  expect(answers).toMatchObject([{ message: { predecessor: at('d') } }, { message: { predecessor: at('d') } }]);
});

test('a predecessor that is lost is not replaced before somebody else asks for its place', () => {
  const { ring, suspects, said, hears, stabilise } = peer();
  hears({ kind: 'adopt', self: at('c') }, 'c');
  suspects.add(at('d'));
  ring.lose(at('d'));
  expect(ring.neighbours.predecessor).toEqual(at('d'));
  stabilise('c', 'a');
  expect(ring.neighbours.predecessor).toEqual(at('c'));
  expect(kinds(said)).toEqual(['adopted c', 'neighbours c']);
});

test('a suspicion that was wrong changes nothing: the predecessor keeps its place as soon as it is heard', () => {
  const { ring, suspects, stabilise } = peer();
  suspects.add(at('d'));
  ring.lose(at('d'));
  suspects.heard('d:1');
  stabilise('c', 'a');
  expect(ring.neighbours.predecessor).toEqual(at('d'));
});

test('who leaves brings those on either side together, and holds nothing any more', () => {
  const { ring, said, hears } = peer();
  hears({ kind: 'leaving', self: at('d'), predecessor: at('b'), successors: [at('h'), at('p')] }, 'd');
  expect(ring.neighbours.predecessor).toEqual(at('b'));
  hears({ kind: 'leaving', self: at('p'), predecessor: at('h'), successors: [at('s'), at('b')] }, 'p');
  expect(kinds(said)).toEqual(['adopt s']);
  hears({ kind: 'adopted', self: at('s'), successors: [at('b')] }, 's');
  expect(ring.neighbours.successor).toEqual(at('s'));
  ring.leave();
  expect(kinds(said).slice(-2).sort()).toEqual(['leaving b', 'leaving s']);
  expect(ring.neighbours.holds('g')).toBe(false);
});

test('those on a branch are told of whoever takes a place nearer to them', () => {
  const { said, hears, stabilise } = peer();
  stabilise('c', 'a');
  said.length = 0;
  hears({ kind: 'join', self: at('f') }, 'f');
  expect(kinds(said)).toEqual(['hint c', 'joinOk f']);
});

test('of two on a branch that cannot talk the nearer one is told who stands before it', () => {
  const { said, stabilise } = peer();
  // d says that it holds what lies behind a, which c holds too.
  stabilise('c', 'b');
  expect(said[0]).toMatchObject({ to: 'd', message: { kind: 'vouched', whom: at('c') } });
});

test('one that others vouch for keeps what lies before it, until nobody does for long', () => {
  const { ring, clock, stabilise } = peer();
  ring.vouch({ whom: at('f'), beside: [], hops: 0 });
  expect(ring.neighbours.predecessor).toEqual(at('f'));
  clock.nowMs = 15_000;
  stabilise('d', 'a');
  expect(ring.neighbours.predecessor).toEqual(at('f'));
  expect(ring.silentPredecessor).toEqual(at('f'));
  clock.nowMs = 25_000;
  stabilise('d', 'a');
  expect(ring.neighbours.predecessor).toEqual(at('d'));
});

test('a key that its asker cannot bring to the holder goes on along the branch, and then to the successor', () => {
  const { ring, hears, stabilise } = peer();
  stabilise('c', 'a');
  hears({ kind: 'ping', self: at('x') }, 'x');
  expect(ring.next('b', true, [])).toEqual({ to: at('c'), isLast: true });
  hears({ kind: 'ping', self: at('c') }, 'c');
  expect(ring.next('b', true, [])).toEqual({ to: at('d'), isLast: true });
  hears({ kind: 'ping', self: at('d') }, 'd');
  expect(ring.next('d', true, [])).toEqual({ to: at('p'), isLast: true });
});

test('a question does not go to one of a branch that it came over already, but on to the successor', () => {
  const { ring, hears, stabilise } = peer();
  stabilise('c', 'a');
  hears({ kind: 'ping', self: at('x') }, 'x');
  expect(ring.next('b', true, ['c:1', 'x:1'])).toEqual({ to: at('d'), isLast: true });
  expect(ring.next('b', true, ['d:1', 'h:1', 'c:1', 'x:1'])).toEqual({ to: at('p'), isLast: true });
});
