import { expect, test } from 'vitest';
import { Random } from '../base/index.ts';
import { Progress } from './progress.ts';

test('two ways to the same operations have one text, and different operations have different texts', () => {
  const random = new Random(1);
  for (let round = 0; round < 200; round++) {
    const isOptional = Array.from({ length: 12 }, () => random.chance(0.3));
    const texts = new Map<string, string>();
    const progress = new Progress(isOptional);
    const taken = new Set<number>();
    for (let move = 0; move < 60; move++) {
      const index = random.below(isOptional.length);
      if (taken.delete(index)) progress.giveBack(index);
      else {
        taken.add(index);
        progress.take(index);
      }
      const set = [...taken].sort((a, b) => a - b).join(',');
      expect(texts.get(progress.text()) ?? set).toBe(set);
      texts.set(progress.text(), set);
    }
    expect(new Set(texts.values()).size).toBe(texts.size);
  }
});
