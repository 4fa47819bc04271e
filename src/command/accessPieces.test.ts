import { expect, test } from 'vitest';
import { encode } from '../base/index.ts';
import { answerBytesMax } from '../state/index.ts';
import { messageBytesMax } from '../world/index.ts';
import { accessMessage } from './accessMessages.ts';
import { piecesOf } from './accessPieces.ts';

function answersOf(lengths: readonly number[]) {
  const answers = lengths.map((length, id) => ({ id, result: new Uint8Array(length) }));
  return { kind: 'answers', cell: '1', reader: 'r', answers } as const;
}

test('large answers travel apart, each in a message that fits, and none is lost', () => {
  const lengths = [answerBytesMax, 10, 3_000_000, 3_000_000, answerBytesMax, answerBytesMax, 5];
  const pieces = piecesOf(answersOf(lengths));
  expect(pieces.length).toBeGreaterThan(1);
  for (const piece of pieces) expect(encode(accessMessage, piece).length).toBeLessThan(messageBytesMax);
  const ids = pieces.flatMap((piece) => (piece.kind === 'answers' ? piece.answers.map(({ id }) => id) : []));
  expect(ids).toEqual(lengths.map((_, id) => id));
});

test('what fits travels as it is', () => {
  const message = answersOf([1, 2, 3]);
  expect(piecesOf(message)).toEqual([message]);
  expect(piecesOf(message)[0]).toBe(message);
});
